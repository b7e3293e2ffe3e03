// What the panel, the card, the filters and the layer tree do with what a visitor does.
import assert from "node:assert/strict";
import { test } from "node:test";

import { App } from "../../static/js/map/app.js";
import { Store } from "../../static/js/map/store.js";
import { Card } from "../../static/js/ui/card.js";
import { FilterForm } from "../../static/js/ui/filter-form.js";
import { LayerTree } from "../../static/js/ui/layer-tree.js";
import { Panel } from "../../static/js/ui/panel.js";
import { furnish } from "./document.js";

const make = furnish();
const URLS = { collections: "/api/collections", items: "/api/collections/{id}/items", item: "/api/collections/{id}/items/{item}" };
const layerOf = (id) => ({ id, title: id, minZoom: 0, maxZoom: 22, count: 1, fields: new Map(), label: { zh: "name", en: "name" }, style: { kind: "single", base: {} }, page: null });
const LAYERS = new Map(["parks", "sites"].map((id) => [id, layerOf(id)]));

function appWith(state = {}) {
  return {
    language: "en",
    text: (key) => key,
    format: { number: String, date: String },
    data: { urls: URLS, compare: { sites: { url: "/sites/compare/", atMost: 2 } } },
    catalogue: { layers: LAYERS, groups: [{ id: "offers", title: "Offers", layers: [...LAYERS.values()] }] },
    loader: { entry: () => null },
    renderer: { view: { zoom: 10 }, resize() {}, select() {} },
    announce() {},
    store: new Store({ layers: [], filters: {}, themes: {}, loading: {}, tab: "explore", card: null, view: null, ...state }),
  };
}

test("a group of filters stays as the visitor left it", () => {
  const app = appWith();
  const form = new FilterForm(app);
  const groups = () => form.body.children.map((group) => "open" in group.attributes);
  assert.deepEqual(groups(), [true, false]);
  form.body.children[0].open = false;
  form.body.children[0].fire("toggle");
  app.store.set({ loading: { parks: { state: "ready" } } });
  assert.deepEqual(groups(), [false, false]);
});

test("a group with a condition in the address begins open", () => {
  const form = new FilterForm(appWith({ filters: { sites: { kind: { any: ["plot"] } } } }));
  assert.deepEqual(form.body.children.map((group) => "open" in group.attributes), [true, true]);
});

function sheet() {
  const element = make("aside");
  const panel = new Panel(appWith(), element, [{ id: "explore", icon: "search", element: make("div") }]);
  element.getBoundingClientRect = () => ({ height: Number.parseFloat(element.style.height) || 100 });
  panel.handle.setPointerCapture = () => {};
  panel.handle.fire("pointerdown", { pointerId: 1, clientY: 700 });
  panel.handle.fire("pointermove", { clientY: 400 });
  return { panel, element };
}

for (const end of ["pointerup", "pointercancel"]) {
  test(`after ${end} the sheet has settled and no longer follows the finger`, () => {
    const { panel, element } = sheet();
    assert.equal(element.style.height, "400px");
    panel.handle.fire(end);
    assert.deepEqual([element.dataset.height, element.style.height], ["half", ""]);
    panel.handle.fire("pointermove", { clientY: 100 });
    assert.equal(element.style.height, "");
  });
}

test("the click that ends a drag does nothing, the next one changes the height", () => {
  const { panel, element } = sheet();
  panel.handle.fire("pointerup");
  panel.handle.fire("click");
  assert.equal(element.dataset.height, "half");
  panel.handle.fire("click");
  assert.equal(element.dataset.height, "full");
});

test("a touch taken away has no click: the next one changes the height", () => {
  const { panel, element } = sheet();
  panel.handle.fire("pointercancel");
  panel.handle.fire("click");
  assert.equal(element.dataset.height, "full");
});

test("the data of a layer are offered in the visitor's language", () => {
  const tree = new LayerTree(appWith());
  tree.render();
  tree.element.all("button").find(({ attributes }) => attributes["data-stop"] === "more:parks").fire("click");
  const links = tree.element.all("a").map(({ attributes }) => attributes.href);
  assert.deepEqual(links, ["/api/collections/parks?lang=en"]);
});

const PLACELESS = { id: "a", key: "parks/a", layer: "parks", properties: { name: "Park A" }, shape: null };

test("a selected record without a place has its card, which says so", () => {
  const app = appWith();
  const card = new Card(app);
  app.store.set({ card: { layer: LAYERS.get("parks"), feature: PLACELESS, hits: [] } });
  assert.equal(card.element.hidden, false);
  assert.match(card.element.text, /Park A.*card\.noPlace/);
  const labels = card.element.all("button").map(({ attributes }) => attributes["aria-label"]);
  assert.ok(!labels.includes("card.goThere"));
});

test("the map does not go to a record without a place", async () => {
  const data = { urls: URLS, language: "en", baseMaps: [] };
  const app = new App({ data, catalogue: { layers: LAYERS, groups: [] }, text: String, format: {}, search: "?layers=parks" });
  const asked = [];
  app.renderer = { select: (feature) => asked.push(feature) };
  app.loader.one = async () => PLACELESS;
  await app.select("parks/a", { goThere: true });
  assert.deepEqual(asked, [null]);
  assert.equal(app.store.get("card").feature, PLACELESS);
});

test("sites are gathered for comparison from their cards, no more than can be compared, and parks are not", () => {
  const kept = {};
  globalThis.sessionStorage = { getItem: (name) => kept[name] ?? null, setItem: (name, value) => (kept[name] = value) };
  const app = appWith();
  const card = new Card(app);
  const show = (layer, id) => app.store.set({ card: { layer: LAYERS.get(layer), feature: { id, key: `${layer}/${id}`, layer, properties: { name: `Name ${id}` }, shape: null }, hits: [] } });
  const box = () => card.element.all("input")[0];
  const tick = (checked) => {
    box().fire("change", { target: { checked } });
  };
  show("parks", "p");
  assert.equal(box(), undefined);
  for (const id of ["a", "b"]) {
    show("sites", id);
    tick(true);
  }
  assert.deepEqual(card.element.all("a").map(({ attributes }) => attributes.href), ["/sites/compare/?ids=a,b"]);
  show("sites", "c");
  assert.equal(box().disabled, true);
  show("sites", "a");
  assert.equal(box().checked, true);
  tick(false);
  assert.deepEqual(JSON.parse(kept["compare-sites"]), [{ id: "b", name: "Name b" }]);
  delete globalThis.sessionStorage;
});
