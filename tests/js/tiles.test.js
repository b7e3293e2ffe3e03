import assert from "node:assert/strict";
import { test } from "node:test";

import { PbfReader, PbfWriter } from "pbf";

import { project, projectBox } from "../../static/js/map/mercator.js";
import { pickAt } from "../../static/js/map/pick.js";
import { Unreachable } from "../../static/js/map/request.js";
import { LayerView, SceneBuilder } from "../../static/js/map/scene.js";
import { compileStyle } from "../../static/js/map/style.js";
import { conditionText } from "../../static/js/map/tiles/condition.js";
import { levelFor, tilesOver } from "../../static/js/map/tiles/cover.js";
import { decodeTile } from "../../static/js/map/tiles/decode.js";
import { joined, recordsOf } from "../../static/js/map/tiles/records.js";
import { TileSource } from "../../static/js/map/tiles/source.js";

const TILE = { key: "1/0/1", level: 1, row: 0, column: 1, box: [0.5, 0, 1, 0.5] };
const field = (name, type) => [name, { name, type, codes: new Map() }];
const FIELDS = new Map([field("kind", "code"), field("uses", "codes"), field("depth", "number"), field("built", "year"), field("open", "boolean")]);
const LAYER = { id: "wells", minZoom: 0, maxZoom: 22, drawnFrom: "tiles", fields: FIELDS, extent: [126, 46, 127, 47], tiles: "http://elsewhere.example/api/v/0f/{tileMatrix}/{tileRow}/{tileCol}" };
const BOX = projectBox([126, 46, 127, 47]);
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

/* The bytes of a tile with one layer of features {type, geometry, tags}. */
function encoded(features, keys, values) {
  const pbf = new PbfWriter();
  pbf.writeMessage(3, (_, to) => {
    for (const one of features) {
      to.writeMessage(2, ({ type, geometry, tags }, it) => {
        it.writePackedVarint(2, tags);
        it.writeVarintField(3, type);
        it.writePackedVarint(4, geometry);
      }, one);
    }
    keys.forEach((key) => to.writeStringField(3, key));
    values.forEach((value) => to.writeMessage(4, (_none, it) => (typeof value === "string" ? it.writeStringField(1, value) : it.writeVarintField(5, value)), null));
    to.writeVarintField(5, 4096);
  }, null);
  return pbf.finish();
}

const zigzag = (...numbers) => numbers.map((n) => (n << 1) ^ (n >> 31));
const SQUARE = { type: 3, tags: [0, 0], geometry: [9, ...zigzag(0, 0), 26, ...zigzag(2048, 0, 0, 2048, -2048, 0), 15] };
const POINTS = { type: 1, tags: [1, 1], geometry: [17, ...zigzag(1024, 1024, 10, -10)] };

function decoded(features = [SQUARE, POINTS], values = ["a", 7]) {
  return decodeTile(new PbfReader(encoded(features, ["id", "_count"], values)), TILE);
}

test("a tile becomes shapes on the unit square, in one buffer", () => {
  const { features: [area, points], buffer } = decoded();
  assert.deepEqual([...area.shape.parts[0]], [0.5, 0, 0.75, 0, 0.75, 0.25, 0.5, 0.25]);
  assert.deepEqual([area.shape.kind, area.properties], ["polygon", { id: "a" }]);
  assert.deepEqual(points.shape.parts.map((part) => part.length), [2, 2]);
  assert.equal(points.shape.parts[0][0], 0.625);
  assert.ok([area, points].every(({ shape }) => shape.parts.every((part) => part.buffer === buffer)));
});

test("an empty tile holds nothing", () => {
  assert.deepEqual(decodeTile(new PbfReader(new Uint8Array()), TILE).features, []);
});

test("the tiles of a view lie within the layer and end at the last level", () => {
  assert.deepEqual([levelFor(8.4, 0), levelFor(19, 0), levelFor(5, 9), levelFor(0, 0)], [7, 16, 9, 0]);
  assert.deepEqual(tilesOver(LAYER, 2, [0, 0, 1, 1]).map(({ key }) => key), ["1/0/1"]);
  assert.deepEqual(tilesOver(LAYER, 8, projectBox([10, 10, 20, 20])), []);
  const [{ box }] = tilesOver(LAYER, 19, [...project(126.5, 46.5), ...project(126.5, 46.5)]);
  assert.equal(box[2] - box[0], 2 ** -16);
});

test("conditions are said to the service", () => {
  const conditions = { kind: { any: ["a'b", "c\\"] }, uses: { any: ["x"] }, depth: { min: 3, max: null }, built: { any: ["1990"] }, open: { is: false } };
  const parts = [`"kind" IN ('a''b', 'c\\\\')`, `A_OVERLAPS("uses", ('x'))`, `"depth" >= 3`, `"built" IN (1990)`, `("open" = FALSE OR "open" IS NULL)`];
  assert.equal(conditionText(conditions, FIELDS), parts.join(" AND "));
  assert.equal(conditionText({}, FIELDS), null);
});

