/* A vector tile (Mapbox Vector Tile 2.1) as shapes on the unit square. The reader of the encoding is
   given: a worker has no import map, so only who starts it knows where that library lies. */

import { shapeFrom } from "../shape.js";

const KINDS = [null, "point", "line", "polygon"];
const MOVE = 1;
const LINE = 2;

/* {features: [{properties, shape}], buffer}: all coordinates lie in the one buffer. */
export function decodeTile(pbf, tile) {
  const layers = pbf.readFields((tag, all, reader) => tag === 3 && all.push(reader.readMessage(readLayer, newLayer())), []);
  const room = layers.flatMap(({ features }) => features).reduce((sum, { geometry }) => sum + geometry.length, 0);
  const numbers = new Float64Array(room);
  const writer = { numbers, at: 0 };
  const features = layers.flatMap((layer) => layer.features.map((feature) => readFeature(layer, feature, tile, writer)));
  return { features: features.filter(Boolean), buffer: numbers.buffer };
}

function newLayer() {
  return { extent: 4096, keys: [], values: [], features: [] };
}

function readLayer(tag, layer, pbf) {
  if (tag === 2) layer.features.push(pbf.readMessage(readRaw, { type: 0, tags: [], geometry: [] }));
  else if (tag === 3) layer.keys.push(pbf.readString());
  else if (tag === 4) layer.values.push(pbf.readMessage(readValue, {}).value);
  else if (tag === 5) layer.extent = pbf.readVarint();
}

function readRaw(tag, feature, pbf) {
  if (tag === 2) pbf.readPackedVarint(feature.tags);
  else if (tag === 3) feature.type = pbf.readVarint();
  else if (tag === 4) pbf.readPackedVarint(feature.geometry);
}

const VALUES = [
  null,
  (pbf) => pbf.readString(),
  (pbf) => pbf.readFloat(),
  (pbf) => pbf.readDouble(),
  (pbf) => pbf.readVarint(true),
  (pbf) => pbf.readVarint(),
  (pbf) => pbf.readSVarint(),
  (pbf) => pbf.readBoolean(),
];

function readValue(tag, found, pbf) {
  if (VALUES[tag]) found.value = VALUES[tag](pbf);
}

function readFeature({ keys, values, extent }, { type, tags, geometry }, { box }, writer) {
  const parts = readParts(geometry, { x: box[0], y: box[1], unit: (box[2] - box[0]) / extent }, writer, KINDS[type] === "point");
  if (!KINDS[type] || !parts.length) return null;
  const properties = {};
  for (let i = 0; i < tags.length; i += 2) properties[keys[tags[i]]] = values[tags[i + 1]];
  return { properties, shape: shapeFrom(KINDS[type], parts) };
}

/* Commands with relative positions; every point of several is a part of its own. */
function readParts(commands, place, writer, arePoints) {
  const parts = [];
  let [x, y, from] = [0, 0, writer.at];
  const close = () => {
    if (writer.at > from) parts.push(writer.numbers.subarray(from, writer.at));
    from = writer.at;
  };
  for (let i = 0; i < commands.length; ) {
    const [command, count] = [commands[i] & 7, commands[i] >> 3];
    i += 1;
    for (let n = 0; (command === MOVE || command === LINE) && n < count; n += 1, i += 2) {
      if (command === MOVE) close();
      x += signed(commands[i]);
      y += signed(commands[i + 1]);
      writer.numbers[writer.at] = place.x + x * place.unit;
      writer.numbers[writer.at + 1] = place.y + y * place.unit;
      writer.at += 2;
      if (arePoints) close();
    }
  }
  close();
  return parts;
}

function signed(number) {
  return (number >> 1) ^ -(number & 1);
}
