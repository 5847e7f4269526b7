// A line that is drawn or typed: what would it make, how long is it? Asked of the server, which knows the land; nothing is written.
import { middleOf } from "./map-parts.js";

const WAIT_MS = 300;
const part = (id) => document.getElementById(id);

export class Drawing {
  constructor(ground, land, csrf, words) {
    this.ground = ground;
    this.land = land;
    this.csrf = csrf;
    this.words = words;
    this.tool = "";
    this.clicked = [];
    this.lonlat = [];
    this.parcels = land.mine;
    this.asked = 0;
    this.field = document.querySelector("textarea[name='f.line'], textarea[name='f.shape']");
    this.typed = part("land-typed");
    this.typed.addEventListener("input", () => this.soon());
    for (const [id, does] of [["land-draw", () => this.take("draw")], ["land-measure", () => this.take("measure")],
      ["land-back", () => this.back()], ["land-clear", () => this.clear()], ["land-use", () => this.use()]]) {
      part(id)?.addEventListener("click", does);
    }
    const begun = this.field?.value || land.line;
    if (land.draw === "join") this.soon(0);
    else if (land.draw && begun) {
      this.typed.value = begun;
      this.show("draw");
    } else if (land.draw && this.field) this.show("draw");
    this.field?.addEventListener("input", () => { this.typed.value = this.field.value; this.show("draw"); });
  }

  // Take up a tool, or lay it down.
  take(tool) {
    if (this.tool === tool) {
      this.show("");
      return;
    }
    if (this.tool) this.clear();
    this.show(tool);
  }

  show(tool) {
    this.tool = tool;
    for (const each of document.querySelectorAll(".land-points")) each.hidden = tool === "" || (tool === "draw" && !this.field);
    for (const [id, name] of [["land-draw", "draw"], ["land-measure", "measure"]]) {
      part(id)?.setAttribute("aria-pressed", String(tool === name));
    }
    if (tool === "" && this.land.draw !== "join") this.wipe();
    else this.soon(0);
  }

  add(lonlat) {
    this.clicked.push([lonlat.lng, lonlat.lat]);
    this.soon(0);
  }

  back() {
    if (this.clicked.length) this.clicked.pop();
    else this.typed.value = this.typed.value.trimEnd().split("\n").slice(0, -1).join("\n");
    this.soon(0);
  }

  clear() {
    this.typed.value = "";
    this.clicked = [];
    this.wipe();
    this.soon(0);
  }

  wipe() {
    this.asked += 1;
    part("land-drawn").replaceChildren();
    this.picture({ lonlat: [], parts: [], place: null });
  }

  // What stands in the form is what the case asks for: the corners as `sanquan` takes them.
  use() {
    this.field.value = this.typed.value;
    this.field.dispatchEvent(new Event("change", { bubbles: true }));
    this.field.scrollIntoView({ block: "nearest" });
    this.field.focus();
  }

  // From here on an answer that is under way is to a question of before: it must not take what was clicked since.
  soon(wait = WAIT_MS) {
    this.asked += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), wait);
  }

  async ask() {
    if (!this.tool && this.land.draw !== "join") return;
    const mine = this.asked;
    const measures = this.tool === "measure";
    const sent = { typed: this.typed.value, clicked: this.clicked };
    const body = measures ? sent : { ...sent, what: this.land.draw, parcels: this.parcels };
    let answer;
    try {
      const response = await fetch(`/desk/map/${measures ? "measure" : "preview"}`, {
        method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json", "Sanquan-Csrf": this.csrf },
      });
      if (!response.ok) throw new Error(response.statusText);
      answer = await response.json();
    } catch {
      answer = null;
    }
    if (mine !== this.asked) return;
    if (!answer) {
      part("land-drawn").textContent = this.words.unanswered;
      return;
    }
    if (this.clicked.length) {
      this.typed.value = answer.line;
      this.clicked = [];
    }
    part("land-drawn").innerHTML = answer.html;
    const use = part("land-use");
    if (use) use.hidden = measures || !answer.good || !this.field || this.field.value.trim() === answer.line;
    this.picture(answer);
  }

  picture({ lonlat, parts, place }) {
    const ring = this.tool === "measure" || this.land.draw === "correct";
    const closed = ring && lonlat.length > 2 ? [...lonlat, lonlat[0]] : lonlat;
    const shape = closed.length > 1 ? { type: "LineString", coordinates: closed } : null;
    const dots = lonlat.map((each) => ({ type: "Feature", properties: {}, geometry: { type: "Point", coordinates: each } }));
    this.ground.draw("line", [...(shape ? [{ type: "Feature", properties: {}, geometry: shape }] : []), ...dots]);
    this.ground.draw("parts", parts ?? []);
    this.ground.label("parts", (parts ?? []).map((each) => (
      { text: `${each.properties.number} ${each.properties.mu} ${this.words.mu}`, lonlat: middleOf(each.geometry), sort: "part" })));
    this.ground.label("place", place ? [{ text: "✕", lonlat: place, sort: "wrong" }] : []);
  }
}
