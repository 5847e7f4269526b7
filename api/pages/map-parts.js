// What every map of ours has in common: nothing from outside, no glyphs, the patterns of the printed page, and sizes to feel.

const PIXEL_RATIO = 2;
const RADIUS_M = 6378137;
export const EMPTY = { type: "FeatureCollection", features: [] };

// A map in a box, its buttons named in the reader's language. The printer reads its picture back.
export function mapIn(container, words, options) {
  const map = new maplibregl.Map({
    container,
    style: { version: 8, sources: {}, layers: [] },
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    maxZoom: 20,
    fadeDuration: 0,
    canvasContextAttributes: { preserveDrawingBuffer: true },
    locale: words.buttons,
    ...options,
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new maplibregl.ScaleControl({ maxWidth: 120, unit: "metric" }), "bottom-left");
  return map;
}

// The same tiles as on paper, drawn on a canvas twice as fine as the screen.
export function addPatterns(map, tiles) {
  return Promise.all(Object.entries(tiles).map(async ([id, svg]) =>
    map.addImage(id, await picture(svg), { pixelRatio: PIXEL_RATIO })));
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

// A square of so many 亩 beside the map, as large as on it, and the word for it.
export function keepSquare(map, box, label, words) {
  const show = () => {
    const metres = metresAPixel(map);
    const { mu, side } = squareOf(metres, 56);
    box.style.width = box.style.height = `${side / metres}px`;
    label.textContent = words.square.replace("{mu}", mu.toLocaleString("en"));
    box.parentElement.hidden = false;
  };
  map.on("move", show);
  show();
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
