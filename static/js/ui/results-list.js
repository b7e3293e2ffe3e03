/* The list of what the map shows: the equivalent of the map for those who do not see it. */

import { countConditions } from "../map/filters.js";
import { subtitleOf } from "../map/facts.js";
import { countOf } from "../map/results.js";
import { h, icon, roving, single } from "./dom.js";

const FIRST = 30;
const ITEM = ".result, .fold-head, .result-more";

export class ResultsList {
  #folded = new Map();
  #limits = new Map();
  #rows = new Map();

  constructor(app) {
    this.app = app;
    this.summary = h("p", { class: "results-summary" });
    this.list = h("div", { class: "results-sections" });
    this.filtered = h("p", { class: "results-filtered", hidden: true });
    this.element = h("div", { class: "results" }, this.summary, this.filtered, this.list);
    roving(this.list, ITEM);
    app.store.on("sections", () => this.#render());
    app.store.on("hovered", ({ hovered }) => this.#mark("is-hovered", hovered, true));
    app.store.on("selected", ({ selected }) => this.#mark("is-selected", selected, true));
    this.list.addEventListener("mouseleave", () => app.hover(null));
  }

  #render() {
    const { sections, selected } = this.app.store.state;
    const { isLoading } = this.app;
    const n = countOf(sections);
    const home = h("button", { type: "button", class: "link-button", onclick: () => this.app.home() }, this.app.text("tools.home"));
    // A link or a slip may lead where there is nothing of the city.
    this.summary.replaceChildren(this.#summary(n, isLoading), ...(n || isLoading ? [] : [" ", home]));
    this.#tellFilters(isLoading);
    const focused = document.activeElement?.dataset?.key;
    this.#rows.clear();
    this.list.replaceChildren(...sections.map((section) => this.#section(section)));
    single(this.list, ITEM);
    this.#mark("is-selected", selected, false);
    if (focused) this.list.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
    if (!isLoading) this.app.announce(this.#spoken(sections));
  }

  #summary(n, isLoading) {
    const { text, failed } = this.app;
    if (isLoading && !n) return text("loading");
    if (failed.length) return text(n ? "results.part" : "results.failed", { n });
    return text("results.count", { n });
  }

  /* A filter works on from its tab: what it leaves out must not look like nothing being there. */
  #tellFilters(isLoading) {
    const { text, store, views } = this.app;
    const filters = store.get("filters");
    const n = countConditions(filters);
    this.filtered.hidden = !n;
    const empty = isLoading ? [] : views.filter(({ layer, features }) => filters[layer.id] && !features.length);
    const clear = h("button", { type: "button", class: "link-button", onclick: () => store.set({ filters: {} }) }, text("filters.clear"));
    const told = [text("filters.count", { n }), ...empty.map(({ layer }) => text("results.noMatch", { title: layer.title }))];
    this.filtered.replaceChildren(told.join(text("list.semicolon")), " ", clear);
  }

  #spoken(sections) {
    const parts = sections.slice(0, 4).map(({ layer, features, gathered }) => `${layer.title} ${features.length + gathered}`);
    const { text } = this.app;
    return parts.length ? text("results.inView", { list: parts.join(text("list.comma")) }) : text("results.none");
  }

  /* What is offered lies open; what is around it is folded to its count. */
  #section(section) {
    const { layer, features, gathered } = section;
    const open = this.#folded.has(layer.id) ? !this.#folded.get(layer.id) : Boolean(layer.page);
    const id = `results-${layer.id}`;
    const head = h(
      "button",
      { type: "button", class: "fold-head", "aria-expanded": String(open), "aria-controls": id, "data-key": `section:${layer.id}`, onclick: () => this.#fold(layer.id, open) },
      icon("chevron", "glyph section-arrow"),
      layer.page ? h("span", { class: `result-mark mark-${layer.id}`, "aria-hidden": "true" }) : null,
      h("span", { class: "section-title" }, layer.title),
      h("span", { class: "tally" }, this.app.format.number(features.length + gathered)),
    );
    const body = h("ul", { id, class: "result-list", hidden: !open }, open ? this.#items(section) : []);
    return h("section", { class: "results-section", "aria-label": layer.title }, h("h2", {}, head), body);
  }

  #fold(id, open) {
    this.#folded.set(id, open);
    this.#render();
  }

  #items({ layer, features, gathered }) {
    const limit = this.#limits.get(layer.id) ?? FIRST;
    const rows = features.slice(0, limit).map((one) => this.#item(layer, one));
    if (features.length > limit) rows.push(this.#more(layer, features.length - limit, limit));
    if (gathered) rows.push(h("li", { class: "layer-note" }, this.app.text("results.gathered", { n: gathered })));
    return rows;
  }

  #item(layer, { feature, name }) {
    const button = h(
      "button",
      {
        type: "button", class: "result", "data-key": feature.key,
        onclick: () => this.app.select(feature.key, { goThere: !this.#isSeen(feature) }),
        onmouseenter: () => this.app.hover(feature), onfocus: () => this.app.hover(feature),
      },
      h("span", { class: `result-mark mark-${layer.id}`, "aria-hidden": "true" }),
      h("span", { class: "result-name" }, name),
      h("span", { class: "result-subtitle" }, subtitleOf(layer, feature, this.app.format)),
    );
    this.#rows.set(feature.key, button);
    return h("li", {}, button);
  }

  /* A record that fills a good part of the view, or stands alone in it, needs no journey. */
  #isSeen(feature) {
    const view = this.app.view(feature.layer);
    return view && this.app.renderer.isApart(feature);
  }

  #more(layer, left, limit) {
    const show = () => {
      this.#limits.set(layer.id, limit + 100);
      this.#render();
    };
    return h("li", {}, h("button", { type: "button", class: "result-more link-button", "data-key": `more:${layer.id}`, onclick: show }, this.app.text("results.more", { n: left })));
  }

  #mark(className, key, reveal) {
    this.list.querySelector(`.${className}`)?.classList.remove(className);
    const row = this.#rows.get(key);
    row?.classList.add(className);
    if (reveal && row && !row.matches(":hover, :focus")) row.scrollIntoView({ block: "nearest" });
  }
}
