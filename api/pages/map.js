// Which parcels lie in view, whose are they lit for, and how far is it from the pasture to the town?
// Everything comes from this machine. Text on the map is HTML, in the reader's language; what a registry says is set as text,
// never as markup.
import { addPatterns, boundsOf, EMPTY, keepSquare, mapIn, middleOf } from "/scripts/map-parts.js";
import { printed } from "/scripts/map-print.js";

const part = (id) => document.getElementById(id);
const box = part("map");
const land = JSON.parse(box.dataset.land);
const words = JSON.parse(box.dataset.words);
const family = land.family;
const lit = new Set(family.map((feature) => feature.id));
const collection = (features) => ({ type: "FeatureCollection", features });
const [DOT, EDGE] = [5, 8];
let map;
let shown = [];
let asked = 0;
let outlined = 0;

function say(text) {
  part("note").textContent = text;
  part("note").hidden = !text;
}

// --- parcels of what is in view ---
async function inView() {
  const view = map.getBounds();
  const sides = [view.getWest(), view.getSouth(), view.getEast(), view.getNorth()].map((side) => side.toFixed(6));
  const response = await fetch("/map/parcels.geojson?bbox=" + sides.join(","));
  if (!response.ok) throw new Error(response.statusText);
  return response.json();
}

async function load() {
  const mine = ++asked;
  delete box.dataset.drawn;
  let around = [];
  if (!land.alone) {
    try {
      const answer = await inView();
      around = answer.features;
      say(answer.too_many ? words.too_many.replace("{count}", answer.too_many.toLocaleString("en")) : "");
    } catch {
      say(words.unread);
    }
  }
  if (mine !== asked) return;
  shown = around.filter((feature) => !lit.has(feature.id)).concat(family);
  // Larger parcels below: a house plot inside a pasture stays visible.
  shown.sort((a, b) => Number(b.properties.area_m2) - Number(a.properties.area_m2));
  map.getSource("parcels").setData(collection(shown));
  // What is drawn is told when it is there: a picture is taken of a whole map.
  map.once("idle", () => { if (mine === asked) box.dataset.drawn = String(shown.length + outlined); });
}

// --- words on the map ---
function label(kind, text, small, lonlat, anchor, offset) {
  const element = document.createElement("div");
  element.className = kind;
  element.textContent = text;
  if (small) {
    const more = document.createElement("small");
    more.textContent = " " + small;
    element.append(more);
  }
  return new maplibregl.Marker({ element, anchor, offset }).setLngLat(lonlat).addTo(map);
}

function journey() {
  if (!land.town || !family.length) return EMPTY;
  const largest = family.reduce((a, b) => (Number(a.properties.area_m2) >= Number(b.properties.area_m2) ? a : b));
  const from = middleOf(largest.geometry);
  // Towards the land, so that it never runs past the edge.
  const side = land.town.lonlat[0] > from[0] ? "bottom-right" : "bottom-left";
  label("end", words.here, `${land.town.name} (${words.rough})`, land.town.lonlat, side, [0, -8]);
  label("end", words.there, "", from, "top", [0, 8]);
  const geometry = { type: "LineString", coordinates: [from, land.town.lonlat] };
  return collection([{ type: "Feature", properties: {}, geometry }]);
}

// --- for everybody: rough outlines of villages, and where the towns are ---
async function showOutlines() {
  const fill = { "fill-color": "#5b4a7a", "fill-opacity": 0.16 };
  map.addLayer({ id: "villages-fill", type: "fill", source: "villages", paint: fill }, "villages-line");
  map.setPaintProperty("villages-line", "line-width", 1);
  map.setPaintProperty("villages-line", "line-dasharray", [1, 0]);
  land.towns.forEach((town) => label("town-name", town.name, "", town.lonlat, "left", [-DOT, 0]));
  try {
    const answer = await (await fetch(land.outlines)).json();
    const outlines = answer.features.filter((feature) => feature.geometry);
    map.getSource("villages").setData(collection(outlines));
    outlined = outlines.length;
  } catch {
    say(words.outlines_unread);
  }
}

// --- what a parcel says when it is clicked ---
function day(iso) {
  return new Date(iso).toLocaleDateString(words.locale, { dateStyle: "long", timeZone: "UTC" });
}

function area(text) {
  const [whole, rest] = text.split(".");
  return Number(whole).toLocaleString("en") + (rest ? "." + rest : "");
}

function term(right) {
  const [start, end] = right.term;
  if (end) return words.until.replace("{day}", day(end)) + (right.extension_due ? `, ${words.due}` : "");
  return start ? words.since.replace("{day}", day(start)) : words.no_end;
}

function line(parent, tag, text) {
  const element = document.createElement(tag);
  element.textContent = text;
  parent.append(element, document.createElement("br"));
}

// Who lies beside it, masked as the reader's role has it; asked for one parcel when it is clicked. A family reads theirs on /my.
async function neighbours(code) {
  const read = async (path) => {
    const response = await fetch(path);
    if (!response.ok) throw new Error(response.statusText);
    return response.json();
  };
  const found = await read("/v1/parcels?code=" + encodeURIComponent(code));
  if (found.features.length !== 1) return [];
  const told = await read(`/v1/parcels/${found.features[0].id}/neighbours`);
  return ["east", "south", "west", "north"].map((side) => {
    const there = told.derived[side].map((one) => one.text).join(words.and) || told.recorded[side];
    return there ? `${words[side]} ${there}` : "";
  }).filter(Boolean);
}

