/* The line under the map: scale, position, sources, map approval number (审图号). */

import { metresPerPixel } from "../map/mercator.js";
import { h } from "./dom.js";

const BAR = 96; // widest scale bar in pixels
/* A CSS pixel is 1/96 inch: what a scale means on paper or a screen held at arm's length. */
const METRES_PER_CSS_PIXEL = 0.0254 / 96;

/* The longest round distance that fits: {metres, pixels}. */
export function scaleBar(metresInPixel, widest = BAR) {
  const most = metresInPixel * widest;
  const power = 10 ** Math.floor(Math.log10(most));
  const metres = [5, 2, 1].map((step) => step * power).find((step) => step <= most);
  return { metres, pixels: metres / metresInPixel };
}

export function scaleOf(metresInPixel) {
  const exact = metresInPixel / METRES_PER_CSS_PIXEL;
  const step = 10 ** Math.max(0, Math.floor(Math.log10(exact)) - 1);
  return Math.round(exact / step) * step;
}

export class StatusLine {
  #at = null;

  constructor(app) {
    this.app = app;
    const { text } = app;
    this.bar = h("span", { class: "scale-bar" });
    this.barText = h("span", {});
    this.ratio = h("span", { class: "scale-ratio" });
    this.progress = h("span", { class: "progress", hidden: true });
    this.asOf = h("span", { class: "as-of", hidden: true });
    this.position = h("button", { type: "button", class: "position", title: text("status.copyPosition"), onclick: () => this.#copy() });
    this.sources = h("span", { class: "sources" });
    this.approval = app.data.approvalNumber ? h("span", { class: "approval" }, text("status.approval", { number: app.data.approvalNumber })) : null;
    this.element = h(
      "div",
      { class: "status-line" },
      h("span", { class: "scale" }, this.bar, this.barText, this.ratio), this.asOf, this.progress, this.position, this.sources, this.approval,
    );
    app.renderer.addEventListener("pointer", ({ detail }) => this.#point(detail));
    app.store.on("view", () => this.#show());
    app.store.on("loading", () => this.#showProgress());
    app.store.on("asOf", () => this.#showAsOf());
    app.store.on(["layers", "base"], () => this.#showSources());
    this.#show();
    this.#showAsOf();
    this.#showSources();
  }

  #show() {
    const { view } = this.app.renderer;
    const metres = metresPerPixel(view.zoom, view.lat);
    const bar = scaleBar(metres);
    this.bar.style.width = `${bar.pixels.toFixed(1)}px`;
    this.barText.textContent = this.app.format.distance(bar.metres);
    this.ratio.textContent = `1:${this.app.format.number(scaleOf(metres))}`;
    this.#point(null);
  }

  /* How many of the parts of what is shown have come: tiles, or a layer that comes whole. */
  #showProgress() {
    const loading = this.app.store.get("loading");
    const entries = this.app.views.map(({ layer }) => loading[layer.id]).filter(Boolean);
    const parts = entries.map(({ state, progress }) => progress ?? { done: state === "loading" ? 0 : 1, of: 1 });
    const [done, of] = ["done", "of"].map((part) => parts.reduce((sum, one) => sum + one[part], 0));
    this.progress.hidden = done === of;
    this.progress.textContent = done < of ? this.app.text("loading.part", { done, of }) : "";
  }

  #showAsOf() {
    const { asOf } = this.app.store.state;
    this.asOf.hidden = !asOf;
    this.asOf.textContent = asOf ? this.app.text("offline.status", { time: this.app.format.moment(asOf) }) : "";
  }

  #point(position) {
    const { view } = this.app.renderer;
    this.#at = position ?? [view.lon, view.lat];
    this.position.textContent = this.app.format.position(this.#at);
    this.position.setAttribute("aria-label", `${this.app.text("status.position")} ${this.position.textContent}. ${this.app.text("status.copyPosition")}`);
  }

  #copy() {
    const [lon, lat] = [this.app.renderer.view.lon, this.app.renderer.view.lat];
    const at = this.#at ?? [lon, lat];
    this.app.copy(at.map((degree) => degree.toFixed(6)).join(","), "status.copied");
  }

  #showSources() {
    const { layers, base } = this.app.store.state;
    const of = layers.map((id) => this.app.catalogue.layers.get(id).source).filter(Boolean);
    const attribution = this.app.data.baseMaps.find(({ id }) => id === base)?.attribution;
    const sources = [...new Set([attribution, ...of].filter(Boolean))];
    this.sources.textContent = sources.length ? this.app.text("status.sources", { list: sources.join(this.app.text("list.semicolon")) }) : "";
    this.sources.title = this.sources.textContent;
  }
}
