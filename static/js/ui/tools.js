/* The tools at the right of the map. */

import { h, icon, iconButton } from "./dom.js";
import { Measure } from "./measure.js";

export class Tools {
  constructor(app, stage) {
    this.app = app;
    this.stage = stage;
    this.measure = new Measure(app);
    this.baseMaps = this.#baseMapMenu();
    const { text, renderer } = app;
    const group = (...buttons) => h("div", { class: "tool-group" }, buttons);
    this.element = h(
      "div",
      { class: "tools", role: "group", "aria-label": text("tools.label") },
      group(
        iconButton("plus", text("tools.zoomIn"), () => renderer.zoomBy(1)),
        iconButton("minus", text("tools.zoomOut"), () => renderer.zoomBy(-1)),
        iconButton("home", text("tools.home"), () => this.app.home()),
      ),
      group(
        iconButton("locate", text("tools.locate"), () => this.#locate()),
        (this.measureButton = iconButton("measure", text("tools.measure"), () => this.#toggleMeasure(), { "aria-expanded": "false" })),
        (this.baseButton = iconButton("basemap", text("tools.baseMap"), () => this.#toggleBaseMaps(), { "aria-expanded": "false", hidden: !app.data.baseMaps.length })),
      ),
      group(
        iconButton("fullscreen", text("tools.fullScreen"), () => this.#fullScreen(), { class: "icon-button tool-fullscreen" }),
        iconButton("print", text("tools.print"), () => app.store.set({ print: true })),
        iconButton("link", text("copyLink"), () => app.copyLink()),
      ),
    );
    app.store.on("tool", ({ tool }) => this.measureButton.setAttribute("aria-expanded", String(tool === "measure")));
  }

  #toggleMeasure() {
    if (this.measure.isActive) this.measure.stop();
    else this.measure.start("distance");
  }

  /* --- Base maps --- */

  #baseMapMenu() {
    const { text, data, store } = this.app;
    const choices = [{ id: "none", title: text("baseMap.none") }, ...data.baseMaps];
    const options = choices.map(({ id, title }) =>
      h("label", {}, h("input", { type: "radio", name: "base-map", value: id, checked: store.get("base") === id, onchange: () => store.set({ base: id }) }), title));
    const menu = h("section", { class: "popover base-maps", hidden: true }, h("fieldset", {}, h("legend", {}, text("tools.baseMap")), options));
    menu.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.#toggleBaseMaps();
    });
    return menu;
  }

  #toggleBaseMaps() {
    this.baseMaps.hidden = !this.baseMaps.hidden;
    this.baseButton.setAttribute("aria-expanded", String(!this.baseMaps.hidden));
    if (this.baseMaps.hidden) this.baseButton.focus();
    else this.baseMaps.querySelector("input:checked").focus();
  }

  /* --- Where am I --- */

  #locate() {
    const { text } = this.app;
    if (!navigator.geolocation || !window.isSecureContext) return this.app.notify(text("locate.insecure"));
    this.app.announce(text("locate.searching"));
    const options = { enableHighAccuracy: true, timeout: 10000, maximumAge: 60000 };
    return navigator.geolocation.getCurrentPosition(
      ({ coords }) => this.#located([coords.longitude, coords.latitude], coords.accuracy),
      ({ code }) => this.app.notify(text(`locate.failed.${code}`)),
      options,
    );
  }

  #located(position, accuracy) {
    const { app } = this;
    const [west, south, east, north] = app.data.extent ?? [-180, -90, 180, 90];
    const [lon, lat] = position;
    app.renderer.setPosition({ position, accuracy });
    if (lon < west || lon > east || lat < south || lat > north) return app.notify(app.text("locate.outside"));
    app.renderer.setView({ zoom: Math.max(13, app.renderer.view.zoom), lat, lon });
    return app.announce(app.text("locate.found", { metres: app.format.distance(accuracy) }));
  }

  /* --- Full screen --- */

  async #fullScreen() {
    const target = this.stage.closest("main");
    try {
      if (document.fullscreenElement) await document.exitFullscreen();
      else await target.requestFullscreen();
    } catch {
      this.app.notify(this.app.text("tools.noFullScreen"));
    }
  }
}

export function watchFullScreen(app, button) {
  document.addEventListener("fullscreenchange", () => {
    const label = app.text(document.fullscreenElement ? "tools.exitFullScreen" : "tools.fullScreen");
    button.setAttribute("aria-label", label);
    button.title = label;
    button.replaceChildren(icon(document.fullscreenElement ? "exit-fullscreen" : "fullscreen"));
  });
}
