// Which parcels lie in view, whose are they lit for, and how far is it from the pasture to the town?
// Everything comes from this machine: the style is the page's own, there are no tiles and no glyphs. Text on the map
// is HTML. What a registry says is set as text, never as markup.
"use strict";

(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const empty = { type: "FeatureCollection", features: [] };
  const note = document.getElementById("note");
  const PIXEL_RATIO = 2;
  const RADIUS_M = 6378137;

  function say(text) {
    note.textContent = text;
    note.hidden = !text;
  }

  let map;
  try {
    map = new maplibregl.Map({
      container: "map",
      style: { version: 8, sources: {}, layers: [] },
      bounds: data.bounds ?? [108.29, 37.64, 109.67, 39.4],
      fitBoundsOptions: { padding: 70 },
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      maxZoom: 20,
      fadeDuration: 0,
    });
  } catch (error) {
    say("这台机器画不出地图，请看列表。 This machine cannot draw the map: see the list.");
    return;
  }
  map.touchZoomRotate.disableRotation();
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new maplibregl.ScaleControl({ maxWidth: 140, unit: "metric" }), "bottom-left");
  document.body.classList.add("has-map");

  const family = data.family;
  const lit = new Set(family.map((feature) => feature.id));
  let shown = [];

  // --- patterns: the same tiles as on paper, drawn on a canvas twice as fine as the screen ---
  function image(svg) {
    return new Promise((resolve, reject) => {
      const picture = new Image();
      picture.onload = () => {
        const canvas = document.createElement("canvas");
        canvas.width = picture.width * PIXEL_RATIO;
        canvas.height = picture.height * PIXEL_RATIO;
        const pen = canvas.getContext("2d");
        pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
        resolve(pen.getImageData(0, 0, canvas.width, canvas.height));
      };
      picture.onerror = reject;
      picture.src = "data:image/svg+xml," + encodeURIComponent(svg);
    });
  }

  // --- parcels of what is in view ---
  let asked = 0;
  async function load() {
    const mine = ++asked;
    const box = map.getBounds();
    const sides = [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()].map((side) => side.toFixed(6));
    let answer = { features: [], too_many: 0 };
    try {
      if (!data.alone) {
        const response = await fetch("/map/parcels.geojson?bbox=" + sides.join(","));
        if (!response.ok) throw new Error(response.statusText);
        answer = await response.json();
        say(answer.too_many
          ? `这里有 ${answer.too_many} 块地，放大后显示。 ${answer.too_many} parcels here: zoom in to see them.` : "");
      }
    } catch {
      say("没有读到地块，动一动地图再试。 The parcels could not be read: move the map to try again.");
    }
    if (mine !== asked) return;
    shown = answer.features.filter((feature) => !lit.has(feature.id)).concat(family);
    // Larger parcels below: a house plot inside a pasture stays visible.
    shown.sort((a, b) => Number(b.properties.area_m2) - Number(a.properties.area_m2));
    map.getSource("parcels").setData({ type: "FeatureCollection", features: shown });
    map.once("idle", () => { document.body.dataset.drawn = String(shown.length); });
  }

  // --- the 100 亩 square, to feel sizes by ---
  const square = document.getElementById("square");
  function drawSquare() {
    const latitude = map.getCenter().lat * Math.PI / 180;
    const metresAPixel = 2 * Math.PI * RADIUS_M * Math.cos(latitude) / (512 * 2 ** map.getZoom());
    let mu = 100;
    const side = () => Math.sqrt(mu * 2000 / 3) / metresAPixel;
    while (side() < 5) mu *= 10;
    while (side() > 56 && mu > 0.1) mu /= 10;
    const pixels = side();
    square.setAttribute("width", pixels + 2);
    square.setAttribute("height", pixels + 2);
    document.getElementById("square-side").setAttribute("width", pixels);
    document.getElementById("square-side").setAttribute("height", pixels);
    const metres = Math.round(Math.sqrt(mu * 2000 / 3)).toLocaleString("en");
    document.getElementById("square-label").textContent =
      `这么大是 ${mu.toLocaleString("en")} 亩 (${metres} m × ${metres} m)`;
    square.removeAttribute("hidden");
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

  function middleOf(features) {
    const box = boundsOf(features);
    return box && [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
  }

  function boundsOf(features) {
    let box = null;
    const visit = (part) => {
      if (typeof part[0] === "number") {
        box = box
          ? [Math.min(box[0], part[0]), Math.min(box[1], part[1]), Math.max(box[2], part[0]), Math.max(box[3], part[1])]
          : [part[0], part[1], part[0], part[1]];
      } else {
        part.forEach(visit);
      }
    };
    features.forEach((feature) => visit(feature.geometry.coordinates));
    return box;
  }

  // --- for everybody: rough outlines of villages, and where the towns are ---
  function showOutlines() {
    const fill = { "fill-color": "#5b4a7a", "fill-opacity": 0.16 };
    map.addLayer({ id: "villages-fill", type: "fill", source: "villages", paint: fill }, "villages-line");
    map.setPaintProperty("villages-line", "line-width", 1);
    map.setPaintProperty("villages-line", "line-dasharray", [1, 0]);
    fetch(data.outlines).then((response) => response.json()).then((answer) => {
      const features = answer.features.filter((feature) => feature.geometry);
      map.getSource("villages").setData({ type: "FeatureCollection", features });
      map.once("idle", () => { document.body.dataset.outlines = String(features.length); });
    }).catch(() => say("没有读到轮廓，刷新再试。 The outlines could not be read: reload to try again."));
    data.towns.forEach((town) => label("town-name", town.name, "", town.lonlat, "center"));
  }

  function journey() {
    if (!data.town || !family.length) return empty;
    const from = middleOf([family.reduce((a, b) =>
      Number(a.properties.area_m2) >= Number(b.properties.area_m2) ? a : b)]);
    // Towards the land, so that it never runs past the edge.
    const side = data.town.lonlat[0] > from[0] ? "bottom-right" : "bottom-left";
    label("end", "户口在这里", data.town.name + " (示意)", data.town.lonlat, side, [0, -8]);
    label("end", "地在那里", "", from, "top", [0, 8]);
    const geometry = { type: "LineString", coordinates: [from, data.town.lonlat] };
    return { type: "FeatureCollection", features: [{ type: "Feature", properties: {}, geometry }] };
  }

  // --- what a parcel says when it is clicked ---
  function day(text) {
    const [year, month, date] = text.split("-").map(Number);
    return date ? `${year}年${month}月${date}日` : text;
  }

  function line(parent, tag, text) {
    const element = document.createElement(tag);
    element.textContent = text;
    parent.append(element, document.createElement("br"));
  }

  function area(text) {
    const [whole, rest] = text.split(".");
    return Number(whole).toLocaleString("en") + (rest ? "." + rest : "");
  }

  // Who lies beside it, masked as the reader's role has it; asked for one parcel when it is clicked. A family reads theirs on /my.
  const SIDES = [["east", "东"], ["south", "南"], ["west", "西"], ["north", "北"]];
  async function neighbours(code) {
    const read = async (path) => {
      const response = await fetch(path);
      if (!response.ok) throw new Error(response.statusText);
      return response.json();
    };
    const found = await read("/v1/parcels?code=" + encodeURIComponent(code));
    if (found.features.length !== 1) return "";
    const told = await read(`/v1/parcels/${found.features[0].id}/neighbours`);
    return SIDES.map(([side, zh]) => {
      const there = told.derived[side].map((one) => one.text).join("、") || told.recorded[side];
      return there ? `${zh} ${there}` : "";
    }).filter(Boolean).join("，");
  }

  function tell(feature, lonlat) {
    const said = feature.properties;
    const box = document.createElement("div");
    line(box, "b", `${said.zh} ${area(said.area_mu)} 亩`);
    line(box, "span", `${said.en} · ${area(said.area_m2)} m²`);
    for (const right of said.rights) {
      const [start, end] = right.term;
      const term = end ? `到${day(end)}${right.extension_due ? "，到期接着包" : ""}` : (start ? `${day(start)}起` : "没有期限");
      line(box, "span", `${right.zh} ${term}${right.let ? "，已流转" : ""}`);
    }
    if (!said.rights.length) line(box, "span", "没有登记权利 no right registered");
    line(box, "span", said.restricted ? "有限制 restricted" : "没有限制 no restriction");
    const beside = document.createElement("span");
    beside.className = "beside";
    box.append(beside);
    line(box, "small", `${said.village} ${said.code}`);
    if (!data.alone) {
      neighbours(said.code).then((text) => { if (text) line(beside, "span", `四至 neighbours: ${text}`); })
        .catch(() => line(beside, "span", "四至没有读到。 The neighbours could not be read."));
    }
    new maplibregl.Popup({ maxWidth: "320px" }).setLngLat(lonlat).setDOMContent(box).addTo(map);
  }

  map.on("load", async () => {
    await Promise.all(Object.entries(data.tiles).map(async ([id, svg]) =>
      map.addImage(id, await image(svg), { pixelRatio: PIXEL_RATIO })));
    map.addSource("parcels", { type: "geojson", data: empty, tolerance: 0.1 });
    map.addSource("villages", { type: "geojson", data: empty });
    map.addSource("journey", { type: "geojson", data: journey() });
    data.layers.forEach((layer) => map.addLayer(layer));
    if (data.outlines) showOutlines();
    if (family.length) {
      const pale = ["case", ["get", "highlighted"], 1, 0.4];
      map.setPaintProperty("parcels-fill", "fill-opacity", pale);
      map.setPaintProperty("parcels-pattern", "fill-opacity", pale);
      map.setPaintProperty("parcels-line", "line-opacity", pale);
    }
    const paint = { "line-color": data.highlight, "line-width": 3, "line-dasharray": [2, 1.5] };
    map.addLayer({ id: "journey", type: "line", source: "journey", paint });
    data.villages.forEach((village) => {
      const [west, , east, north] = village.bounds;
      label("village-name", village.name, "", [(west + east) / 2, north], "bottom");
    });
    map.on("moveend", load);
    map.on("move", drawSquare);
    if (!data.outlines) {
      map.on("click", "parcels-fill", (event) => {
        // Parcels on top of one another: the smallest is meant.
        const codes = new Set(event.features.map((feature) => feature.properties.code));
        const hit = shown.filter((feature) => codes.has(feature.id)).pop();
        if (hit) tell(hit, event.lngLat);
      });
      map.on("mouseenter", "parcels-fill", () => { map.getCanvas().style.cursor = "pointer"; });
      map.on("mouseleave", "parcels-fill", () => { map.getCanvas().style.cursor = ""; });
    }
    drawSquare();
    await load();
  });

  // --- the list and the map are one ---
  document.querySelectorAll(".parcels li").forEach((item) => {
    item.addEventListener("click", () => {
      const hit = data.listed[item.dataset.code];
      if (hit) map.fitBounds(hit, { padding: 120, maxZoom: 17 });
    });
  });
  const button = document.getElementById("family");
  if (button && family.length) {
    button.hidden = false;
    button.addEventListener("click", () => map.fitBounds(boundsOf(family), { padding: 70, maxZoom: 16 }));
  }
})();
