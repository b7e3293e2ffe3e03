/* Measure a distance or an area on the ellipsoid, by pointer or by keyboard. */

import { areaOfRing, lengthOfPath } from "../map/geodesy.js";
import { h, iconButton } from "./dom.js";

/* A finger has neither a double click that is its own nor a key. */
const ENDING = matchMedia("(pointer: coarse)").matches ? "measure.endTouch" : "measure.end";

export class Measure {
  #points = [];
  #done = false;

  constructor(app) {
    this.app = app;
    const { text } = app;
    this.kind = null;
    this.result = h("output", { class: "measure-result", "aria-live": "polite" });
    this.hint = h("p", { class: "measure-hint" });
    this.kinds = ["distance", "area"].map((kind) =>
      h("button", { type: "button", class: "segment", "aria-pressed": "false", "data-kind": kind, onclick: () => this.start(kind) }, text(`measure.${kind}`)));
    this.element = h(
      "section",
      { class: "popover measure", "aria-label": text("measure.label"), hidden: true },
      h("div", { class: "popover-head" }, h("div", { class: "segments" }, this.kinds), iconButton("close", text("close"), () => this.stop())),
      this.hint,
      this.result,
      h("div", { class: "measure-actions" },
        h("button", { type: "button", class: "link-button", onclick: () => this.#addCentre() }, text("measure.centre")),
        h("button", { type: "button", class: "link-button", onclick: () => this.#undo() }, text("measure.undo")),
        h("button", { type: "button", class: "link-button", onclick: () => this.start(this.kind) }, text("measure.again")),
      ),
    );
    this.#listen();
  }

  #listen() {
    const { renderer } = this.app;
    renderer.addEventListener("pick", ({ detail }) => this.isActive && this.#add(detail.position));
    renderer.addEventListener("finish", () => this.isActive && this.#finish());
    document.addEventListener("keydown", (event) => {
      if (!this.isActive || event.target.closest?.("input, select, dialog")) return;
      if (event.key === "Escape") this.stop();
      if (event.key === "Backspace") this.#undo();
    });
  }

  get isActive() {
    return Boolean(this.kind);
  }

  start(kind) {
    this.kind = kind;
    this.#points = [];
    this.#done = false;
    this.element.hidden = false;
    for (const button of this.kinds) button.setAttribute("aria-pressed", String(button.dataset.kind === kind));
    this.#show();
    this.app.store.set({ tool: "measure" });
  }

  stop() {
    this.kind = null;
    this.element.hidden = true;
    this.app.renderer.setSketch(null);
    this.app.store.set({ tool: null });
  }

  #add(position) {
    if (this.#done) this.start(this.kind);
    this.#points = [...this.#points, position];
    this.#show();
  }

  #addCentre() {
    const { lon, lat } = this.app.renderer.view;
    this.#add([lon, lat]);
  }

  #undo() {
    this.#done = false;
    this.#points = this.#points.slice(0, -1);
    this.#show();
  }

  /* A double click comes after two clicks, which have set the last point twice. */
  #finish() {
    const [last, before] = [this.#points.at(-1), this.#points.at(-2)];
    if (before && last[0] === before[0] && last[1] === before[1]) this.#points = this.#points.slice(0, -1);
    this.#done = true;
    this.#show();
  }

  #show() {
    const { text, format } = this.app;
    const closed = this.kind === "area";
    this.app.renderer.setSketch({ points: this.#points, closed, done: this.#done });
    const enough = this.#points.length >= (closed ? 3 : 2);
    this.hint.textContent = text(this.#done ? "measure.done" : enough ? ENDING : `measure.hint.${this.kind}`);
    if (!enough) return this.result.replaceChildren();
    const lines = closed ? format.areas(areaOfRing(this.#points)) : [format.distance(lengthOfPath(this.#points))];
    this.result.replaceChildren(...lines.map((line) => h("span", {}, line)));
    return null;
  }
}
