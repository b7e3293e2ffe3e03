/* The layers by group, on and off, each with its legend. */

import { legendOf } from "../map/legend.js";
import { compileStyle } from "../map/style.js";
import { h } from "../ui/dom.js";
import { swatch } from "./swatch.js";

export class LayerList {
  constructor({ known, catalogue, style, text, format, map }) {
    Object.assign(this, { style, text, format, map });
    this.element = h("div", { class: "set-layers" },
      catalogue.groups.map((group) => this.#group(group)),
      h("footer", {},
        h("p", {}, text("set.madeOn", { date: format.date(known.madeOn) })),
        known.isGathered ? h("p", {}, text("set.gathered")) : null));
    map.on("zoom", () => this.#tellZooms());
    this.#tellZooms();
  }

  #group({ title, layers }) {
    return h("section", {}, h("h2", {}, title), h("ul", {}, layers.map((layer) => this.#layer(layer))));
  }

  #layer(layer) {
    const parts = this.style.layers.filter((part) => part["source-layer"] === layer.id);
    const shown = parts.some(({ layout }) => layout?.visibility !== "none");
    const legend = this.#legend(layer);
    legend.hidden = !shown;
    const toggle = ({ target: { checked } }) => {
      for (const { id } of parts) this.map.setLayoutProperty(id, "visibility", checked ? "visible" : "none");
      legend.hidden = !checked;
    };
    const box = h("input", { type: "checkbox", checked: shown, onchange: toggle });
    const away = h("button", { type: "button", class: "set-away", hidden: true, onclick: () => this.map.zoomTo(layer.minZoom - 1) }, this.text("layers.zoomIn"));
    const count = h("span", { class: "set-count" }, this.format.number(layer.count));
    return h("li", { "data-first": layer.minZoom }, h("div", { class: "set-layer" }, h("label", {}, box, h("span", {}, layer.title)), count, away), legend);
  }

  #legend(layer) {
    const entries = legendOf(layer, compileStyle(layer.style), this.format.language);
    return h("ul", { class: "set-legend" }, entries.map(({ label, symbol, marker }) =>
      h("li", {}, swatch(layer, symbol, marker), h("span", {}, label))));
  }

  /* A zoom of ours is one more than MapLibre's, whose tiles are twice as wide. */
  #tellZooms() {
    const zoom = this.map.getZoom() + 1;
    for (const item of this.element.querySelectorAll("[data-first]")) {
      const isAway = zoom < Number(item.dataset.first);
      item.classList.toggle("is-away", isAway);
      item.querySelector(".set-away").hidden = !isAway;
    }
  }
}
