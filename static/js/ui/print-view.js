/* The print view: the map as a sheet with title, legend, scale, date and sources. */

import { isInZoom } from "../map/collections.js";
import { legendOf } from "../map/legend.js";
import { h, icon } from "./dom.js";
import { swatch } from "./swatch.js";

export class PrintView {
  constructor(app) {
    this.app = app;
    const { text } = app;
    this.title = h("input", { class: "print-title", "aria-label": text("print.titleLabel"), value: app.data.title, maxlength: "60" });
    this.legend = h("div", { class: "print-legend" });
    this.foot = h("p", { class: "print-foot" });
    this.bar = h(
      "div",
      { class: "print-bar no-print" },
      h("p", {}, text("print.hint")),
      h("button", { type: "button", class: "primary-button", onclick: () => window.print() }, icon("print"), text("print.now")),
      h("button", { type: "button", class: "plain-button", onclick: () => app.store.set({ print: false }) }, text("close")),
    );
    this.head = h("div", { class: "print-head" }, this.title);
    app.store.on("print", () => this.#switch());
    app.store.on(["layers", "themes", "view"], () => this.#fill());
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && app.store.get("print")) app.store.set({ print: false });
    });
  }

  get elements() {
    return [this.bar, this.head, this.legend, this.foot];
  }

  #switch() {
    const on = this.app.store.get("print");
    document.body.classList.toggle("is-print", on);
    this.#fill();
    this.app.renderer.resize();
    if (on) this.bar.querySelector("button").focus();
  }

  open() {
    if (this.app.store.get("print")) this.#switch();
  }

  #fill() {
    if (!this.app.store.get("print")) return;
    const { text, format, views, data, renderer } = this.app;
    const shown = views.filter(({ layer }) => isInZoom(layer, renderer.view.zoom)).sort((a, b) => a.place - b.place);
    this.legend.replaceChildren(h("h2", {}, text("print.legend")), ...shown.map((view) => this.#layer(view)));
    const sources = [...new Set(views.map(({ layer }) => layer.source).filter(Boolean))];
    const lines = [
      text("print.printed", { date: format.date(new Date().toISOString()) }),
      text("print.datum"),
      sources.length ? text("status.sources", { list: sources.join(text("list.semicolon")) }) : null,
      data.approvalNumber ? text("status.approval", { number: data.approvalNumber }) : null,
    ];
    this.foot.replaceChildren(...lines.filter(Boolean).map((line) => h("span", {}, line)));
  }

  #layer({ layer, style }) {
    const { zoom } = this.app.renderer.view;
    const entries = legendOf(layer, style, this.app.language).filter(({ minZoom }) => zoom >= minZoom);
    return h("section", {}, h("h3", {}, layer.title), h("ul", { class: "legend" }, entries.map(({ label, symbol, marker }) =>
      h("li", {}, swatch(this.app, layer, { symbol, marker, zoom }), h("span", {}, label)))));
  }
}
