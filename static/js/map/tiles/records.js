/* What tiles hold as the records of the page: whole ones, pieces of one, and gathered ones. */

/* The property with the number of gathered records. */
const COUNT = "_count";

/* The records of a tile. A line or area ends at the `clip` of its tile; `count` is how many a
   gathered one stands for. */
export function recordsOf(layer, tile, found) {
  const lists = [...layer.fields.values()].filter(({ type }) => type === "codes").map(({ name }) => name);
  return found.map(({ properties, shape }, index) => {
    const count = properties[COUNT] ?? null;
    const id = count ? `${tile.key}/${index}` : String(properties.id);
    for (const name of lists) {
      if (name in properties) properties[name] = JSON.parse(properties[name]);
    }
    const clip = shape.kind === "point" ? null : tile.box;
    return { id, key: count ? `${layer.id}//${id}` : `${layer.id}/${id}`, layer: layer.id, properties, shape, count, clip };
  });
}

/* {features, shown, total, isPart} of the records of all tiles: each point once, the pieces of a
   line or area knowing each other, `isPiece` those that are not the largest. */
export function joined(found) {
  const byKey = new Map();
  const features = [];
  for (const feature of found) {
    const pieces = byKey.get(feature.key);
    if (pieces && !feature.clip) continue;
    if (pieces) pieces.push(feature);
    else byKey.set(feature.key, [feature]);
    features.push(feature);
  }
  for (const pieces of byKey.values()) linkPieces(pieces);
  const gathered = features.reduce((sum, { count }) => sum + (count ?? 0), 0);
  const shown = byKey.size - features.filter(({ count }) => count).length;
  return { features, shown, total: shown + gathered, isPart: gathered > 0 };
}

function linkPieces(pieces) {
  const widest = pieces.reduce((best, one) => (extentOf(one) > extentOf(best) ? one : best));
  for (const piece of pieces) Object.assign(piece, { pieces, isPiece: piece !== widest });
}

function extentOf({ shape: { box } }) {
  return (box[2] - box[0]) * (box[3] - box[1]);
}
