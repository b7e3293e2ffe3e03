/* The print view: the map as a sheet with title, legend, scale, date and sources. */

import { isInZoom } from "../map/collections.js";
import { legendOf } from "../map/legend.js";
import { boxesMeet } from "../map/mercator.js";
import { inZooms } from "../map/style.js";
import { h, icon } from "./dom.js";
import { swatch } from "./swatch.js";

export class PrintView {
  /* While the browser prints by its own command. */
  isPrinting = false;
  /* The view that the print view was opened from. */
  before = null;

  constructor(app) {
    this.app = app;
    const { text } = app;
    this.title = h("input", { class: "print-title", "aria-label": text("print.titleLabel"), value: app.data.title, maxlength: "60" });
    this.entries = h("div", {});
    this.legend = h("div", { class: "print-legend" }, this.entries);
    this.foot = h("p", { class: "print-foot" });
    this.bar = h(
      "div",
      { class: "print-bar no-print" },
      h("p", {}, text("print.hint")),
      h("button", { type: "button", class: "primary-button", onclick: () => window.print() }, icon("print"), text("print.now")),
      h("button", { type: "button", class: "plain-button", onclick: () => app.store.set({ print: false }) }, text("close")),
    );
    const north = h("p", { class: "print-north", role: "img", "aria-label": text("print.north") }, icon("north"), "N");
    this.head = h("div", { class: "print-head" }, this.title, north);
    app.store.on("print", () => this.#turn());
    app.store.on(["layers", "themes", "view", "loading", "asOf"], () => this.#fill());
    // Who prints by the browser's own command gets the same sheet.
    window.addEventListener("beforeprint", () => this.#forPrinter(true));
    window.addEventListener("afterprint", () => this.#forPrinter(false));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && app.store.get("print")) app.store.set({ print: false });
    });
  }

  get elements() {
    return [this.bar, this.head, this.legend, this.foot];
  }

  /* The map keeps its size: what is painted now would come too late for the printer. */
  #forPrinter(on) {
    if (this.app.store.get("print")) return;
    this.isPrinting = on;
    document.body.classList.toggle("is-print", on);
    if (on) this.#fill();
  }

  /* The sheet is of another shape than the page: it shows all that was in view, and the page after it
     what it showed before. */
  #turn() {
    const { renderer, store } = this.app;
    if (store.get("print")) {
      this.before = renderer.view;
      const { bounds } = renderer;
      this.#switch();
      renderer.fit(bounds, { padding: 0, maxZoom: this.before.zoom });
    } else {
      this.#switch();
      if (this.before) renderer.setView(this.before);
      this.before = null;
    }
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
    if (!this.app.store.get("print") && !this.isPrinting) return;
    const { text, format, views, data, renderer, store } = this.app;
    const { asOf } = store.state;
    const shown = views.filter(({ layer }) => isInZoom(layer, renderer.view.zoom)).sort((a, b) => a.place - b.place);
    this.entries.replaceChildren(h("h2", {}, text("print.legend")), ...shown.map((view) => this.#layer(view)).filter(Boolean));
    this.#fitLegend();
    const sources = [...new Set(views.map(({ layer }) => layer.source).filter(Boolean))];
    const lines = [
      text("print.printed", { date: format.date(new Date().toISOString()) }),
      asOf ? text("offline.status", { time: format.moment(asOf) }) : null,
      text("print.datum"),
      sources.length ? text("status.sources", { list: sources.join(text("list.semicolon")) }) : null,
      data.approvalNumber ? text("status.approval", { number: data.approvalNumber }) : null,
    ];
    this.foot.replaceChildren(...lines.filter(Boolean).map((line) => h("span", {}, line)));
  }

  /* A long legend is set smaller rather than cut off. */
  #fitLegend() {
    this.entries.style.zoom = "";
    const part = this.legend.clientHeight / this.entries.offsetHeight;
    if (part < 1) this.entries.style.zoom = String(Math.max(0.5, part));
  }

  /* The symbols that occur on the sheet: a legend of others would only take room. */
  #met(layer, style) {
    const { views, renderer } = this.app;
    const { features } = views.find((view) => view.layer === layer);
    const inView = features.filter(({ shape }) => boxesMeet(shape.box, renderer.box));
    return new Set(inView.map(({ properties }) => style.symbolFor(properties)).filter((symbol) => inZooms(symbol, renderer.view.zoom)));
  }

  #layer({ layer, style }) {
    const { zoom } = this.app.renderer.view;
    const met = this.#met(layer, style);
    const entries = legendOf(layer, style, this.app.language).filter(({ symbol }) => met.has(symbol));
    if (!entries.length) return null;
    return h("section", {}, h("h3", {}, layer.title), h("ul", { class: "legend" }, entries.map(({ label, symbol, marker }) =>
      h("li", {}, swatch(this.app, layer, { symbol, marker, zoom }), h("span", {}, label)))));
  }
}
