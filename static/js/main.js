/* The entry of the map page: reads the page's data, asks for the catalogue, puts the parts together. */

import { App } from "./map/app.js";
import { haveSameLayers, readCollections } from "./map/collections.js";
import { Connection } from "./map/connection.js";
import { Format } from "./map/format.js";
import { loadIcons } from "./map/icons.js";
import { Keeper } from "./map/keeper.js";
import { LeafletRenderer } from "./map/leaflet/renderer.js";
import { fillUrl, Refused } from "./map/request.js";
import en from "./text/en.js";
import { textIn } from "./text/text.js";
import zh from "./text/zh.js";
import { Card } from "./ui/card.js";
import { h, useSprite } from "./ui/dom.js";
import { FilterForm } from "./ui/filter-form.js";
import { LayerTree } from "./ui/layer-tree.js";
import { Notices } from "./ui/notices.js";
import { Panel } from "./ui/panel.js";
import { PrintView } from "./ui/print-view.js";
import { ResultsList } from "./ui/results-list.js";
import { SearchBox } from "./ui/search-box.js";
import { StatusLine } from "./ui/status-line.js";
import { Tools, watchFullScreen } from "./ui/tools.js";
import { welcome } from "./ui/welcome.js";

const data = JSON.parse(document.getElementById("page-data").textContent);
const text = textIn(data.language === "zh" ? zh : en, data.language);
const notices = new Notices(text);
const [stage, mapElement, panelElement, live] = ["stage", "map", "panel", "live"].map((id) => document.getElementById(id));
const format = new Format(data.language);
const catalogueUrl = fillUrl(data.urls.collections, {}, { lang: data.language });
const connection = new Connection({ address: catalogueUrl, changed: tellConnection, found: takeUp });
const keeper = new Keeper(data.urls.offline);
let app = null;
const LAYER_COLORS = { parks: "--park", sites: "--site", projects: "--project" };

let opening = null;

function open() {
  opening ??= load().finally(() => {
    opening = null;
  });
  return opening;
}

async function load() {
  useSprite(data.urls.icons);
  stage.append(notices.element);
  notices.drop("catalogue");
  mapElement.setAttribute("aria-busy", "true");
  try {
    const [collections, icons] = await Promise.all([connection.json(catalogueUrl), loadIcons(data.urls.icons)]);
    await build(readCollections(collections), icons);
  } catch (error) {
    mapElement.removeAttribute("aria-busy");
    panelElement.replaceChildren(failedPanel());
    const action = { label: text("retry"), run: open };
    notices.show(text("failure.catalogue"), { kind: "catalogue", tone: "bad", action });
    if (!(error instanceof Refused) && error.name !== "Unreachable") throw error;
  }
}

/* The notice may be closed; where the search would be it stays said what to do. */
function failedPanel() {
  const retry = h("button", { type: "button", class: "link-button", onclick: open }, text("retry"));
  return h("p", { class: "panel-wait" }, text("failure.catalogue"), " ", retry);
}

async function build(catalogue, icons) {
  app = new App({ data, catalogue, text, format, search: location.search, connection });
  Object.assign(app, speakers(app));
  const renderer = new LeafletRenderer(mapElement, {
    language: data.language,
    icons,
    colors: layerColors(catalogue),
    reducedMotion: matchMedia("(prefers-reduced-motion: reduce)").matches,
  });
  app.renderer = renderer;
  const strip = welcome(app);
  if (strip) stage.append(strip);
  app.open({ top: strip ? strip.offsetHeight + 12 : 0 });
  furnish(app);
  report(app);
  tellConnection();
  await app.start();
}

/* The colour of each layer in cluster rings: the site's own for what is offered, else its marker's. */
function layerColors({ layers }) {
  const styles = getComputedStyle(document.documentElement);
  return new Map([...layers.values()].map(({ id, style }) => {
    const own = LAYER_COLORS[id] && styles.getPropertyValue(LAYER_COLORS[id]).trim();
    return [id, own || style.marker?.color || style.base?.fill || style.base?.color];
  }));
}

function speakers(app) {
  return {
    announce(sentence) {
      live.textContent = sentence;
    },
    notify: (sentence, options) => notices.show(sentence, options),
    async copy(what, done) {
      try {
        await navigator.clipboard.writeText(what);
        notices.show(text(done), { kind: "copied" });
      } catch {
        notices.show(text("copyFailed"), { kind: "copied" });
      }
    },
    copyLink() {
      app.writeNow();
      return this.copy(location.href, "copied");
    },
  };
}

