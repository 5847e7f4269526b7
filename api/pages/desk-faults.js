// A fault that is picked lies in the middle of the map; the wheel and a drag move it. Without this file each fault is a link that shows it.
"use strict";

(() => {
  const svg = document.getElementById("fault-map");
  if (!svg) return;
  const around = Number(svg.dataset.around);
  const marks = [...svg.querySelectorAll(".mark")];
  const view = svg.getAttribute("viewBox").split(" ").map(Number);

  function show() {
    svg.setAttribute("viewBox", view.join(" "));
    for (const mark of marks) {
      const circles = [...mark.querySelectorAll("circle")];
      circles.forEach((circle, at) => circle.setAttribute("r", (at === circles.length - 1 ? 0.012 : 0.006) * view[2]));
    }
  }

  function zoom(link) {
    document.querySelectorAll(".fault-list li.lit, .mark.lit").forEach((lit) => lit.classList.remove("lit"));
    link.closest("li").classList.add("lit");
    svg.querySelector(`.mark[data-n="${link.dataset.n}"]`).classList.add("lit");
    view.splice(0, 4, link.dataset.x - around, link.dataset.y - around, 2 * around, 2 * around);
    show();
    history.replaceState(null, "", link.href);
  }

  document.querySelectorAll(".fault-list a[data-x]").forEach((link) => link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    zoom(link);
  }));
  marks.forEach((mark) => mark.addEventListener("click", () => {
    const link = document.querySelector(`.fault-list a[data-n="${mark.dataset.n}"]`);
    zoom(link);
    link.scrollIntoView({ block: "center" });
  }));
  movesView(svg, view, show);
})();
