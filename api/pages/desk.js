// The desk by keyboard, and answers without a new page where htmx is there. Every page works without this file.
"use strict";

const typing = (at) => at.closest("input, select, textarea") !== null;

const links = () => [...document.querySelectorAll("a.work")];

function step(by) {
  const all = links();
  const now = all.indexOf(document.activeElement);
  const next = all[Math.min(all.length - 1, Math.max(0, now < 0 ? 0 : now + by))];
  if (next) next.focus();
}

const keys = {
  "?": () => { const table = document.getElementById("keys"); table.open = !table.open; table.querySelector("summary").focus(); },
  j: () => step(1),
  k: () => step(-1),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "F2") {
    event.preventDefault();
    document.getElementById("asked").focus();
  } else if (event.key === "F9") {
    event.preventDefault();
    const open = document.querySelector("details[open] [data-key=F9], form:not(details form) [data-key=F9]");
    if (open) open.click();
  } else if (event.key === "Escape") {
    document.activeElement.blur();
  } else if (!typing(event.target) && keys[event.key]) {
    event.preventDefault();
    keys[event.key]();
  }
});
