/* The layer tree by group: on and off, legend, themes, the zooms a layer is meant for, its source. */

import { isInZoom } from "../map/collections.js";
import { legendOf } from "../map/legend.js";
import { fillUrl } from "../map/request.js";
import { compileStyle, themesOf } from "../map/style.js";
import { h, icon, roving, single } from "./dom.js";
import { swatch } from "./swatch.js";

const STOP = ".group-head, .layer-switch, .layer-more, .theme-choice, .layer-zoom";

export class LayerTree {
  #opened = new Set();
  #closedGroups = new Set();

  constructor(app) {
    this.app = app;
    this.element = h("div", { class: "tree" });
    roving(this.element, STOP);
    app.store.on(["layers", "themes", "loading"], () => this.render());
    let zoom = null;
    app.store.on("view", ({ view }) => {
      if (Math.floor(view.zoom) !== zoom) this.render();
      zoom = Math.floor(view.zoom);
    });
  }

  render() {
    const focused = document.activeElement?.dataset?.stop;
    this.element.replaceChildren(...this.app.catalogue.groups.map((group) => this.#group(group)));
    single(this.element, STOP);
    if (focused) this.element.querySelector(`[data-stop="${CSS.escape(focused)}"]`)?.focus();
  }

  #group(group) {
    const open = !this.#closedGroups.has(group.id);
    const on = group.layers.filter(({ id }) => this.app.store.get("layers").includes(id)).length;
    const toggle = () => {
      if (open) this.#closedGroups.add(group.id);
      else this.#closedGroups.delete(group.id);
      this.render();
    };
    const head = h(
      "button",
      { type: "button", class: "group-head", "aria-expanded": String(open), "data-stop": `group:${group.id}`, onclick: toggle },
      icon("chevron", "glyph section-arrow"),
      h("span", {}, group.title),
      h("span", { class: "tally", "aria-label": this.app.text("layers.on", { on, n: group.layers.length }) }, `${on}/${group.layers.length}`),
    );
    const layers = h("ul", { class: "layer-list", hidden: !open }, group.layers.map((layer) => this.#layer(layer)));
    return h("section", { class: "tree-group" }, h("h2", {}, head), layers);
  }

  #layer(layer) {
    const { text, store } = this.app;
    const on = store.get("layers").includes(layer.id);
    const zoom = this.app.renderer.view.zoom;
    const inZoom = isInZoom(layer, zoom);
    const more = this.#opened.has(layer.id);
    const box = h("input", {
      type: "checkbox", class: "layer-switch", checked: on, "data-stop": `layer:${layer.id}`,
      onchange: ({ target }) => this.app.toggle(layer.id, target.checked),
    });
    const style = compileStyle(layer.style, store.get("themes")[layer.id]);
    return h(
      "li",
      { class: `layer${on ? " is-on" : ""}${on && !inZoom ? " is-away" : ""}` },
      h("div", { class: "layer-row" },
        h("label", {}, box, h("span", { class: "layer-title" }, layer.title)),
        this.#state(layer, on, inZoom),
        h("button", { type: "button", class: "icon-button layer-more", "aria-expanded": String(more), "aria-label": text("layers.about", { title: layer.title }), title: text("layers.about", { title: layer.title }), "data-stop": `more:${layer.id}`, onclick: () => this.#open(layer.id) }, icon("info")),
      ),
      on && inZoom ? this.#notice(layer) : null,
      on ? this.#themes(layer) : null,
      on && (inZoom || more) ? this.#legend(layer, style, zoom) : null,
      more ? this.#about(layer) : null,
    );
  }

  #open(id) {
    if (!this.#opened.delete(id)) this.#opened.add(id);
    this.render();
  }

  /* The count, or the way to the zoom from which the layer shows. */
  #state(layer, on, inZoom) {
    const { text, format, renderer } = this.app;
    if (!on || inZoom) return h("span", { class: "layer-count" }, format.number(layer.count));
    const target = renderer.view.zoom < layer.minZoom ? layer.minZoom : layer.maxZoom;
    const go = () => renderer.setView({ ...renderer.view, zoom: target });
    return h("button", { type: "button", class: "layer-zoom link-button", "data-stop": `zoom:${layer.id}`, onclick: go }, text(target === layer.minZoom ? "layers.zoomIn" : "layers.zoomOut"));
  }

  #notice(layer) {
    const { text, format, store } = this.app;
    const entry = store.get("loading")[layer.id];
    if (entry?.state === "loading") return h("p", { class: "layer-note" }, text("loading"));
    if (entry?.state === "error") {
      const retry = h("button", { type: "button", class: "link-button", onclick: () => this.app.retry(layer.id) }, text("retry"));
      return h("p", { class: "layer-note is-bad" }, text("layers.failed"), " ", retry);
    }
    if (!entry?.isPart) return null;
    const shown = format.number(entry.shown);
    const said = entry.total === null ? text("layers.more", { shown }) : text("layers.part", { shown, total: format.number(entry.total) });
    return h("p", { class: "layer-note is-warning" }, said);
  }

  #themes(layer) {
    const themes = themesOf(layer.style);
    if (themes.length < 2) return null;
    const chosen = this.app.store.get("themes")[layer.id];
    const choices = themes.map(({ field }) => {
      const { label, unit } = layer.fields.get(field) ?? { label: field };
      const radio = h("input", {
        type: "radio", name: `theme-${layer.id}`, class: "theme-choice", checked: field === chosen, "data-stop": `theme:${layer.id}:${field}`,
        onchange: () => this.app.setTheme(layer.id, field),
      });
      return h("label", {}, radio, h("span", {}, label), unit ? h("span", { class: "of-unit" }, unit) : null);
    });
    return h("fieldset", { class: "themes" }, h("legend", { class: "visually-hidden" }, this.app.text("layers.theme")), choices);
  }

  #legend(layer, style, zoom) {
    const entries = legendOf(layer, style, this.app.language);
    return h("ul", { class: "legend" }, entries.map(({ label, symbol, marker, minZoom }) =>
      h("li", { class: zoom < minZoom ? "is-away" : null }, swatch(this.app, layer, { symbol, marker, zoom }), h("span", {}, label))));
  }

  #about(layer) {
    const { text, format, data, language } = this.app;
    const { steward } = layer;
    const facts = [
      ["layers.source", layer.source],
      ["layers.steward", steward && [steward.organisation, steward.person, steward.phone].filter(Boolean).join(" ")],
      ["layers.asOf", layer.asOf && format.date(layer.asOf)],
      ["layers.cadence", layer.cadence?.label],
      ["layers.verifyBy", layer.verifyBy && format.date(layer.verifyBy)],
      ["layers.licence", layer.licence],
    ].filter(([, value]) => value);
    return h(
      "div",
      { class: "layer-about" },
      layer.description ? h("p", {}, layer.description) : null,
      layer.overdue ? h("p", { class: "layer-note is-warning" }, text("layers.overdue")) : null,
      h("dl", {}, facts.map(([key, value]) => [h("dt", {}, text(key)), h("dd", {}, value)])),
      h("a", { href: fillUrl(`${data.urls.collections}/{id}`, { id: layer.id }, { lang: language }) }, text("layers.data")),
    );
  }
}
