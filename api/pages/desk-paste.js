// A block from Excel ticks the parcels of a list and fills in their areas; a row that fits none is named. Every list is ticked by hand as well.
"use strict";

document.querySelectorAll("fieldset.choice[data-unmatched]").forEach((list) => {
  const box = document.createElement("textarea"), told = document.createElement("p");
  box.rows = 2;
  box.placeholder = list.dataset.paste;
  box.setAttribute("aria-label", list.dataset.paste);
  told.setAttribute("role", "status");
  told.className = "warn";
  told.hidden = true;
  list.append(box, told);
  const ticks = [...list.querySelectorAll("input[type=checkbox]")];
  const codes = new Map(ticks.map((tick) => [tick.parentElement.textContent.trim().split(/[\s·]+/)[0], tick]));

  box.addEventListener("input", () => {
    const rows = box.value.split(/\r?\n/).map((row) => row.split("\t").map((cell) => cell.trim())).filter((row) => row.some(Boolean));
    const left = [];
    if (rows.length) ticks.forEach((tick) => { tick.checked = false; });
    rows.forEach((row, at) => {
      const code = row.find((cell) => codes.has(cell));
      if (!code) {
        left.push(at + 1);
        return;
      }
      codes.get(code).checked = true;
      const areas = codes.get(code).closest(".line") ? [...codes.get(code).closest(".line").querySelectorAll("input:not([type=checkbox])")] : [];
      const numbers = row.filter((cell) => cell !== code && /^[\d,]+(\.\d+)?$/.test(cell));
      areas.slice(0, numbers.length).forEach((area, n) => { area.value = numbers[n].replaceAll(",", ""); });
    });
    told.hidden = !left.length;
    told.textContent = left.length ? `${list.dataset.unmatched} ${left.join(", ")}` : "";
  });
});
