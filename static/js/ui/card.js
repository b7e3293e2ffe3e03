/* The card of the selected record: key facts, source and date, and the way to its page. */

import { nameOf, pageOf } from "../map/collections.js";
import { factsOf } from "../map/facts.js";
import { Choice } from "./choice.js";
import { h, icon, iconButton } from "./dom.js";

export class Card {
  #shown = null;

  constructor(app) {
    this.app = app;
    this.choices = new Map(Object.entries(app.data.compare).map(([id, { atMost }]) => [id, new Choice(atMost)]));
    this.element = h("section", { class: "map-card", "aria-label": app.text("card.label"), tabindex: "-1", hidden: true });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.#isMeant(event)) this.#close(event);
    });
    app.store.on("card", ({ card }) => this.#show(card));
  }

  /* Escape closes the card from anywhere but fields, dialogs and tools, which have their own use. */
  #isMeant({ target, defaultPrevented }) {
    const { store } = this.app;
    const elsewhere = target.closest?.("input, select, dialog, .popover");
    return store.get("card") && !store.get("tool") && !defaultPrevented && !elsewhere;
  }

  #close() {
    const { key } = this.app.store.get("card").feature;
    this.app.deselect();
    const row = document.querySelector(`.result[data-key="${CSS.escape(key)}"]`);
    if (row) row.focus();
    else this.app.renderer.focus();
  }

  #show(card) {
    const isSame = this.#shown === card?.feature.key;
    const hadFocus = this.element.contains(document.activeElement);
    this.#shown = card?.feature.key ?? null;
    this.element.hidden = !card;
    if (this.element.hidden) return;
    const { layer, feature, hits } = card;
    this.element.replaceChildren(
      this.#head(layer, feature, hits),
      h("div", { class: "map-card-body" }, this.#photo(feature), this.#placeless(feature), this.#facts(layer, feature), this.#provenance(layer, feature)),
      ...this.#foot(layer, feature),
    );
    // Brought up to date, it leaves its reader where that is.
    if (isSame && !hadFocus) return;
    this.element.scrollTop = 0;
    this.app.announce(`${layer.title}: ${nameOf(layer, feature, this.app.language)}`);
    // A page that opens with a record leaves the focus where readers begin.
    if (navigator.userActivation?.hasBeenActive !== false) this.element.focus({ preventScroll: true });
  }

  #head(layer, feature, hits) {
    const { text, language } = this.app;
    const district = feature.properties[`district_${language}`];
    return h(
      "header",
      { class: `card-head mark-${layer.id}` },
      h("p", { class: "card-kind" }, [layer.title, district].filter(Boolean).join(" · ")),
      h("h2", {}, nameOf(layer, feature, language)),
      hits.length > 1 ? this.#pager(feature, hits) : null,
      iconButton("close", text("close"), () => this.#close(), { class: "icon-button card-close" }),
    );
  }

  /* Through all records that lie at the place picked. */
  #pager(feature, hits) {
    const at = hits.findIndex((hit) => hit.feature.key === feature.key);
    const go = (step) => this.app.select(hits[(at + step + hits.length) % hits.length].feature.key, { hits });
    const { text } = this.app;
    return h(
      "div",
      { class: "card-pager" },
      iconButton("back", text("card.previous"), () => go(-1)),
      h("span", {}, text("card.of", { at: at + 1, n: hits.length })),
      iconButton("forward", text("card.next"), () => go(1)),
    );
  }

  #photo({ properties }) {
    const { photo } = properties;
    return photo ? h("img", { class: "map-card-photo", src: photo, alt: "", loading: "lazy" }) : null;
  }

  #placeless({ shape }) {
    return shape ? null : h("p", { class: "layer-note" }, this.app.text("card.noPlace"));
  }

  #facts(layer, feature) {
    const { key, more } = factsOf(layer, feature, this.app.format);
    const list = (facts) => h("dl", { class: "fact-list" }, facts.map(({ label, value, href }) =>
      h("div", {}, h("dt", {}, label), h("dd", {}, href ? h("a", { href, rel: "noopener" }, value) : value))));
    const rest = more.length ? h("details", { class: "card-more" }, h("summary", {}, this.app.text("card.more", { n: more.length })), list(more)) : null;
    return [list(key), rest];
  }

  #provenance(layer, feature) {
    const { text, format, language } = this.app;
    const { properties } = feature;
    const asOf = properties.as_of ?? layer.asOf;
    const unit = properties[`unit_${language}`] ?? layer.steward?.organisation;
    const phone = layer.steward?.phone;
    return h(
      "p",
      { class: "provenance" },
      asOf ? h("span", {}, text("card.asOf", { date: format.date(asOf) })) : null,
      unit ? h("span", {}, text("card.unit", { unit })) : null,
      !properties[`unit_${language}`] && phone ? h("span", {}, phone) : null,
      layer.source ? h("span", {}, text("card.source", { source: layer.source })) : null,
    );
  }

  /* The box that chooses this record for comparison, and the line that leads there; null and null
     where its kind is not compared. */
  #comparison(layer, feature) {
    const choice = this.choices.get(layer.id);
    if (!choice) return { box: null, way: null };
    const { text, language } = this.app;
    const id = String(feature.id);
    const input = h("input", { type: "checkbox", onchange: ({ target: { checked } }) => choose(checked) });
    const words = h("span", {});
    const link = h("a", { onclick: () => this.app.writeNow() });
    const way = h("p", { class: "card-comparison" }, link);
    const show = () => {
      const { all, atMost } = choice;
      input.checked = choice.has(id);
      input.disabled = choice.isFull && !input.checked;
      words.replaceChildren(text(input.disabled ? "card.compareFull" : "card.compare", { n: atMost }));
      way.hidden = all.length < 2;
      link.setAttribute("href", `${this.app.data.compare[layer.id].url}?ids=${all.map((one) => one.id).join(",")}`);
      link.replaceChildren(text("card.compareNow", { n: all.length }));
    };
    const choose = (checked) => {
      if (checked) choice.add({ id, name: nameOf(layer, feature, language) });
      else choice.remove(id);
      show();
    };
    show();
    return { box: h("label", { class: "tick" }, input, words), way };
  }

  #foot(layer, feature) {
    const { text } = this.app;
    const page = pageOf(layer, feature);
    const { box, way } = this.#comparison(layer, feature);
    const actions = h(
      "footer",
      { class: "card-actions" },
      page ? h("a", { class: "primary-button", href: page, onclick: () => this.app.writeNow() }, text("card.open"), icon("forward")) : null,
      box,
      h("span", { class: "card-actions-gap" }),
      feature.shape ? iconButton("target", text("card.goThere"), () => this.app.goTo(layer, feature)) : null,
      iconButton("link", text("copyLink"), () => this.app.copyLink()),
    );
    return way ? [way, actions] : [actions];
  }
}
