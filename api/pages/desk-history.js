// The register as of two days, side by side: two maps that move together, and what differs in words, numbered on both.
import { Ground } from "./desk-ground.js";
import { middleOf } from "./map-parts.js";

const DAY_MS = 86400000;
const part = (id) => document.getElementById(id);
const inDays = (iso, since) => Math.round((Date.parse(iso) - Date.parse(since)) / DAY_MS);
const asDay = (days, since) => new Date(Date.parse(since) + days * DAY_MS).toISOString().slice(0, 10);

export class History {
  constructor(ground, land, words, say) {
    Object.assign(this, { ground, land, words, say, before: null });
    this.form = part("land-history");
    this.form.querySelector(".ranges").hidden = false;
    for (const which of ["a", "b"]) this.couple(part(`range-${which}`), part(`day-${which}`));
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.show(); });
    part("land-today").addEventListener("click", () => this.hide());
  }

  // A slider and a day are one.
  couple(range, day) {
    range.max = String(inDays(this.land.today, this.land.first));
    range.value = String(inDays(day.value, this.land.first));
    range.addEventListener("input", () => { day.value = asDay(Number(range.value), this.land.first); });
    range.addEventListener("change", () => { if (this.before) this.show(); });
    day.addEventListener("change", () => { range.value = String(inDays(day.value, this.land.first)); });
  }

  async show() {
    const [a, b] = [part("day-a").value, part("day-b").value].sort();
    part("land-before").hidden = false;
    part("land").classList.add("two");
    this.ground.map.resize();
    if (!this.before) {
      this.before = new Ground(part("land-before"), { ...this.land, today: a }, this.words, this.say);
      this.before.map.jumpTo({ center: this.ground.map.getCenter(), zoom: this.ground.map.getZoom() });
      this.together(this.ground.map, this.before.map);
      this.together(this.before.map, this.ground.map);
    } else {
      this.before.map.resize();
    }
    await this.before.ready;
    part("land-today").hidden = false;
    await Promise.all([this.dated(this.before, a, this.words.before), this.dated(this.ground, b, this.words.after)]);
    await this.tell(a, b);
  }

  async dated(ground, day, word) {
    ground.day = day;
    await ground.load();
    ground.box.dataset.day = `${word} ${day}`;
  }

  async tell(a, b) {
    const box = this.ground.map.getBounds();
    const bbox = [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()].map((side) => side.toFixed(6)).join(",");
    const things = this.land.mine.slice(0, 20).map((each) => `thing=${each}`).join("&");
    const response = await fetch(`/desk/history?${things}&bbox=${bbox}&a=${a}&b=${b}`);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    // Other days are asked for meanwhile, or none.
    if (part("land-before").hidden || a !== this.before.day || b !== this.ground.day) return;
    const told = page.getElementById("differs");
    if (!told) {
      this.say(this.words.unanswered);
      return;
    }
    told.removeAttribute("id");
    if (!part("differs")) part("land-differs").replaceChildren(document.adoptNode(told));
    this.mark([...told.querySelectorAll("[data-parcel]")].map((each) => each.dataset.parcel));
  }

  mark(ids) {
    for (const ground of [this.before, this.ground]) {
      const there = ids.map((id) => ground.shown.find((feature) => feature.id === id));
      ground.draw("differs", there.filter(Boolean));
      ground.label("differs", there.flatMap((feature, n) => (
        feature ? [{ text: String(n + 1), lonlat: middleOf(feature.geometry), sort: "differs" }] : [])));
    }
  }

  together(from, to) {
    from.on("move", (event) => {
      if (!event.originalEvent && !from.isMoving()) return;
      if (this.moving || part("land-before").hidden) return;
      this.moving = true;
      to.jumpTo({ center: from.getCenter(), zoom: from.getZoom() });
      this.moving = false;
    });
  }

  async hide() {
    part("land-before").hidden = true;
    part("land").classList.remove("two");
    part("land-today").hidden = true;
    part("land-differs").replaceChildren();
    this.mark([]);
    this.ground.day = this.land.today;
    delete this.ground.box.dataset.day;
    this.ground.map.resize();
    await this.ground.load();
  }
}
