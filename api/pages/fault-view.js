// The wheel and a drag move what a drawing of faults shows: `view` is its viewBox, four numbers, changed in place; `show` draws it anew.
"use strict";

function movesView(svg, view, show) {
  svg.addEventListener("wheel", (event) => {
    event.preventDefault();
    const by = event.deltaY > 0 ? 1.25 : 0.8, box = svg.getBoundingClientRect();
    const fx = (event.clientX - box.left) / box.width, fy = (event.clientY - box.top) / box.height;
    view[0] += view[2] * fx * (1 - by);
    view[1] += view[3] * fy * (1 - by);
    view[2] *= by;
    view[3] *= by;
    show();
  }, { passive: false });
  let held = null;
  svg.addEventListener("pointerdown", (event) => { held = [event.clientX, event.clientY]; });
  svg.addEventListener("pointermove", (event) => {
    if (!held) return;
    const box = svg.getBoundingClientRect(), scale = Math.max(view[2] / box.width, view[3] / box.height);
    view[0] -= (event.clientX - held[0]) * scale;
    view[1] -= (event.clientY - held[1]) * scale;
    held = [event.clientX, event.clientY];
    show();
  });
  addEventListener("pointerup", () => { held = null; });
}
