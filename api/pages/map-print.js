// What the printer gets of a map: its picture, a scale in metres and a square to feel sizes by, all in one, so that they fit.
import { metresAPixel, squareOf } from "./map-parts.js";

const NICE = [1, 2, 5];
const STRIP = 70;

// The longest round number of metres that fits a third of the width.
function roundMetres(most) {
  let found = 1;
  for (let power = 1; power < 1e6; power *= 10) {
    for (const each of NICE) if (each * power <= most) found = each * power;
  }
  return found;
}

export function printed(ground, words) {
  const source = ground.map.getCanvas();
  const fine = source.width / source.clientWidth;
  const canvas = document.createElement("canvas");
  canvas.width = source.width;
  canvas.height = source.height + STRIP * fine;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", words.sketch);
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(source, 0, 0);
  labels(pen, ground, fine);
  pen.strokeStyle = pen.fillStyle = "#000";
  pen.lineWidth = 2 * fine;
  pen.font = `${14 * fine}px sans-serif`;
  const metres = metresAPixel(ground.map);
  const long = roundMetres(source.clientWidth * metres / 3);
  const base = source.height + 24 * fine;
  const width = long / metres * fine;
  pen.beginPath();
  pen.moveTo(6 * fine, base - 8 * fine);
  pen.lineTo(6 * fine, base);
  pen.lineTo(6 * fine + width, base);
  pen.lineTo(6 * fine + width, base - 8 * fine);
  pen.stroke();
  pen.fillText(`${long.toLocaleString("en")} m`, 8 * fine, base + 18 * fine);
  const { mu, side } = squareOf(metres, 60);
  const edge = side / metres * fine;
  const left = 40 * fine + width;
  pen.strokeRect(left, source.height + 4 * fine, edge, edge);
  pen.fillText(words.square.replace("{mu}", mu.toLocaleString("en")), left + edge + 8 * fine, base);
  pen.fillText(words.sketch, left + edge + 8 * fine, base + 22 * fine);
  return canvas;
}

function labels(pen, ground, fine) {
  const frame = ground.box.getBoundingClientRect();
  pen.font = `bold ${14 * fine}px sans-serif`;
  for (const label of ground.box.querySelectorAll(".maplibregl-marker")) {
    const at = label.getBoundingClientRect();
    pen.fillStyle = "#fff";
    pen.fillRect((at.x - frame.x) * fine, (at.y - frame.y) * fine, at.width * fine, at.height * fine);
    pen.fillStyle = "#000";
    pen.fillText(label.textContent, (at.x - frame.x + 4) * fine, (at.y - frame.y + 16) * fine);
  }
}
