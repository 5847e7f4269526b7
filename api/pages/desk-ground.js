// The ground of the desk's maps: the parcels of a day. Words on the map are HTML, set as text.
import { addPatterns, EMPTY, mapIn } from "./map-parts.js";

// One map of one day. `land`: what the page says; `words`: its texts; `say`: where a note goes.
export class Ground {
  constructor(box, land, words, say) {
    this.box = box;
    this.land = land;
    this.words = words;
    this.say = say;
    this.day = land.today;
    this.chosen = new Set(land.mine);
    this.shown = [];
    this.markers = new Map();
    this.asked = 0;
    this.map = mapIn(box, words, { bounds: land.bounds });
    this.ready = new Promise((resolve) => this.map.once("load", resolve)).then(() => this.prepare());
  }

  async prepare() {
    const { map, land } = this;
    await addPatterns(map, land.tiles);
    for (const source of ["parcels", "villages", "parts", "line", "differs"]) {
      map.addSource(source, { type: "geojson", data: EMPTY, tolerance: 0.1 });
    }
    land.layers.forEach((layer) => map.addLayer(layer));
    const thick = { "line-color": "#0b3d91", "line-width": 4, "line-dasharray": [2, 1] };
    map.addLayer({ id: "differs", type: "line", source: "differs", paint: thick });
    map.addLayer({ id: "parts", type: "line", source: "parts", paint: { "line-color": "#111111", "line-width": 2.5 } });
    map.addLayer({ id: "line-casing", type: "line", source: "line", paint: { "line-color": "#ffffff", "line-width": 6 } });
    map.addLayer({ id: "line", type: "line", source: "line", paint: { "line-color": "#111111", "line-width": 2.5, "line-dasharray": [3, 1.5] } });
    const point = { "circle-radius": 4, "circle-color": "#ffffff", "circle-stroke-color": "#111111", "circle-stroke-width": 2 };
    map.addLayer({ id: "points", type: "circle", source: "line", paint: point });
    // A map that still glides is not drawn: whoever waits for it, a picture or a test, would else take a place it passes.
    map.on("movestart", () => { delete this.box.dataset.drawn; });
    map.on("moveend", () => this.load());
    await this.load();
  }

  async load() {
    const mine = ++this.asked;
    const { map } = this;
    delete this.box.dataset.drawn;
    const box = map.getBounds();
    const sides = [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()].map((side) => side.toFixed(6));
    let answer = EMPTY;
    try {
      const response = await fetch(`/desk/map/parcels?bbox=${sides.join(",")}&on=${this.day}`);
      if (!response.ok) throw new Error(response.statusText);
      answer = await response.json();
      this.say(answer.too_many ? this.words.too_many : "");
    } catch {
      this.say(this.words.unread);
    }
    if (mine !== this.asked) return;
    this.shown = answer.features;
    this.paint();
    map.once("idle", () => { if (mine === this.asked) this.box.dataset.drawn = `${this.day} ${this.shown.length}`; });
  }

  paint() {
    for (const feature of this.shown) feature.properties.highlighted = this.chosen.has(feature.id);
    // Larger parcels below: a house plot inside a pasture stays visible.
    this.shown.sort((a, b) => Number(b.properties.surveyed_area_m2) - Number(a.properties.surveyed_area_m2));
    const features = this.shown.map((feature) => ({ ...feature, properties: { ...feature.properties, parcel: feature.id } }));
    this.map.getSource("parcels").setData({ type: "FeatureCollection", features });
  }

  choose(ids) {
    this.chosen = new Set(ids);
    this.paint();
  }

  // The parcel at a point of the screen; of parcels on top of one another the smallest.
  at(point) {
    const ids = new Set(this.map.queryRenderedFeatures(point, { layers: ["parcels-fill"] }).map((hit) => hit.properties.parcel));
    return this.shown.filter((feature) => ids.has(feature.id)).pop();
  }

  draw(source, features) {
    this.map.getSource(source).setData({ type: "FeatureCollection", features });
  }

  // Words on the map, in place of those that stood there under this name.
  label(name, marks) {
    for (const marker of this.markers.get(name) ?? []) marker.remove();
    this.markers.set(name, marks.map(({ text, lonlat, sort }) => {
      const element = document.createElement("div");
      element.className = `land-label ${sort ?? ""}`;
      element.textContent = text;
      return new maplibregl.Marker({ element }).setLngLat(lonlat).addTo(this.map);
    }));
  }
}
