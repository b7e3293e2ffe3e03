/* The search box: a combobox over everything the service knows by name, code, industry or place. */

import { fillUrl, requestJSON } from "../map/request.js";
import { h, icon, iconButton } from "./dom.js";

const PAUSE = 180; // milliseconds after the last key
const LIMIT = 12;

export class SearchBox {
  #abort = null;
  #timer = null;
  #options = [];
  #active = -1;
  #hasFailed = false;

  constructor(app) {
    this.app = app;
    const { text } = app;
    this.input = h("input", {
      id: "search", type: "search", role: "combobox", maxlength: "100", autocomplete: "off", spellcheck: "false",
      placeholder: text("search.placeholder"), "aria-label": text("search.label"),
      "aria-expanded": "false", "aria-controls": "search-results", "aria-autocomplete": "list",
      oninput: () => this.#typed(), onkeydown: (event) => this.#key(event),
      onfocus: () => this.#options.length && this.#open(true),
      // Who comes back at once finds it open.
      onblur: () => setTimeout(() => document.activeElement === this.input || this.#open(false), 150),
    });
    this.list = h("ul", { id: "search-results", role: "listbox", "aria-label": text("search.results"), class: "search-results", hidden: true });
    this.clear = iconButton("close", text("search.clear"), () => this.#clear(), { class: "icon-button search-clear", hidden: true });
    this.message = h("p", { class: "search-message", role: "status", hidden: true });
    this.element = h("div", { class: "search", role: "search" }, h("div", { class: "search-field" }, icon("search"), this.input, this.clear), this.list, this.message);
    window.addEventListener("online", () => this.#hasFailed && this.#ask());
    const { query } = app.store.state;
    if (query) {
      this.input.value = query;
      this.#ask();
    }
  }

  #typed() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), PAUSE);
  }

  #clear() {
    this.input.value = "";
    this.app.setPlace(null);
    this.#ask();
    this.input.focus();
  }

  async #ask() {
    const query = this.input.value.trim();
    this.clear.hidden = !this.input.value;
    this.app.store.set({ query });
    this.#abort?.abort();
    this.#hasFailed = false;
    this.#say(null);
    if (!query) return this.#show([]);
    this.#abort = new AbortController();
    const { urls, language } = this.app.data;
    try {
      const url = fillUrl(urls.search, {}, { q: query, limit: LIMIT, lang: language });
      const found = await requestJSON(url, { signal: this.#abort.signal });
      this.#found(found, query);
    } catch (error) {
      if (error.name !== "AbortError") this.#failed();
    }
  }

  #found({ features, exact }, query) {
    const { text } = this.app;
    const note = exact ? "" : text("search.near", { query });
    this.#show(features, note);
    if (!features.length) this.#say(text("search.none", { query }));
    else this.app.announce([note, text("search.found", { n: features.length })].filter(Boolean).join(" "));
  }

  #failed() {
    this.#hasFailed = true;
    this.#show([]);
    const { text } = this.app;
    const retry = h("button", { type: "button", class: "link-button", onclick: () => this.#ask() }, text("retry"));
    this.#say(text("search.failed"), retry);
  }

  #say(sentence, ...more) {
    this.message.hidden = !sentence;
    this.message.replaceChildren(...(sentence ? [sentence, " ", ...more] : []));
  }

  /* `note` stands above the options, drawn by the style sheet: a list of options holds no others. */
  #show(features, note = "") {
    this.list.dataset.note = note;
    this.#active = -1;
    this.#options = features.map((feature, index) => this.#option(feature, index));
    this.list.replaceChildren(...this.#options.map(({ element }) => element));
    this.#open(document.activeElement === this.input);
  }

  #option({ properties, geometry }, index) {
    const { id, layer, title, subtitle, layerTitle } = properties;
    const choose = () => this.#choose(`${layer}/${id}`, layer, geometry.coordinates);
    const element = h(
      "li",
      { id: `search-${index}`, role: "option", "aria-selected": "false", class: "search-option", onmousedown: (event) => event.preventDefault(), onclick: choose },
      h("span", { class: "search-title" }, title),
      h("span", { class: "search-layer" }, layerTitle),
      subtitle ? h("span", { class: "search-subtitle" }, subtitle) : null,
    );
    return { element, choose };
  }

  #choose(key, layer, position) {
    this.#open(false);
    const isRecord = this.app.catalogue.layers.has(layer);
    this.app.setPlace(isRecord ? null : position);
    if (isRecord) this.app.select(key, { goThere: true });
  }

  #open(wanted) {
    const open = wanted && this.#options.length > 0;
    this.list.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
    if (!open) this.#activate(-1);
  }

  #key(event) {
    const last = this.#options.length - 1;
    if (event.key === "ArrowDown") this.#move(event, this.#active < last ? this.#active + 1 : 0);
    else if (event.key === "ArrowUp") this.#move(event, this.#active > 0 ? this.#active - 1 : last);
    else if (event.key === "Enter") this.#enter(event);
    else if (event.key === "Escape" && !this.list.hidden) {
      event.stopPropagation();
      event.preventDefault();
      this.#open(false);
    }
  }

  #enter(event) {
    const chosen = this.#options[Math.max(0, this.#active)];
    if (!chosen || this.list.hidden) return;
    event.preventDefault();
    chosen.choose();
  }

  #move(event, index) {
    event.preventDefault();
    if (!this.#options.length) return;
    this.#open(true);
    this.#activate(index);
  }

  #activate(index) {
    this.#options[this.#active]?.element.setAttribute("aria-selected", "false");
    this.#active = index;
    const { element } = this.#options[index] ?? {};
    element?.setAttribute("aria-selected", "true");
    element?.scrollIntoView({ block: "nearest" });
    if (element) this.input.setAttribute("aria-activedescendant", element.id);
    else this.input.removeAttribute("aria-activedescendant");
  }
}
