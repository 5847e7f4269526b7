// The map beside a form of the desk: work list, map, form. Every page works without this file.
import { Drawing } from "./desk-drawing.js";
import { Ground } from "./desk-ground.js";
import { History } from "./desk-history.js";
import { keepSquare } from "./map-parts.js";
import { printed } from "./map-print.js";

const WIDTH = "sanquan-map-width";
const [NARROW, WIDE, STEP] = [25, 75, 5];
const part = (id) => document.getElementById(id);
const section = part("land");
const land = JSON.parse(section.dataset.land);
const words = JSON.parse(section.dataset.words);

function say(text) {
  part("land-note").textContent = text;
  part("land-note").hidden = !text;
}

// A piece of another page of the desk, without the name by which it is known there.
async function piece(address, id) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(response.statusText);
  const found = new DOMParser().parseFromString(await response.text(), "text/html").getElementById(id);
  if (!found) throw new Error(id);
  found.removeAttribute("id");
  return document.adoptNode(found);
}

// --- the middle is as wide as somebody wants it, and stays so while the tab is open ---
function widen(percent) {
  const to = Math.min(WIDE, Math.max(NARROW, percent));
  part("three").style.setProperty("--map", `${to}fr`);
  part("three").style.setProperty("--form", `${100 - to}fr`);
  part("three-bar").setAttribute("aria-valuenow", String(to));
  sessionStorage.setItem(WIDTH, String(to));
}

function bar(maps) {
  const edge = part("three-bar");
  const now = () => Number(edge.getAttribute("aria-valuenow"));
  edge.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
    if (!by) return;
    event.preventDefault();
    widen(now() + by);
    maps();
  });
  edge.addEventListener("pointerdown", (event) => edge.setPointerCapture(event.pointerId));
  edge.addEventListener("pointermove", (event) => {
    if (!edge.hasPointerCapture(event.pointerId)) return;
    const from = section.getBoundingClientRect().left;
    const to = part("three").getBoundingClientRect().right;
    widen(Math.round((event.clientX - from) / (to - from) * 100));
    maps();
  });
  return (by) => { widen(now() + by); maps(); };
}

function begin() {
  const ground = new Ground(part("land-now"), land, words, say);
  document.body.classList.add("has-map");
  for (const shown of section.querySelectorAll("[role=toolbar], .land-maps")) shown.hidden = false;
  part("three-bar").hidden = false;
  widen(Number(sessionStorage.getItem(WIDTH) ?? 48));
  const history = new History(ground, land, words, say);
  const maps = () => { ground.map.resize(); history.before?.map.resize(); };
  maps();
  const wider = bar(maps);
  ground.map.fitBounds(land.bounds, { animate: false });
  ground.ready.then(async () => {
    const drawing = new Drawing(ground, land, section.dataset.csrf, words);
    choosing(ground, drawing);
    keys(ground, drawing, wider);
    if (part("differs")) await history.show();
    section.dataset.ready = "yes";
  });
  keepSquare(ground.map, part("land-square"), part("land-square-label"), words);
  printing(ground, history);
  list();
}

// --- a click chooses a parcel, or adds a point while something is drawn ---
function choosing(ground, drawing) {
  const join = part("land-join");
  let chosen = [...land.mine];
  async function card() {
    ground.choose(chosen);
    const things = chosen.slice(0, 20).map((each) => `thing=${each}`).join("&");
    if (join) {
      join.hidden = chosen.length < 2 || String([...chosen].sort()) === String([...land.mine].sort());
      join.href = `/desk/new?kind=parcel-merged&${things}`;
      drawing.parcels = chosen.length ? chosen : land.mine;
      drawing.soon(0);
    }
    if (!chosen.length) return;
    const mine = chosen;
    const told = await piece(`/desk/parcels?${things}`, "parcel-card").catch(() => null);
    if (mine !== chosen) return; // something else was chosen meanwhile: its card comes
    if (!told) {
      say(words.unanswered);
      return;
    }
    part("land-card").replaceChildren(told);
    section.dataset.chosen = chosen.join(" ");
  }
  async function press(point, lonlat, more) {
    if (drawing.tool) {
      drawing.add(lonlat);
      return;
    }
    const hit = ground.at(point);
    if (!hit) return;
    const adds = more || join !== null || part("land-more").getAttribute("aria-pressed") === "true";
    if (!adds) chosen = [hit.id];
    else if (chosen.includes(hit.id)) chosen = chosen.filter((each) => each !== hit.id);
    else chosen = [...chosen, hit.id];
    await card();
  }
  ground.press = press;
  ground.map.on("click", (event) => press(event.point, event.lngLat, event.originalEvent.shiftKey));
  const more = part("land-more");
  more.addEventListener("click", () => more.setAttribute("aria-pressed", String(more.getAttribute("aria-pressed") !== "true")));
  part("land-home").addEventListener("click", () => ground.map.fitBounds(land.bounds, { animate: false }));
  if (!part("parcel-card")) card();
}

// --- by keyboard: the cross in the middle stands for the mouse ---
function keys(ground, drawing, wider) {
  const canvas = ground.map.getCanvas();
  const typing = (at) => at.closest("input, select, textarea") !== null;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
    if (event.key.toLowerCase() === "m") canvas.focus();
    else if (event.key === "[") wider(-STEP);
    else if (event.key === "]") wider(STEP);
  });
  canvas.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      ground.press([canvas.clientWidth / 2, canvas.clientHeight / 2], ground.map.getCenter(), event.shiftKey);
    } else if (event.key === "Backspace" && drawing.tool) {
      event.preventDefault();
      drawing.back();
    }
  });
}

// --- on paper ---
function printing(ground, history) {
  window.addEventListener("beforeprint", () => {
    const shown = part("land-before").hidden ? [ground] : [history.before, ground];
    part("land-printed").replaceChildren(...shown.map((each) => printed(each, words)));
    part("land-printed").hidden = false;
  });
  window.addEventListener("afterprint", () => { part("land-printed").hidden = true; });
  part("land-print").addEventListener("click", () => window.print());
}

// --- the work list beside it ---
async function list() {
  try {
    const works = await piece("/desk", "worklist");
    works.querySelector(`a[href='${location.pathname}']`)?.setAttribute("aria-current", "page");
    part("three-list").replaceChildren(works);
    part("three-list").hidden = false;
    part("three").classList.add("listed");
  } catch {
    part("three-list").hidden = true;
  }
}

try {
  begin();
} catch {
  say(words.no_map);
}
