/* Short notices over the map, each with what can be done about it. */

import { h, iconButton } from "./dom.js";

export class Notices {
  constructor(text) {
    this.text = text;
    this.element = h("div", { class: "notices", role: "region", "aria-label": text("notices.label"), "aria-live": "polite" });
  }

  /* One notice of a kind at a time; `action` is {label, run}. */
  show(sentence, { kind = sentence, action = null, tone = "plain" } = {}) {
    this.drop(kind);
    const close = () => this.drop(kind);
    const run = () => {
      close();
      action.run();
    };
    this.element.append(h(
      "div",
      { class: `map-notice is-${tone}`, "data-kind": kind },
      h("p", {}, sentence),
      action ? h("button", { type: "button", class: "link-button", onclick: run }, action.label) : null,
      iconButton("close", this.text("close"), close),
    ));
  }

  drop(kind) {
    for (const notice of this.element.children) if (notice.dataset.kind === kind) notice.remove();
  }
}
