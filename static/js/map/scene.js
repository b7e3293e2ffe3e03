/* What stands in view at a zoom: shapes by symbol, markers and clusters, candidates for names.
   Knows neither Leaflet nor canvas; the painter draws it and the picker looks into it. */

import { Clusters } from "./clusters.js";
import { boxesMeet, worldSize } from "./mercator.js";
import { inZooms } from "./style.js";

const LEAST_AREA = 14; // pixels across

/* A layer as it is to be shown: `style` compiled, `features` those that pass its filter; `version`
   rises with each change of either. */
export class LayerView {
  #all = [];
  #test = null;

  constructor(layer, style, place) {
    Object.assign(this, { layer, style, place, version: 0, features: [] });
  }

  setFeatures(features) {
    this.#all = features;
    this.#refresh();
  }

  setFilter(test) {
    this.#test = test;
    this.#refresh();
  }

  setStyle(style) {
    this.style = style;
    this.version += 1;
  }

  #refresh() {
    this.features = this.#test ? this.#all.filter((f) => this.#test(f.properties)) : this.#all;
    this.version += 1;
  }

  /* Whether a record is shown as a marker at this zoom, or else as its shape. */
  isMarker(feature, zoom) {
    if (feature.shape.kind === "point") return true;
    return Boolean(this.style.marker) && inZooms(this.style.marker, zoom);
  }
}

/* From the lowest drawn to the highest: by `z` of the style, then against the order of the tree. */
export function drawingOrder(views) {
  return [...views].sort((a, b) => a.style.z - b.style.z || b.place - a.place);
}

export class SceneBuilder {
  #indexes = new Map();

  /* `box` is [x0, y0, x1, y1] on the unit square. */
  build(views, zoom, box) {
    const ordered = drawingOrder(views);
    const scene = { zoom, box, layers: [], markers: [], clusters: [] };
    const groups = new Map();
    for (const view of ordered) {
      scene.layers.push({ view, symbols: shapesOf(view, zoom, box) });
      for (const [name, markers] of markersOf(view, zoom)) {
        if (!groups.has(name)) groups.set(name, { key: [], markers: [] });
        groups.get(name).key.push(`${view.layer.id}:${view.version}:${markers.length}`);
        groups.get(name).markers.push(...markers);
      }
    }
    for (const [name, group] of groups) this.#place(scene, name, group);
    return scene;
  }

  #place(scene, name, { key, markers }) {
    if (!name) {
      scene.markers.push(...markers.filter(({ anchor: [x, y] }) => boxesMeet([x, y, x, y], scene.box)));
      return;
    }
    for (const { marker, cluster } of this.#index(name, key.join(" "), markers).within(scene.box, scene.zoom)) {
      if (marker?.count) scene.clusters.push(gathered(marker));
      else if (marker) scene.markers.push(marker);
      else placeCluster(scene, cluster);
    }
  }

  #index(name, key, markers) {
    const kept = this.#indexes.get(name);
    if (kept?.key === key) return kept.index;
    const index = new Clusters(markers);
    this.#indexes.set(name, { key, index });
    return index;
  }
}

/* The records that a tile gathers at a place, as a cluster of their own. */
function gathered(marker) {
  const { layer, count, anchor } = marker;
  return { count, counts: { [layer]: count }, anchor, members: () => [marker] };
}

/* A cluster around a single record that hosts the others (a park with its sites and projects) is
   drawn as that record, bearing the count; every other as a ring by layer. */
function placeCluster(scene, cluster) {
  const hosts = cluster.members().filter(({ host }) => host);
  if (hosts.length === 1) scene.markers.push({ ...hosts[0], bears: cluster.count - 1, cluster });
  else scene.clusters.push(cluster);
}

/* Map of symbol to records drawn as shapes, first rules last so that they end on top. */
function shapesOf(view, zoom, box) {
  const found = new Map();
  for (const feature of view.features) {
    if (!boxesMeet(feature.shape.box, box) || !isDrawn(view, feature, zoom)) continue;
    const symbol = view.style.symbolFor(feature.properties);
    if (!inZooms(symbol, zoom)) continue;
    if (!found.has(symbol)) found.set(symbol, []);
    found.get(symbol).push(feature);
  }
  return new Map([...found].sort(([a], [b]) => b.rank - a.rank));
}

/* Under its marker an area is drawn as soon as it can be seen. */
function isDrawn(view, { shape }, zoom) {
  if (shape.kind === "point") return false;
  if (!view.style.marker || !inZooms(view.style.marker, zoom)) return true;
  return shape.kind === "polygon" && (shape.box[2] - shape.box[0]) * worldSize(zoom) > LEAST_AREA;
}

function markersOf(view, zoom) {
  const found = new Map();
  for (const feature of view.features) {
    if (feature.isPiece || !view.isMarker(feature, zoom)) continue;
    const symbol = view.style.symbolFor(feature.properties);
    if (!inZooms(symbol, zoom)) continue;
    const group = symbol.cluster ?? view.style.marker?.cluster ?? (feature.count ? `gathered in ${view.layer.id}` : "");
    if (!found.has(group)) found.set(group, []);
    found.get(group).push(markerOf(view, feature, symbol));
  }
  return found;
}

function markerOf(view, feature, symbol) {
  const marker = view.style.marker ?? {};
  const { iconField } = marker;
  return {
    feature,
    view,
    layer: view.layer.id,
    anchor: feature.shape.anchor,
    symbol,
    count: feature.count ?? null,
    host: Boolean(marker.host) && !feature.count,
    icon: symbol.icon ?? (iconField && feature.properties[iconField]) ?? marker.icon ?? null,
    form: symbol.form ?? marker.form ?? "dot",
    color: marker.color && !symbol.fill ? marker.color : symbol.fill ?? symbol.color,
    size: symbol.size ?? marker.size ?? null,
  };
}