function record(key, box, more = {}) {
  const shape = { kind: "polygon", box, parts: [Float64Array.of(box[0], box[1], box[2], box[1], box[2], box[3], box[0], box[3])], anchor: [box[0], box[1]] };
  return { id: key, key, layer: "wells", properties: {}, shape, clip: [0, 0, 1, 1], count: null, ...more };
}

test("pieces of one record know each other; points come once; what is gathered is counted", () => {
  const point = (count, key) => ({ key, count, clip: null, shape: { kind: "point", box: [0, 0, 0, 0] } });
  const [small, large] = [record("a", [0, 0, 0.1, 0.1]), record("a", [0.1, 0, 0.5, 0.5])];
  const all = joined([small, large, point(null, "p"), point(null, "p"), point(40, "g")]);
  assert.deepEqual([all.features.length, all.shown, all.total, all.isPart], [4, 2, 42, true]);
  assert.deepEqual([small.isPiece, large.isPiece, small.pieces], [true, false, [small, large]]);
});

test("lists are read, gathered points have keys of their own", () => {
  const shape = { kind: "point" };
  const [one, many] = recordsOf(LAYER, TILE, [{ properties: { id: "s/1", uses: '["x"]' }, shape }, { properties: { _count: 9 }, shape }]);
  assert.deepEqual([one.key, one.properties.uses, one.count], ["wells/s/1", ["x"], null]);
  assert.deepEqual([many.key, many.count], ["wells//1/0/1/1", 9]);
});

test("a piece is picked within its tile only, a gathered point is a cluster with its number", () => {
  const view = new LayerView(LAYER, compileStyle({ base: { fill: "#fff" } }), 0);
  const [left, right] = [record("wells/a", [0.4, 0.4, 0.52, 0.6], { clip: [0, 0, 0.5, 1] }), record("wells/a", [0.48, 0.4, 0.6, 0.6], { clip: [0.5, 0, 1, 1] })];
  const dot = { id: "g", key: "wells//g", layer: "wells", properties: {}, count: 12, clip: null, shape: { kind: "point", box: [0.9, 0.9, 0.9, 0.9], anchor: [0.9, 0.9], parts: [] } };
  view.setFeatures(joined([left, right, dot]).features);
  const scene = new SceneBuilder().build([view], 6, [0, 0, 1, 1]);
  assert.deepEqual(pickAt(scene, [0.51, 0.5], 4).map(({ feature }) => feature), [right]);
  assert.deepEqual(scene.clusters.map(({ count, counts }) => [count, counts]), [[12, { wells: 12 }]]);
});

function sourceOf(read) {
  const heard = [];
  const source = new TileSource({ read, changed: (_layer, { state, progress }) => heard.push([state, progress?.done, progress?.of]) });
  return { source, heard };
}

test("tiles are asked for below the version with the filter, once, and progress is told", async () => {
  const asked = [];
  const { source, heard } = sourceOf(async (url) => (asked.push(url), []));
  source.follow(LAYER, 2, BOX, { depth: { min: 3, max: null } });
  source.follow(LAYER, 2, BOX, { depth: { min: 3, max: null } });
  await settled();
  assert.deepEqual(asked, ["/api/v/0f/1/0/1?filter=%22depth%22+%3E%3D+3"]);
  assert.deepEqual(heard, [["loading", 0, 1], ["ready", 1, 1]]);
});

test("tiles that lie on the CDN are asked for there", async () => {
  const asked = [];
  const read = async (url) => (asked.push(url), []);
  const source = new TileSource({ read, changed() {}, cdn: "http://elsewhere.example" });
  source.follow(LAYER, 2, BOX, undefined);
  await settled();
  assert.deepEqual(asked, ["http://elsewhere.example/api/v/0f/1/0/1"]);
});

test("leaving a view gives its tiles up; what was shown stays until the next is there", async () => {
  const signals = [];
  const { source } = sourceOf((_url, _tile, signal) => (signals.push(signal), signals.length === 1 ? Promise.resolve(decoded([SQUARE], ["a"]).features) : new Promise(() => {})));
  source.follow(LAYER, 2, BOX, undefined);
  await settled();
  source.follow(LAYER, 9, BOX, undefined);
  const before = signals.length;
  assert.deepEqual([source.entry("wells").state, source.entry("wells").features.length], ["loading", 1]);
  source.follow(LAYER, 12, projectBox([126.1, 46.1, 126.11, 46.11]), undefined);
  assert.ok(signals.slice(1, before).every(({ aborted }) => aborted));
});

test("tiles that failed are asked for again when told to", async () => {
  let down = true;
  const { source, heard } = sourceOf(async () => {
    if (down) throw new Unreachable("no network");
    return [];
  });
  source.follow(LAYER, 2, BOX, undefined);
  await settled();
  assert.equal(heard.at(-1)[0], "error");
  down = false;
  source.retry(LAYER);
  await settled();
  assert.deepEqual(heard.at(-1), ["ready", 1, 1]);
});
