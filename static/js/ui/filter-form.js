/* Filters for parks, sites and projects, made from the data dictionary and the values that occur. */

import { countConditions, isNumeric, occurring, withCondition } from "../map/filters.js";
import { h } from "./dom.js";

/* What investors ask for, in their order; the address may filter by any other field too. */
const ASKED = {
  parks: ["district", "level", "industries", "area_available_ha", "land_price_min", "power_free_mva", "water_free_m3_d"],
  sites: ["district", "kind", "availability", "zoning", "tenure", "area_m2", "price", "readiness", "power_free_mva", "water_free_m3_d"],
  projects: ["district", "industry", "stage", "modes", "investment_total"],
};
const SHOWN_FIRST = 8;

export class FilterForm {
  #opened;

  constructor(app) {
    this.app = app;
    this.element = h("form", { class: "filters", onsubmit: (event) => event.preventDefault() });
    this.head = h("div", { class: "filters-head" });
    this.body = h("div", { class: "filters-body" });
    this.element.append(this.head, this.body);
    this.#opened = new Set([this.#layers()[0]?.id, ...Object.keys(app.store.get("filters"))]);
    app.store.on(["loading", "layers"], () => this.#render());
    app.store.on("filters", ({ filters }) => (countConditions(filters) ? this.#renderHead() : this.#render()));
    this.#render();
  }

  #renderHead() {
    const { text, store } = this.app;
    const count = countConditions(store.get("filters"));
    const clear = h("button", { type: "button", class: "link-button", hidden: !count, onclick: () => this.#clear() }, text("filters.clear"));
    this.head.replaceChildren(h("p", {}, count ? text("filters.count", { n: count }) : text("filters.hint")), clear);
  }

  #clear() {
    this.app.store.set({ filters: {} });
    this.#render();
  }

  #render() {
    if (this.body.contains(document.activeElement)) return;
    this.#renderHead();
    this.body.replaceChildren(...this.#layers().map((layer) => this.#layer(layer)));
  }

  #layers() {
    return Object.keys(ASKED).map((id) => this.app.catalogue.layers.get(id)).filter(Boolean);
  }

  #layer(layer) {
    const features = this.app.loader.entry(layer.id)?.features ?? [];
    const fields = ASKED[layer.id].map((name) => layer.fields.get(name)).filter(Boolean);
    const open = this.#opened.has(layer.id);
    const details = h(
      "details",
      { class: "filter-layer", open, ontoggle: ({ target }) => this.#opened[target.open ? "add" : "delete"](layer.id) },
      h("summary", {}, h("span", { class: `result-mark mark-${layer.id}`, "aria-hidden": "true" }), layer.title),
      features.length || this.app.loader.entry(layer.id)
        ? fields.map((field) => this.#field(layer, field, features))
        : h("p", { class: "layer-note" }, this.app.text("filters.off"), " ", this.#switchOn(layer)),
    );
    return details;
  }

  #switchOn(layer) {
    return h("button", { type: "button", class: "link-button", onclick: () => this.app.toggle(layer.id, true) }, this.app.text("filters.switchOn"));
  }

  #field(layer, field, features) {
    const isRange = isNumeric(field);
    const control = isRange ? this.#range(layer, field) : this.#choices(layer, field, features);
    if (!control) return null;
    const unit = field.unit ? h("span", { class: "of-unit" }, field.unit) : null;
    const label = field.name === "district" ? this.app.text("filters.district") : field.label;
    return h("fieldset", { class: "filter-field" }, h("legend", {}, label, " ", unit), control);
  }

  #condition(layer, field) {
    return this.app.store.get("filters")[layer.id]?.[field.name] ?? null;
  }

  #set(layer, field, condition) {
    const { store } = this.app;
    if (!store.get("layers").includes(layer.id)) this.app.toggle(layer.id, true);
    store.set({ filters: withCondition(store.get("filters"), layer.id, field.name, condition) });
  }

  #choices(layer, field, features) {
    const chosen = new Set(this.#condition(layer, field)?.any ?? []);
    const values = occurring(features, field.name);
    for (const value of chosen) if (!values.some(([one]) => one === value)) values.push([value, 0]);
    if (!values.length) return null;
    // A short code list has an order of its own; of a long one what occurs most is asked for most.
    if (field.codes.size <= SHOWN_FIRST) values.sort(([a], [b]) => orderOf(field, a) - orderOf(field, b));
    const toggle = (value, on) => {
      chosen[on ? "add" : "delete"](value);
      this.#set(layer, field, chosen.size ? { any: [...chosen] } : null);
    };
    const chips = values.map(([value, count]) => this.#chip(this.#labelOf(field, value, features), count, chosen.has(value), (on) => toggle(value, on)));
    const rest = chips.slice(SHOWN_FIRST);
    if (rest.length < 3) return h("div", { class: "choices" }, chips);
    return h("div", { class: "choices" }, chips.slice(0, SHOWN_FIRST), h("details", { class: "choices-more", open: [...chosen].length > 0 }, h("summary", {}, this.app.text("filters.more", { n: rest.length })), h("div", { class: "choices" }, rest)));
  }

  #chip(label, count, on, toggle) {
    const box = h("input", { type: "checkbox", checked: on, onchange: ({ target }) => toggle(target.checked) });
    return h("label", { class: "choice" }, box, h("span", {}, label, " ", h("span", { class: "choice-count" }, String(count))));
  }

  #labelOf(field, value, features) {
    const coded = field.codes.get(value);
    if (coded || field.name !== "district") return coded ?? value;
    const named = features.find(({ properties }) => properties.district === value);
    return named?.properties[`district_${this.app.language}`] ?? value;
  }

  #range(layer, field) {
    const condition = this.#condition(layer, field) ?? {};
    const inputs = ["min", "max"].map((bound) =>
      h("input", {
        type: "number", inputmode: "decimal", min: "0", step: "any", value: condition[bound] ?? null,
        placeholder: this.app.text(`filters.${bound}`), "aria-label": `${field.label}: ${this.app.text(`filters.${bound}`)}`,
        onchange: () => this.#setRange(layer, field, inputs),
      }));
    return h("div", { class: "range" }, inputs[0], h("span", { "aria-hidden": "true" }, "–"), inputs[1]);
  }

  #setRange(layer, field, inputs) {
    const [min, max] = inputs.map(({ value }) => (value === "" ? null : Number(value)));
    const wrong = min !== null && max !== null && min > max;
    inputs[1].setCustomValidity(wrong ? this.app.text("filters.wrongRange") : "");
    inputs[1].reportValidity();
    if (!wrong) this.#set(layer, field, min === null && max === null ? null : { min, max });
  }
}

function orderOf(field, value) {
  const order = [...field.codes.keys()].indexOf(value);
  return order < 0 ? field.codes.size : order;
}
