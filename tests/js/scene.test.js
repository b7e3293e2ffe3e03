import assert from "node:assert/strict";
import { test } from "node:test";

import { readFeature } from "../../static/js/map/loader.js";
import { project, projectBox, worldSize } from "../../static/js/map/mercator.js";
import { pickAt } from "../../static/js/map/pick.js";
import { countOf, resultsOf } from "../../static/js/map/results.js";
import { drawingOrder, LayerView, SceneBuilder } from "../../static/js/map/scene.js";
import { compileStyle } from "../../static/js/map/style.js";

const CITY = projectBox([125, 45, 129, 48]);
const layer = (id, more = {}) => ({ id, title: id, minZoom: 0, maxZoom: 22, fields: new Map(), label: { zh: "name_zh", en: "name_en" }, page: null, ...more });
const point = (id, lon, lat, properties = {}) => ({ id, geometry: { type: "Point", coordinates: [lon, lat] }, properties });
const square = (id, lon, lat, size, properties = {}) => ({
  id, properties,
  geometry: { type: "Polygon", coordinates: [[[lon, lat], [lon + size, lat], [lon + size, lat + size], [lon, lat + size], [lon, lat]]] },
});

function viewOf(about, style, features, place = 0) {
  const view = new LayerView(about, compileStyle(style), place);
  view.setFeatures(features.map((feature) => readFeature(about, feature)));
  return view;
}

const MARKED = { kind: "single", base: { color: "#111" }, marker: { form: "badge", cluster: "offers", host: true, maxZoom: 11 } };
const CLUSTERED = { kind: "single", base: { color: "#222" }, marker: { form: "disc", cluster: "offers" } };

test("lower in the tree is drawn first, unless the style lifts it", () => {
  const [top, middle, lifted] = [0, 1, 2].map((place) => viewOf(layer(`l${place}`), { z: place === 2 ? 1 : 0 }, [], place));
  assert.deepEqual(drawingOrder([top, middle, lifted]), [middle, top, lifted]);
});

test("a small area is a marker up to its zoom and a shape beyond", () => {
  const view = viewOf(layer("parks"), MARKED, [square("a", 127, 46.6, 0.02)]);
  const far = new SceneBuilder().build([view], 8, CITY);
  assert.deepEqual([far.markers.length, far.layers[0].symbols.size], [1, 0]);
  const near = new SceneBuilder().build([view], 12, CITY);
  assert.deepEqual([near.markers.length, near.layers[0].symbols.size], [0, 1]);
});

test("a lone park around which others crowd bears their number; others become a ring", () => {
  const parks = viewOf(layer("parks"), MARKED, [square("a", 127, 46.6, 0.001)]);
  const projects = viewOf(layer("projects"), CLUSTERED, [
    point("near1", 127.001, 46.601), point("near2", 127.0012, 46.601), point("far1", 125.5, 45.5), point("far2", 125.501, 45.5),
  ]);
  const { markers, clusters } = new SceneBuilder().build([parks, projects], 8, CITY);
  assert.deepEqual(markers.map(({ feature, bears }) => [feature.key, bears]), [["parks/a", 2]]);
  assert.deepEqual(clusters.map(({ count, counts }) => [count, counts]), [[2, { projects: 2 }]]);
});

test("zoomed in, every point stands for itself", () => {
  const view = viewOf(layer("projects"), CLUSTERED, [point("a", 127, 46), point("b", 127.001, 46)]);
  const { markers, clusters } = new SceneBuilder().build([view], 16, CITY);
  assert.deepEqual([markers.length, clusters.length], [2, 0]);
});

test("a filter takes records out of clusters too", () => {
  const view = viewOf(layer("projects"), CLUSTERED, [point("a", 127, 46, { n: 1 }), point("b", 127, 46, { n: 2 }), point("c", 127, 46, { n: 2 })]);
  const builder = new SceneBuilder();
  assert.equal(builder.build([view], 8, CITY).clusters[0].count, 3);
  view.setFilter(({ n }) => n === 2);
  assert.equal(builder.build([view], 8, CITY).clusters[0].count, 2);
});

test("rules begin at their zoom", () => {
  const style = { kind: "category", field: "c", base: {}, rules: [{ value: "minor", minZoom: 10 }] };
  const view = viewOf(layer("roads"), style, [square("a", 127, 46, 1, { c: "minor" })]);
  assert.equal(new SceneBuilder().build([view], 9, CITY).layers[0].symbols.size, 0);
  assert.equal(new SceneBuilder().build([view], 10, CITY).layers[0].symbols.size, 1);
});

test("the pointer finds offers before roads, roads before areas, small areas before large", () => {
  const road = { id: "r", geometry: { type: "LineString", coordinates: [[126, 46.5], [128, 46.5]] }, properties: {} };
  const views = [
    viewOf(layer("districts"), { base: {} }, [square("large", 126, 46, 1), square("small", 126.4, 46.4, 0.2)]),
    viewOf(layer("roads"), { base: { width: 2 } }, [road]),
    viewOf(layer("parks", { page: "/parks/{id}/" }), { base: {} }, [square("park", 126.45, 46.45, 0.1)]),
  ];
  const scene = new SceneBuilder().build(views, 10, CITY);
  const keys = pickAt(scene, project(126.5, 46.5), 4).map(({ feature }) => feature.key);
  assert.deepEqual(keys, ["parks/park", "roads/r", "districts/small", "districts/large"]);
});

test("a line is found within reach of the pointer and not beyond", () => {
  const road = { id: "r", geometry: { type: "LineString", coordinates: [[126, 46.5], [128, 46.5]] }, properties: {} };
  const scene = new SceneBuilder().build([viewOf(layer("roads"), { base: { width: 2 } }, [road])], 10, CITY);
  const [x, y] = project(127, 46.5);
  const pixel = 1 / worldSize(10);
  assert.equal(pickAt(scene, [x, y + 4.5 * pixel], 4).length, 1);
  assert.equal(pickAt(scene, [x, y + 5.5 * pixel], 4).length, 0);
});

test("a hole in an area is not the area", () => {
  const ring = (size, at) => [[at, at], [at + size, at], [at + size, at + size], [at, at + size], [at, at]].map(([dx, dy]) => [126 + dx, 46 + dy]);
  const holed = { id: "h", geometry: { type: "Polygon", coordinates: [ring(1, 0), ring(0.2, 0.4)] }, properties: {} };
  const scene = new SceneBuilder().build([viewOf(layer("lakes"), { base: {} }, [holed])], 9, CITY);
  assert.equal(pickAt(scene, project(126.5, 46.5), 4).length, 0);
  assert.equal(pickAt(scene, project(126.1, 46.1), 4).length, 1);
});

test("the list shows what is in view, by name in the reader's order, in the order of the tree", () => {
  const named = (id, zh, lon) => point(id, lon, 46, { name_zh: zh });
  const views = [
    viewOf(layer("sites"), CLUSTERED, [named("1", "二号", 127)], 1),
    viewOf(layer("parks"), CLUSTERED, [named("1", "望奎", 127), named("2", "安达", 126), named("3", "外面", 140)], 0),
    viewOf(layer("wells", { minZoom: 12 }), CLUSTERED, [named("1", "井", 127)], 2),
  ];
  const sections = resultsOf(views, 8, CITY, "zh");
  assert.deepEqual(sections.map(({ layer: { id }, features, total }) => [id, features.map(({ name }) => name), total]), [
    ["parks", ["安达", "望奎"], 3],
    ["sites", ["二号"], 1],
  ]);
  assert.equal(countOf(sections), 3);
});