function tell(feature, lonlat) {
  const said = feature.properties;
  const told = document.createElement("div");
  line(told, "b", `${said[words.half]} ${area(said.area_mu)} ${words.mu}`);
  line(told, "span", `${area(said.area_m2)} m²`);
  for (const right of said.rights) line(told, "span", `${right[words.half]} ${term(right)}${right.let ? ` · ${words.let}` : ""}`);
  if (!said.rights.length) line(told, "span", words.no_right);
  line(told, "span", said.restricted ? words.restricted : words.free);
  const beside = document.createElement("span");
  beside.className = "beside";
  told.append(beside);
  line(told, "small", `${said.village} ${said.code}`);
  const popup = new maplibregl.Popup({ maxWidth: `${Math.min(320, box.clientWidth - 2 * EDGE)}px` });
  popup.setLngLat(lonlat).setDOMContent(told).addTo(map);
  requestAnimationFrame(() => reveal(popup)); // not before the click has ended, which stops every move
  if (land.alone) return;
  neighbours(said.code).then((sides) => { if (sides.length) line(beside, "span", `${words.four}: ${sides.join(" · ")}`); })
    .catch(() => line(beside, "span", words.sides_unread)).then(() => reveal(popup));
}

// On a phone what is told is as wide as the map: the map moves until it is all there.
function reveal(popup) {
  if (!popup.isOpen()) return;
  const [inner, outer] = [popup.getElement().getBoundingClientRect(), box.getBoundingClientRect()];
  const across = Math.max(0, inner.right + EDGE - outer.right) || Math.min(0, inner.left - EDGE - outer.left);
  const down = Math.max(0, inner.bottom + EDGE - outer.bottom) || Math.min(0, inner.top - EDGE - outer.top);
  if (across || down) map.panBy([across, down]);
}

function clicking() {
  map.on("click", "parcels-fill", (event) => {
    // Parcels on top of one another: the smallest is meant.
    const codes = new Set(event.features.map((feature) => feature.properties.code));
    const hit = shown.filter((feature) => codes.has(feature.id)).pop();
    if (hit) tell(hit, event.lngLat);
  });
  map.on("mouseenter", "parcels-fill", () => { map.getCanvas().style.cursor = "pointer"; });
  map.on("mouseleave", "parcels-fill", () => { map.getCanvas().style.cursor = ""; });
}

async function draw() {
  await addPatterns(map, land.tiles);
  map.addSource("parcels", { type: "geojson", data: EMPTY, tolerance: 0.1 });
  map.addSource("villages", { type: "geojson", data: EMPTY });
  map.addSource("journey", { type: "geojson", data: journey() });
  land.layers.forEach((layer) => map.addLayer(layer));
  if (land.outlines) await showOutlines();
  else clicking();
  if (family.length) {
    const pale = ["case", ["get", "highlighted"], 1, 0.4];
    map.setPaintProperty("parcels-fill", "fill-opacity", pale);
    map.setPaintProperty("parcels-pattern", "fill-opacity", pale);
    map.setPaintProperty("parcels-line", "line-opacity", pale);
  }
  const paint = { "line-color": land.highlight, "line-width": 3, "line-dasharray": [2, 1.5] };
  map.addLayer({ id: "journey", type: "line", source: "journey", paint });
  land.villages.forEach((village) => {
    // Below its outline, where no town's name stands over it; above its parcels.
    const [west, south, east, north] = village.bounds;
    label("village-name", village.name, "", [(west + east) / 2, land.outlines ? south : north], land.outlines ? "top" : "bottom");
  });
  map.on("moveend", load);
  await load();
}

// --- the list and the map are one, on paper too ---
function listed() {
  document.querySelectorAll(".parcels li").forEach((item) => {
    item.addEventListener("click", () => {
      const hit = land.listed[item.dataset.code];
      if (hit) map.fitBounds(hit, { padding: 120, maxZoom: 17 });
    });
  });
  const button = part("family");
  if (button && family.length) {
    const all = boundsOf({ coordinates: family.map((feature) => feature.geometry.coordinates) });
    button.hidden = false;
    button.addEventListener("click", () => map.fitBounds(all, { padding: 70, maxZoom: 16 }));
  }
  window.addEventListener("beforeprint", () => {
    part("printed").replaceChildren(printed({ map, box }, words));
    part("printed").hidden = false;
  });
  window.addEventListener("afterprint", () => { part("printed").hidden = true; });
}

try {
  map = mapIn(box, words, { bounds: land.bounds ?? [108.29, 37.64, 109.67, 39.4], fitBoundsOptions: { padding: { top: 50, bottom: 90, left: 70, right: 70 } } }); // words and scale stand below
  document.body.classList.add("has-map");
  map.on("load", draw);
  keepSquare(map, part("land-square"), part("land-square-label"), words);
  listed();
} catch {
  say(words.no_map);
}
