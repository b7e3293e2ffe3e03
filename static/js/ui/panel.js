/* The panel: three tabs beside the map; on a phone a sheet at the bottom with three heights. */

import { countConditions } from "../map/filters.js";
import { h, icon, iconButton } from "./dom.js";

const HEIGHTS = ["peek", "half", "full"];
/* The system may take a touch away, for a call or a gesture of its own. */
const ENDS = ["pointerup", "pointercancel"];
const STEPS = { peek: 0, half: 1, full: 2 };

export class Panel {
  /* `tabs` are [{id, icon, element}] in order. */
  constructor(app, element, tabs) {
    Object.assign(this, { app, element, tabs });
    const { text } = app;
    this.handle = h("button", { type: "button", class: "sheet-handle", "aria-label": text("panel.resize"), onclick: () => this.#cycle() });
    this.strip = h("div", { class: "tab-strip", role: "tablist", "aria-label": text("panel.label") }, tabs.map((tab) => this.#tab(tab)));
    this.close = iconButton("collapse", text("panel.close"), () => this.#toggle(), { class: "icon-button panel-close", "aria-expanded": "true" });
    this.panes = tabs.map(({ id, element: pane }) =>
      h("div", { id: `pane-${id}`, role: "tabpanel", class: "pane", "aria-labelledby": `tab-${id}`, tabindex: "-1" }, pane));
    element.replaceChildren(this.handle, h("div", { class: "panel-head" }, this.strip, this.close), ...this.panes);
    element.dataset.height = "peek";
    this.#drag();
    this.strip.addEventListener("keydown", (event) => this.#key(event));
    app.store.on("tab", () => this.#show());
    app.store.on("filters", () => this.#count());
    this.#show();
    this.#count();
    // An address that names a tab is asked for what stands in it.
    if (tabs.slice(1).some(({ id }) => id === app.store.get("tab"))) this.setHeight("half");
  }

  #tab({ id, icon: name }) {
    const label = this.app.text(`tab.${id}`);
    return h(
      "button",
      { type: "button", role: "tab", id: `tab-${id}`, class: "tab", "aria-controls": `pane-${id}`, onclick: () => this.#choose(id) },
      icon(name), h("span", {}, label),
    );
  }

  #choose(id) {
    this.app.store.set({ tab: id });
    if (this.element.dataset.height === "peek") this.setHeight("half");
  }

  #toggle() {
    this.app.store.set({ tab: this.app.store.get("tab") === "closed" ? "explore" : "closed" });
  }

  #key(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const ids = this.tabs.map(({ id }) => id);
    const next = ids[(ids.indexOf(event.target.id.slice(4)) + step + ids.length) % ids.length];
    this.#choose(next);
    document.getElementById(`tab-${next}`).focus();
  }

  #show() {
    const tab = this.app.store.get("tab");
    const shown = tab === "closed" ? null : tab;
    document.body.classList.toggle("panel-is-closed", tab === "closed");
    this.close.setAttribute("aria-expanded", String(tab !== "closed"));
    const label = this.app.text(tab === "closed" ? "panel.open" : "panel.close");
    this.close.setAttribute("aria-label", label);
    this.close.title = label;
    this.tabs.forEach(({ id }, index) => {
      const button = this.element.querySelector(`#tab-${id}`);
      const chosen = id === (shown ?? "explore");
      button.setAttribute("aria-selected", String(id === shown));
      button.tabIndex = chosen ? 0 : -1;
      this.panes[index].hidden = id !== shown;
    });
    this.app.renderer.resize();
  }

  /* How many filters are set stands on their tab, where it is seen from the others. */
  #count() {
    const n = countConditions(this.app.store.get("filters"));
    const tab = this.element.querySelector("#tab-filters");
    tab.querySelector(".tab-count")?.remove();
    if (n) tab.append(h("span", { class: "tab-count" }, String(n)));
  }

  /* --- The sheet --- */

  setHeight(height) {
    this.element.dataset.height = height;
    this.element.style.height = "";
  }

  #cycle() {
    // The click that ends a drag; the next one is meant.
    if (this.dragged) this.dragged = false;
    else this.setHeight(HEIGHTS[(STEPS[this.element.dataset.height] + 1) % HEIGHTS.length]);
  }

  #drag() {
    this.handle.addEventListener("pointerdown", (down) => {
      const from = this.element.getBoundingClientRect().height;
      this.handle.setPointerCapture(down.pointerId);
      this.dragged = false;
      const move = ({ clientY }) => {
        const height = from + down.clientY - clientY;
        if (Math.abs(down.clientY - clientY) > 6) this.dragged = true;
        if (this.dragged) this.element.style.height = `${height}px`;
      };
      const end = ({ type }) => {
        this.handle.removeEventListener("pointermove", move);
        for (const name of ENDS) this.handle.removeEventListener(name, end);
        if (this.dragged) this.#settle();
        if (type === "pointercancel") this.dragged = false;
      };
      this.handle.addEventListener("pointermove", move);
      for (const name of ENDS) this.handle.addEventListener(name, end);
    });
  }

  /* To the nearest of the three heights. */
  #settle() {
    const part = this.element.getBoundingClientRect().height / window.innerHeight;
    this.setHeight(part < 0.28 ? "peek" : part < 0.68 ? "half" : "full");
  }
}
