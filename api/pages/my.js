"use strict";
// Beside the page, never instead of it: larger letters, and the page read aloud where the device has a voice for it.
(() => {
  const tools = document.getElementById("tools");
  if (!tools) return;
  tools.hidden = false;
  const larger = document.getElementById("larger"), root = document.documentElement;
  const keep = (on) => { try { localStorage.setItem("larger", on ? "1" : ""); } catch { /* a browser that keeps nothing */ } };
  const kept = () => { try { return localStorage.getItem("larger") === "1"; } catch { return false; } };
  root.classList.toggle("larger", kept());
  larger.addEventListener("click", () => keep(root.classList.toggle("larger")));

  const aloud = document.getElementById("aloud"), voice = window.speechSynthesis;
  if (!voice) { aloud.hidden = true; return; }
  const begin = aloud.textContent;
  const rest = () => { aloud.textContent = begin; };
  aloud.addEventListener("click", () => {
    if (voice.speaking) { voice.cancel(); rest(); return; }
    const said = new SpeechSynthesisUtterance(document.getElementById("read").innerText);
    said.lang = root.lang; said.rate = 0.9; said.onend = rest;
    voice.speak(said);
    aloud.textContent = aloud.dataset.stop;
  });
})();