function furnish(app) {
  const tree = new LayerTree(app);
  const tools = new Tools(app, stage);
  const print = new PrintView(app);
  const card = new Card(app);
  const explore = h("div", { class: "explore" }, new SearchBox(app).element, new ResultsList(app).element);
  new Panel(app, panelElement, [
    { id: "explore", icon: "search", element: explore },
    { id: "layers", icon: "layers", element: tree.element },
    { id: "filters", icon: "filter", element: new FilterForm(app).element },
  ]);
  stage.append(...[tools.element, tools.measure.element, tools.baseMaps, card.element]);
  stage.append(new StatusLine(app).element, ...print.elements);
  watchFullScreen(app, tools.element.querySelector(".tool-fullscreen"));
  tree.render();
  print.open();
  app.covered = () => coveredBy(card.element);
  pickToCard(app, tools.measure);
  new ResizeObserver(() => print.isPrinting || app.renderer.resize()).observe(stage);
}

/* What the card covers in pixels: the foot of the map on a phone, where it is as wide, else a side. */
function coveredBy(card) {
  const [map, over] = [mapElement, card].map((element) => element.getBoundingClientRect());
  if (!over.width) return { bottom: 0, left: 0 };
  if (over.width >= map.width) return { bottom: Math.max(0, map.bottom - over.top), left: 0 };
  return { bottom: 0, left: over.right - map.left };
}

function pickToCard(app, measure) {
  app.renderer.addEventListener("pick", ({ detail: { hits } }) => {
    if (measure.isActive) return;
    if (hits.length) app.select(hits[0].feature.key, { hits });
    else if (app.store.get("card")) app.deselect();
  });
}

/* What went wrong, in words; whether the map is at rest, for assistive tools and tests. */
function report(app) {
  const { store } = app;
  if (app.problems.length) {
    notices.show(text("address.problems", { list: [...new Set(app.problems)].join(text("list.comma")) }), { kind: "address" });
  }
  store.on(["loading", "isWriting"], ({ loading, isWriting }) => {
    const isLoading = Object.values(loading).some(({ state }) => state === "loading");
    mapElement.setAttribute("aria-busy", String(isLoading || isWriting));
    if (!isLoading && !isWriting) keeper.rests(location.pathname, () => [...app.addresses, catalogueUrl]);
  });
  store.on("loading", () => reportLayers(app));
  store.on("failure", ({ failure }) => failure && reportRecord(app, failure));
  store.on("written", ({ written }) => keepLanguageLinks(written));
  window.addEventListener("error", () => notices.show(text("failure.script"), { kind: "script", tone: "bad" }));
}

/* --- Without the service --- */

/* What is shown is as of then: said over the map, and in the status line for who closes that. */
function tellConnection() {
  const { asOf } = connection;
  app?.store.set({ asOf });
  if (!asOf) return notices.drop("connection");
  const action = { label: text("retry"), run: () => connection.look().then(tellConnection) };
  return notices.show(text("offline.notice", { time: format.moment(asOf) }), { kind: "connection", tone: "warning", action });
}

/* The service answers again. Layers that have come, gone or changed their make need a new page; it
   comes back to this view. */
async function takeUp(collections) {
  if (!app) return open();
  const catalogue = readCollections(collections);
  if (!haveSameLayers(app.catalogue, catalogue)) {
    app.writeNow();
    return location.reload();
  }
  // What the greeting of a kept page counts is of then.
  if (document.documentElement.dataset.kept) stage.querySelector(".welcome")?.remove();
  app.announce(text("offline.over"));
  return app.renew(catalogue);
}

function watchConnection() {
  connection.heard(document.documentElement.dataset.kept ?? null);
  window.addEventListener("online", () => connection.look());
  document.addEventListener("visibilitychange", () => document.hidden || connection.look());
}

/* One notice for all layers that did not come. */
function reportLayers(app) {
  const { failed } = app;
  if (!failed.length) return notices.drop("layers");
  const list = failed.slice(0, 3).map(({ title }) => title).join(text("list.comma"));
  const sentence = text(failed.length > 3 ? "failure.layers" : "failure.layer", { list, n: failed.length });
  const action = { label: text("retry"), run: () => failed.forEach(({ id }) => app.retry(id)) };
  return notices.show(sentence, { kind: "layers", tone: "bad", action });
}

function reportRecord(app, { error, key }) {
  const known = error instanceof Refused;
  const action = known ? null : { label: text("retry"), run: () => app.select(key, { goThere: true }) };
  notices.show(text(known ? "failure.record" : "failure.recordNetwork"), { kind: "record", tone: "bad", action });
  app.store.set({ failure: null });
}

/* The same view in the other language. */
function keepLanguageLinks(search) {
  for (const link of document.querySelectorAll("a[hreflang]")) {
    const url = new URL(link.href);
    url.search = search;
    link.href = url.href;
  }
}

watchConnection();
open();
