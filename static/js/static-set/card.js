/* The card of a record: its facts from the tile, and where they are from. */

import { nameOf } from "../map/collections.js";
import { factsOf } from "../map/facts.js";
import { h } from "../ui/dom.js";

export class Card {
  constructor(element, { text, format, map }) {
    Object.assign(this, { element, text, format, map });
    element.setAttribute("aria-label", text("card.label"));
    document.addEventListener("keydown", ({ key }) => key === "Escape" && !element.hidden && this.#close());
  }

  /* `found` are the records at the place picked: [{layer, feature}]; none closes the card. */
  show(found, at = 0) {
    this.element.hidden = !found.length;
    if (!found.length) return;
    const { layer, feature } = found[at];
    this.element.replaceChildren(
      h("header", {},
        h("p", { class: "set-card-kind" }, this.#kind(layer, feature)),
        h("h2", {}, nameOf(layer, feature, this.format.language)),
        h("button", { type: "button", class: "set-close", "aria-label": this.text("close"), onclick: () => this.#close() }, "×")),
      ...this.#pager(found, at),
      ...this.#facts(layer, feature),
      this.#origin(layer, feature),
    );
    this.element.scrollTop = 0;
    this.element.focus({ preventScroll: true });
  }

  #close() {
    this.element.hidden = true;
    this.map.getCanvas().focus();
  }

  #kind(layer, { properties }) {
    return [layer.title, properties[`district_${this.format.language}`]].filter(Boolean).join(" · ");
  }

  #pager(found, at) {
    if (found.length < 2) return [];
    const step = (by, key) => h("button", { type: "button", class: "set-button", onclick: () => this.show(found, (at + by + found.length) % found.length) }, this.text(key));
    return [h("div", { class: "set-pager" }, step(-1, "card.previous"), h("span", {}, this.text("card.of", { at: at + 1, n: found.length })), step(1, "card.next"))];
  }

  #facts(layer, feature) {
    const { key, more } = factsOf(layer, feature, this.format);
    const list = (facts) => h("dl", {}, facts.map(({ label, value, href }) =>
      h("div", {}, h("dt", {}, label), h("dd", {}, href ? h("a", { href, rel: "noopener" }, value) : value))));
    if (!more.length) return [list(key)];
    return [list(key), h("details", {}, h("summary", {}, this.text("card.more", { n: more.length })), list(more))];
  }

  #origin(layer, { properties }) {
    const { text, format } = this;
    const { organisation, person, phone } = layer.steward ?? {};
    const asOf = properties.as_of ?? layer.asOf;
    const unit = [organisation, person, phone].filter(Boolean).join(" ");
    const said = [
      asOf && text("card.asOf", { date: format.date(asOf) }),
      unit && text("card.unit", { unit }),
      layer.source && text("card.source", { source: layer.source }),
    ];
    return h("p", { class: "set-origin" }, said.filter(Boolean).map((words) => h("span", {}, words)));
  }
}
