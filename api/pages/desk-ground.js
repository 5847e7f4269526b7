// The ground of the desk's maps: the parcels of a day in the patterns of the printed page. Nothing from outside, no glyphs:
// words on the map are HTML, set as text.

const PIXEL_RATIO = 2;
const RADIUS_M = 6378137;
export const EMPTY = { type: "FeatureCollection", features: [] };

export function metresAPixel(map) {
  return 2 * Math.PI * RADIUS_M * Math.cos(map.getCenter().lat * Math.PI / 180) / (512 * 2 ** map.getZoom());
}

// 100 亩, or what of it fits so many pixels: the side in metres, and how many 亩 it is.
export function squareOf(metres, most) {
  let mu = 100;
  const side = () => Math.sqrt(mu * 2000 / 3);
  while (side() / metres < 5) mu *= 10;
  while (side() / metres > most && mu > 0.1) mu /= 10;
  return { mu, side: side() };
}

export function boundsOf(geometry) {
  let box = null;
  const visit = (part) => {
    if (typeof part[0] === "number") {
      box = box ? [Math.min(box[0], part[0]), Math.min(box[1], part[1]), Math.max(box[2], part[0]), Math.max(box[3], part[1])]
        : [part[0], part[1], part[0], part[1]];
    } else {
      part.forEach(visit);
    }
  };
  visit(geometry.coordinates);
  return box;
}

export function middleOf(geometry) {
  const box = boundsOf(geometry);
  return [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
}

function picture(svg) {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => {
      const canvas = document.createElement("canvas");
      canvas.width = image.width * PIXEL_RATIO;
      canvas.height = image.height * PIXEL_RATIO;
      const pen = canvas.getContext("2d");
      pen.drawImage(image, 0, 0, canvas.width, canvas.height);
      resolve(pen.getImageData(0, 0, canvas.width, canvas.height));
    };
    image.onerror = reject;
    image.src = "data:image/svg+xml," + encodeURIComponent(svg);
  });
}

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
    this.map = new maplibregl.Map({
      container: box,
      style: { version: 8, sources: {}, layers: [] },
      bounds: land.bounds,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      maxZoom: 20,
      fadeDuration: 0,
      canvasContextAttributes: { preserveDrawingBuffer: true },
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
    this.map.addControl(new maplibregl.ScaleControl({ maxWidth: 120, unit: "metric" }), "bottom-left");
    this.ready = new Promise((resolve) => this.map.once("load", resolve)).then(() => this.prepare());
  }

  async prepare() {
    const { map, land } = this;
    await Promise.all(Object.entries(land.tiles).map(async ([id, svg]) =>
      map.addImage(id, await picture(svg), { pixelRatio: PIXEL_RATIO })));
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
    map.once("idle", () => { this.box.dataset.drawn = `${this.day} ${this.shown.length}`; });
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
