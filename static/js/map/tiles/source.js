/* Brings large layers by the tiles in view. What was shown stays until all of the new view is there;
   requests for tiles that are no longer in view are given up. */

import { fillUrl, reached } from "../request.js";
import { conditionText } from "./condition.js";
import { tilesOver } from "./cover.js";
import { joined, recordsOf } from "./records.js";

/* Painted around the view, as a share of it, so that a map being moved has no bare edges. */
const AROUND = 0.3;

export class TileSource {
  #kept = new Map();

  /* `read(url, tile, signal)` gives what a tile holds, `changed` hears as the loader's does; tiles
     may lie on the `cdn`. */
  constructor({ read, changed, cdn }) {
    Object.assign(this, { read, changed, cdn });
  }

  entry(id) {
    return this.#kept.get(id)?.entry;
  }

  /* Make sure of the tiles of a layer for a view, with only what meets the conditions in them. */
  follow(layer, zoom, box, conditions) {
    const filter = conditionText(conditions, layer.fields);
    const before = this.#kept.get(layer.id);
    const wanted = tilesOver(layer, zoom, widened(box));
    const isSame = before && before.filter === filter;
    if (isSame && wanted.length === before.tiles.size && wanted.every(({ key }) => before.tiles.has(key))) return;
    const known = (tile) => (isSame && before.tiles.get(tile.key)) || { tile, state: "wanted" };
    const tiles = new Map(wanted.map((tile) => [tile.key, known(tile)]));
    for (const [key, one] of before?.tiles ?? []) {
      if (tiles.get(key) !== one) one.abort?.abort();
    }
    const kept = { layer, filter, tiles, entry: before?.entry ?? { features: [], shown: 0, total: null } };
    this.#kept.set(layer.id, kept);
    this.#load(kept);
  }

  /* Ask again for what did not come. */
  retry(layer) {
    const kept = this.#kept.get(layer.id);
    for (const one of kept.tiles.values()) {
      if (one.state === "error") one.state = "wanted";
    }
    this.#load(kept);
  }

  /* Ask for all tiles anew; what is shown stays until they are there. */
  renew() {
    for (const kept of this.#kept.values()) {
      for (const [key, one] of kept.tiles) {
        one.abort?.abort();
        kept.tiles.set(key, { tile: one.tile, state: "wanted" });
      }
      this.#load(kept);
    }
  }

  /* The addresses of the tiles that are shown. */
  addresses(id) {
    const { layer, filter, tiles } = this.#kept.get(id) ?? { tiles: new Map() };
    return [...tiles.values()].filter(({ state }) => state === "ready").map(({ tile }) => addressOf(layer, tile, filter));
  }

  leave(layer) {
    const kept = this.#kept.get(layer.id);
    if (!kept) return;
    for (const { abort } of kept.tiles.values()) abort?.abort();
    this.#kept.delete(layer.id);
    this.changed(layer, { state: "ready", features: [] });
  }

  #load(kept) {
    for (const one of kept.tiles.values()) {
      if (one.state === "wanted") this.#loadOne(kept.layer, kept.filter, one);
    }
    this.#tell(kept.layer);
  }

  async #loadOne(layer, filter, one) {
    Object.assign(one, { state: "loading", abort: new AbortController(), error: null });
    try {
      const found = await this.read(addressOf(layer, one.tile, filter, this.cdn), one.tile, one.abort.signal);
      Object.assign(one, { state: "ready", features: recordsOf(layer, one.tile, found) });
    } catch (error) {
      if (error.name === "AbortError") return;
      Object.assign(one, { state: "error", error });
    }
    if (this.#kept.get(layer.id)?.tiles.get(one.tile.key) === one) this.#tell(layer);
  }

  #tell(layer) {
    const kept = this.#kept.get(layer.id);
    const tiles = [...kept.tiles.values()];
    const done = tiles.filter(({ state }) => state !== "loading").length;
    const progress = { done, of: tiles.length };
    const error = tiles.find((one) => one.error)?.error ?? null;
    const state = error ? "error" : "ready";
    if (done < tiles.length) kept.entry = { ...kept.entry, state: "loading", progress, error: null };
    else kept.entry = { ...joined(tiles.flatMap(({ features }) => features ?? [])), state, progress, error };
    this.changed(layer, kept.entry);
  }
}

function addressOf({ tiles }, { level, row, column }, filter, cdn) {
  return reached(fillUrl(tiles, { tileMatrix: level, tileRow: row, tileCol: column }, { filter }), cdn);
}

function widened([x0, y0, x1, y1]) {
  const [dx, dy] = [(x1 - x0) * AROUND, (y1 - y0) * AROUND];
  return [x0 - dx, y0 - dy, x1 + dx, y1 + dy];
}
