/* Brings the records of the layers in view: small layers whole and once, large ones by tiles, or by
   the box in view where no tiles are announced. What could not be shown in full is said, never dropped in silence. */

import { isInZoom, isTiled } from "./collections.js";
import { boxesMeet, unproject } from "./mercator.js";
import { fillUrl, pathOf, reached, requestJSON } from "./request.js";
import { heightsOf, shapeOf } from "./shape.js";
import { TileSource } from "./tiles/source.js";

export const PAGE = 10000;

/* A record as the page keeps it; `shape` is null where it has no place on the map, `heights` is
   [lowest, highest] in metres of layers that have them. */
export function readFeature({ id: layer, hasZ }, { id, geometry, properties }) {
  const heights = hasZ ? heightsOf(geometry) : null;
  return { id: String(id), key: `${layer}/${id}`, layer, properties, shape: shapeOf(geometry), heights };
}

export class Loader {
  #urls;
  #query;
  #request;
  #entries = new Map();
  #cdn;
  #tiles;

  /* `changed(layer, entry)` hears of each {state, features, total, error} of a layer; `cdn` is the
     origin of another host that whole layers and tiles may lie on. */
  constructor({ urls, cdn = null, language, changed, readTile, request = requestJSON }) {
    this.#urls = urls;
    this.#query = { limit: PAGE, lang: language };
    this.#request = request;
    this.#cdn = cdn;
    this.changed = changed;
    this.#tiles = new TileSource({ read: readTile, changed, cdn });
  }

  entry(id) {
    return this.#tiles.entry(id) ?? this.#entries.get(id);
  }

  /* Make sure of what these layers need for a view; `box` is on the unit square, `filters` are
     asked of the service for layers in tiles. */
  follow(layers, zoom, box, filters = {}) {
    for (const layer of layers) {
      if (!isInZoom(layer, zoom)) this.#giveUp(layer);
      else if (isTiled(layer)) this.#tiles.follow(layer, zoom, box, filters[layer.id]);
      else this.#ensure(layer, layer.count > PAGE ? box : null);
    }
  }

  /* A layer is no longer shown. */
  leave(layer) {
    this.#giveUp(layer);
    this.#tiles.leave(layer);
  }

  /* What is still on its way is for a view that has been left. */
  #giveUp(layer) {
    if (this.entry(layer.id)?.state !== "loading") return;
    if (isTiled(layer)) return this.#tiles.leave(layer);
    this.#entries.get(layer.id).abort.abort();
    this.#entries.delete(layer.id);
    this.changed(layer, { state: "ready", features: [] });
  }

  /* Have all asked for anew as it is followed next; what is shown stays until that is there. */
  renew() {
    for (const entry of this.#entries.values()) entry.isOld = true;
    this.#tiles.renew();
  }

  /* The addresses that what is shown of a layer came from. */
  addresses(id) {
    return [...this.#tiles.addresses(id), ...(this.#entries.get(id)?.addresses ?? [])];
  }

  retry(layer, box) {
    if (isTiled(layer)) return this.#tiles.retry(layer);
    this.#entries.delete(layer.id);
    return this.#ensure(layer, layer.count > PAGE ? box : null);
  }

  #ensure(layer, box) {
    const entry = this.#entries.get(layer.id);
    if (entry && !entry.isOld && (!box || covers(entry, box))) return;
    entry?.abort.abort();
    this.#load(layer, box && widened(box), entry?.features ?? []);
  }

  async #load(layer, box, before) {
    const abort = new AbortController();
    const entry = { state: "loading", features: before, total: layer.count, box, abort, error: null };
    this.#entries.set(layer.id, entry);
    this.changed(layer, entry);
    try {
      const query = { ...this.#query, bbox: box && degrees(box).join(",") };
      const first = fillUrl(this.#address(layer, box), { id: layer.id }, query);
      Object.assign(entry, await this.#pages(layer, first, !box, abort.signal), { state: "ready" });
    } catch (error) {
      if (error.name === "AbortError") return;
      Object.assign(entry, { state: "error", error });
    }
    this.changed(layer, entry);
  }

  /* A whole layer lies below its version, where the browser may keep it until the layer changes. */
  #address(layer, box) {
    if (box || !layer.versioned) return this.#urls.items;
    return `${reached(layer.versioned, this.#cdn)}/items`;
  }

  /* Whole layers are followed page by page to their end; of a box the first page must do. */
  async #pages(layer, first, toTheEnd, signal) {
    const features = [];
    const addresses = [];
    let total = null;
    let isPart = false;
    for (let url = first; url; ) {
      const page = await this.#request(url, { signal });
      addresses.push(url);
      for (const one of page.features) features.push(readFeature(layer, one));
      total ??= page.numberMatched ?? null;
      isPart = Boolean(nextOf(page));
      url = toTheEnd ? following(page, first) : null;
    }
    const found = features.filter(({ shape }) => shape);
    // Of a large layer the service does not count what a box holds: the total is not known then.
    isPart ||= total !== null && total > features.length;
    return { features: found, total: total ?? (isPart ? null : features.length), isPart, addresses };
  }

  /* One record by its key, wherever it lies, also nowhere; `isAnew`: whatever is loaded. Throws the
     errors of requestJSON. */
  async one(layer, id, signal, isAnew = false) {
    // What tiles hold of a record is not all of it.
    const loaded = this.#entries.get(layer.id)?.features.find((feature) => feature.id === id);
    if (loaded && !isAnew) return loaded;
    const address = fillUrl(this.#urls.item, { id: layer.id, item: id }, { lang: this.#query.lang });
    return { ...readFeature(layer, await this.#request(address, { signal })), address };
  }
}

function nextOf(page) {
  const next = page.links?.find(({ rel }) => rel === "next");
  if (!next) return null;
  return reached(next.href);
}

/* The next page of a layer below its version lies below it too, with the same host. */
function following(page, first) {
  const next = nextOf(page);
  return next && first.includes("/v/") ? first.split("?")[0] + pathOf(next).search : next;
}

/* A view inside the loaded box needs nothing new, unless only a part of that box came. */
function covers(entry, box) {
  const inside = entry.box[0] <= box[0] && entry.box[1] <= box[1] && entry.box[2] >= box[2] && entry.box[3] >= box[3];
  const closer = boxesMeet(entry.box, box) && entry.box[2] - entry.box[0] <= (box[2] - box[0]) * 2.1;
  return inside && (!entry.isPart || closer) && entry.state !== "error";
}

function widened([x0, y0, x1, y1]) {
  const [dx, dy] = [(x1 - x0) / 2, (y1 - y0) / 2];
  return [x0 - dx, y0 - dy, x1 + dx, y1 + dy];
}

function degrees([x0, y0, x1, y1]) {
  const [west, north] = unproject(Math.max(0, x0), Math.max(0, y0));
  const [east, south] = unproject(Math.min(1, x1), Math.min(1, y1));
  return [west, south, east, north].map((degree) => Number(degree.toFixed(5)));
}
