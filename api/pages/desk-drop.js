// A delivery is dropped on the form: a zip, or a folder with everything below it. Without this file it is picked in the form's fields.
"use strict";

(() => {
  const form = document.getElementById("drop"), told = document.getElementById("dropped");

  const entries = (reader) => new Promise((done, failed) => reader.readEntries(done, failed));
  const file = (entry) => new Promise((done, failed) => entry.file(done, failed));

  async function below(entry, path, into) {
    if (entry.isFile) {
      into.push([await file(entry), path + entry.name]);
      return;
    }
    const reader = entry.createReader();
    for (let some = await entries(reader); some.length; some = await entries(reader)) {
      for (const each of some) await below(each, `${path}${entry.name}/`, into);
    }
  }

  async function send(files) {
    told.textContent = `${files.length} …`;
    const sent = new FormData();
    sent.append("csrf", form.elements.csrf.value);
    for (const each of files) sent.append("files", ...each);
    const last = form.elements.last.files[0];
    if (last) sent.append("last", last);
    const answer = await fetch(form.action, { method: "POST", body: sent });
    if (answer.redirected) {
      location.assign(answer.url);
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.getElementById("main").replaceWith(page.getElementById("main"));
  }

  form.addEventListener("dragover", (event) => { event.preventDefault(); form.classList.add("over"); });
  form.addEventListener("dragleave", () => form.classList.remove("over"));
  form.addEventListener("drop", async (event) => {
    event.preventDefault();
    form.classList.remove("over");
    // What was dropped is gone after the first wait.
    const dropped = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
    const files = [];
    for (const each of dropped) await below(each, "", files);
    if (files.length) await send(files);
  });
})();
