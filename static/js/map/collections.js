/* The layers and groups of the collections document, as every part of the page sees them. */

/* {layers: Map by id in tree order, groups: [{id, title, layers}]} */
export function readCollections(document) {
  const layers = (document.collections ?? []).map(readLayer).sort(inTreeOrder);
  const groups = new Map();
  for (const layer of layers) {
    const { id, title } = layer.group;
    if (!groups.has(id)) groups.set(id, { id, title, layers: [] });
    groups.get(id).layers.push(layer);
  }
  return { layers: new Map(layers.map((layer) => [layer.id, layer])), groups: [...groups.values()] };
}

function readLayer(collection) {
  const { fields = [], ...more } = collection.geoportal ?? {};
  return {
    minZoom: 0,
    maxZoom: 22,
    order: 0,
    style: {},
    count: 0,
    ...more,
    id: collection.id,
    title: collection.title ?? collection.id,
    description: collection.description ?? "",
    group: more.group ?? { id: "other", title: "", order: 99 },
    fields: new Map(fields.map((field) => [field.name, readField(field)])),
    extent: collection.extent?.spatial?.bbox?.[0] ?? null,
  };
}

function readField(field) {
  const codes = new Map((field.codes ?? []).map(({ value, label }) => [String(value), label]));
  return { ...field, codes };
}

function inTreeOrder(a, b) {
  return a.group.order - b.group.order || a.order - b.order || a.title.localeCompare(b.title);
}

/* Whether two catalogues differ in the records of their layers only, not in the layers themselves. */
export function haveSameLayers(one, other) {
  return String([...one.layers.values()].map(makeOf)) === String([...other.layers.values()].map(makeOf));
}

function makeOf({ id, title, group, label, style, drawnFrom, fields }) {
  const read = [...fields.values()].map((field) => ({ ...field, codes: [...field.codes] }));
  return JSON.stringify([id, title, group, label, style, drawnFrom, read]);
}

/* Whether a layer comes by tiles, each with what the map draws by and names by. */
export function isTiled({ drawnFrom }) {
  return drawnFrom === "tiles";
}

export function isInZoom(layer, zoom) {
  return zoom >= layer.minZoom && zoom < layer.maxZoom + 1;
}

/* A record's name in the reader's language, or what it is and its key. */
export function nameOf(layer, feature, language) {
  const other = language === "zh" ? "en" : "zh";
  const { properties } = feature;
  const candidates = [layer.label?.[language], `name_${language}`, "name", layer.label?.[other], `name_${other}`];
  const named = candidates.map((field) => field && properties[field]).find(Boolean);
  return named ? String(named) : `${layer.title} ${feature.id}`;
}

/* The page of a record, or null where its layer has none. */
export function pageOf(layer, feature) {
  return layer.page ? layer.page.replace("{id}", encodeURIComponent(feature.id)) : null;
}
