"use strict";
/* Reads the code on a paper with the camera, where the browser can: it needs BarcodeDetector and a camera that may be used. The button
   is not there where it can't, and pasting works everywhere. No picture is kept, nothing leaves the page. */
(() => {
  const button = document.getElementById("camera"), view = document.getElementById("view");
  const EVERY_MS = 200;
  let stream = null;

  function stop() {
    if (stream) stream.getTracks().forEach((track) => track.stop());
    stream = null;
    view.srcObject = null;
    view.hidden = true;
  }

  async function look(detector) {
    while (stream) {
      const [found] = await detector.detect(view).catch(() => []);
      if (found) {
        stop();
        const text = document.getElementById("text");
        text.value = found.rawValue;
        text.dispatchEvent(new Event("input", { bubbles: true }));
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  }

  async function begin() {
    if (stream) {
      stop();
      return;
    }
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      button.hidden = true; // refused, or taken by another program: pasting is still there
      return;
    }
    view.srcObject = stream;
    view.hidden = false;
    await view.play();
    await look(new BarcodeDetector({ formats: ["qr_code"] }));
  }

  async function offer() {
    if (!("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return;
    const formats = await BarcodeDetector.getSupportedFormats().catch(() => []);
    button.hidden = !formats.includes("qr_code");
  }

  button.addEventListener("click", begin);
  window.addEventListener("pagehide", stop);
  offer();
})();
