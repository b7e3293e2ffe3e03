/* The page's state, and what follows from each change of it: loading, drawing, the address. */

import { readAddress, writeAddress } from "./address.js";
import { isInZoom, isTiled } from "./collections.js";
import { knownFilters, predicate } from "./filters.js";
import { History } from "./history.js";
import { Loader, PAGE } from "./loader.js";
import { resultsOf } from "./results.js";
import { LayerView } from "./scene.js";
import { Store } from "./store.js";
import { compileStyle, themesOf } from "./style.js";
import { TileReader } from "./tiles/reader.js";

const REST = 250; // milliseconds without a change before the address is written

export class App {
  #views = new Map();
  #selecting = null;
  #writing = null;
  #hadView = false;

  /* `problems` are the parameters of the address that could not be read. */
  constructor({ data, catalogue, text, format, search, connection }) {
    Object.assign(this, { data, catalogue, text, format, language: data.language });
    const { state, problems } = readAddress(search);
    this.problems = problems;
    this.defaults = defaultsOf(catalogue, data);
    this.store = new Store({ ...this.defaults, ...this.#known(state), ...FRESH });
    const reader = new TileReader(data.urls.tileWorker, (kept) => connection.heard(kept));
    this.loader = new Loader({
      readTile: (url, tile, signal) => connection.watch(reader.read(url, tile, signal)),
      request: (url, options) => connection.json(url, options),
      urls: data.urls,
      cdn: data.cdn,
      language: data.language,
      changed: (layer, entry) => this.#loaded(layer, entry),
    });
  }

  /* The state of the address as far as it names what there is; the rest becomes problems. */
  #known(state) {
    const { layers } = this.catalogue;
    const { known, unknown } = knownFilters(state.filters, layers);
    const found = state.layers?.filter((id) => layers.has(id));
    if (found && found.length < state.layers.length) this.problems.push("layers");
    // Where nothing asked for exists, the usual layers say more than an empty map.
    const ids = found?.length || !state.layers?.length ? found : undefined;
    const themes = Object.entries(state.themes ?? {}).filter(([id, field]) => hasTheme(layers.get(id), field));
    if (themes.length < Object.keys(state.themes ?? {}).length) this.problems.push("theme");
    const selected = layers.has(state.selected?.split("/")[0]) ? state.selected : undefined;
    if (state.selected && !selected) this.problems.push("select");
    const isBase = state.base === "none" || this.data.baseMaps.some(({ id }) => id === state.base);
    if (state.base && !isBase) this.problems.push("base");
    this.problems.push(...unknown);
    const read = { ...state, filters: known, layers: ids, selected, base: isBase ? state.base : undefined };
    read.themes = { ...this.defaults.themes, ...Object.fromEntries(themes) };
    return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined));
  }

  /* --- Start --- */

  /* Set the first view; `top` is the height in pixels that something covers at the top of the map. */
  open({ top = 0 } = {}) {
    const { view, box } = this.store.state;
    if (view) this.renderer.setView(view);
    else if (box) this.renderer.fit(box, { padding: 60, top });
    else this.renderer.fit(this.data.extent ?? this.#extentOfLayers() ?? WORLD, { padding: 12, top });
    this.#hadView = Boolean(view ?? box);
  }

  /* Begin to load, draw and follow what the visitor does. */
  async start() {
    const { selected } = this.store.state;
    this.#listen();
    this.history = new History({
      current: () => ({ address: this.address, isOpen: Boolean(this.store.get("selected")) }),
      adopt: (search) => this.#adopt(search),
      written: () => this.store.set({ isWriting: false, written: location.search }),
    });
    this.store.set({ view: this.renderer.view });
    this.#showBaseMap();
    this.#showLayers();
    if (selected) await this.select(selected, { goThere: !this.#hadView });
  }

  /* Show the whole city. */
  home() {
    if (this.data.extent) this.renderer.fit(this.data.extent);
  }

  #extentOfLayers() {
    return [...this.catalogue.layers.values()].find(({ extent }) => extent)?.extent ?? null;
  }

  #listen() {
    const { store, renderer } = this;
    renderer.addEventListener("move", () => store.set({ view: renderer.view }));
    renderer.addEventListener("hover", ({ detail }) => this.hover(detail?.feature ?? null));
    store.on("layers", () => this.#showLayers());
    store.on("view", () => this.#follow());
    store.on("themes", () => this.#restyle());
    store.on("filters", () => this.#filter());
    store.on("base", () => this.#showBaseMap());
    store.on(["view", "layers", "filters", "loading"], () => this.#list());
    store.on(Object.keys(this.defaults), () => this.#write());
  }

  /* --- Layers --- */

  get views() {
    return [...this.#views.values()];
  }

  view(id) {
    return this.#views.get(id);
  }

  #showLayers() {
    const wanted = this.store.get("layers");
    for (const id of this.#views.keys()) {
      if (!wanted.includes(id)) this.#hide(id);
    }
    for (const id of wanted) {
      if (!this.#views.has(id)) this.#show(this.catalogue.layers.get(id));
    }
    this.#follow();
  }

  #hide(id) {
    this.#views.delete(id);
    this.renderer.removeLayer(id);
    this.loader.leave(this.catalogue.layers.get(id));
    if (this.store.get("selected")?.startsWith(`${id}/`)) this.deselect();
  }

  #show(layer) {
    const { themes, filters } = this.store.state;
    const place = [...this.catalogue.layers.keys()].indexOf(layer.id);
    const view = new LayerView(layer, compileStyle(layer.style, themes[layer.id]), place);
    view.setFilter(testFor(layer, filters));
    view.setFeatures(this.loader.entry(layer.id)?.features ?? []);
    this.#views.set(layer.id, view);
    this.#drawInZoom(view);
  }

  #drawInZoom(view) {
    if (isInZoom(view.layer, this.renderer.view.zoom)) this.renderer.setLayer(view);
    else this.renderer.removeLayer(view.layer.id);
  }

  #follow() {
    const { zoom } = this.renderer.view;
    this.loader.follow(this.views.map(({ layer }) => layer), zoom, this.renderer.box, this.store.get("filters"));
    this.views.forEach((view) => this.#drawInZoom(view));
  }

  #loaded(layer, entry) {
    const view = this.#views.get(layer.id);
    view?.setFeatures(entry.features);
    this.renderer.refresh();
    this.store.set({ loading: { ...this.store.get("loading"), [layer.id]: summaryOf(entry) } });
  }

  /* The layers shown that could not be loaded. */
  get failed() {
    const { loading } = this.store.state;
    return this.views.map(({ layer }) => layer).filter(({ id }) => loading[id]?.state === "error");
  }

  /* Whether a layer to be seen at this zoom is still awaited. */
  get isLoading() {
    const { loading } = this.store.state;
    const { zoom } = this.renderer.view;
    const awaited = ({ layer }) => !loading[layer.id] && isInZoom(layer, zoom);
    return this.views.some(awaited) || Object.values(loading).some(({ state }) => state === "loading");
  }

  retry(id) {
    this.loader.retry(this.catalogue.layers.get(id), this.renderer.box);
  }

  /* Take over a newer catalogue of the same layers, and bring anew what is shown. */
  async renew({ layers }) {
    for (const [id, layer] of this.catalogue.layers) Object.assign(layer, layers.get(id));
    this.loader.renew();
    this.#follow();
    const { selected } = this.store.state;
    if (selected) await this.select(selected, { isAnew: true });
  }

  /* The addresses of all that is shown. */
  get addresses() {
    const { address } = this.store.get("card")?.feature ?? {};
    return [...this.views.flatMap(({ layer }) => this.loader.addresses(layer.id)), ...(address ? [address] : [])];
  }

  toggle(id, on) {
    const others = this.store.get("layers").filter((other) => other !== id);
    this.store.set({ layers: on ? [...others, id] : others });
  }

  setTheme(id, field) {
    this.store.set({ themes: { ...this.store.get("themes"), [id]: field } });
  }

  #restyle() {
    for (const view of this.views.filter(({ style }) => style.isTheme)) {
      view.setStyle(compileStyle(view.layer.style, this.store.get("themes")[view.layer.id]));
    }
    this.renderer.refresh();
  }

  #filter() {
    for (const view of this.views) view.setFilter(testFor(view.layer, this.store.get("filters")));
    this.#follow();
    this.renderer.refresh();
  }

  #showBaseMap() {
    const id = this.store.get("base");
    this.renderer.setBaseMap(this.data.baseMaps.find((baseMap) => baseMap.id === id) ?? null);
  }

  #list() {
    const sections = resultsOf(this.views, this.renderer.view.zoom, this.renderer.box, this.language);
    this.store.set({ sections });
  }

  /* --- Records --- */

  hover(feature) {
    this.renderer.highlight(feature);
    this.store.set({ hovered: feature?.key ?? null });
  }

  /* Select a record by its key "layer/id": switch its layer on, go there, show its card.
     `hits` are the records it was picked among; `isAnew`: as the service has it now. */
  async select(key, { goThere = false, hits = [], isAnew = false } = {}) {
    const cut = key.indexOf("/");
    const layer = this.catalogue.layers.get(key.slice(0, cut));
    this.#selecting?.abort();
    this.#selecting = new AbortController();
    if (!this.store.get("layers").includes(layer.id)) this.toggle(layer.id, true);
    this.store.set({ selected: key });
    try {
      const feature = await this.loader.one(layer, key.slice(cut + 1), this.#selecting.signal, isAnew);
      this.#selected(layer, feature, hits, goThere);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.store.set({ selected: null, failure: { error, key } });
    }
  }

  #selected(layer, feature, hits, goThere) {
    this.renderer.select(feature.shape ? feature : null);
    this.store.set({ card: { layer, feature, hits } });
    if (!feature.shape) return;
    if (goThere) this.goTo(layer, feature);
    else this.renderer.reveal(feature.shape, this.covered());
  }

  goTo(layer, feature) {
    const maxZoom = Math.max(layer.minZoom, feature.shape.kind === "point" ? 13 : 15);
    this.renderer.goToShape(feature.shape, { maxZoom, ...this.covered() });
  }

  /* Go to a place that is no record and pin it; null takes the pin away. */
  setPlace(position) {
    this.renderer.setPlace(position);
    if (!position) return;
    this.deselect();
    const [lon, lat] = position;
    this.renderer.setView({ zoom: Math.max(13, this.renderer.view.zoom), lat, lon });
    this.announce(this.text("search.place", { place: this.format.position(position) }));
  }

  deselect() {
    this.#selecting?.abort();
    this.renderer.select(null);
    this.store.set({ selected: null, card: null });
  }

  /* --- The address --- */

  get address() {
    return writeAddress(this.store.state, this.defaults) || location.pathname;
  }

  #write() {
    clearTimeout(this.#writing);
    this.#writing = setTimeout(() => this.writeNow(), REST);
    this.store.set({ isWriting: true });
  }

  writeNow() {
    clearTimeout(this.#writing);
    this.history.write();
  }

  /* Take over what an address of this page says, as after Back. */
  #adopt(search) {
    const { view, layers, themes, filters, base, selected } = { ...this.defaults, ...this.#known(readAddress(search).state) };
    this.store.set({ layers, themes, filters, base });
    if (view) this.renderer.setView(view);
    if (selected) this.select(selected);
    else this.deselect();
  }
}

/* What the address does not carry. */
const FRESH = {
  loading: {}, sections: [], hovered: null, card: null, failure: null, isWriting: false, written: "", asOf: null,
};
const WORLD = [-180, -60, 180, 75];

function defaultsOf({ layers }, data) {
  const all = [...layers.values()];
  const themed = all.filter(({ style }) => style.kind === "class");
  return {
    view: null,
    box: null,
    layers: all.filter(({ visible }) => visible).map(({ id }) => id),
    themes: Object.fromEntries(themed.map(({ id, style }) => [id, style.field])),
    filters: {},
    selected: null,
    base: "none",
    query: "",
    tab: "explore",
    print: false,
  };
}

function hasTheme(layer, field) {
  return Boolean(layer) && themesOf(layer.style).some((theme) => theme.field === field);
}

/* Tiles hold only what passes the filter, and not every field that is asked for. */
function testFor(layer, filters) {
  return isTiled(layer) ? null : predicate(filters[layer.id]);
}

function summaryOf({ state, features, shown, total, isPart, error, progress }) {
  return { state, shown: shown ?? features.length, total: total ?? null, isPart: Boolean(isPart), error, progress };
}
