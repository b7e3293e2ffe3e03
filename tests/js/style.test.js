import assert from "node:assert/strict";
import { test } from "node:test";

import { legendOf } from "../../static/js/map/legend.js";
import { atZoom, compileStyle, inZooms, themesOf } from "../../static/js/map/style.js";

const ROADS = {
  kind: "category",
  field: "class",
  base: { color: "#fff", width: 1, casing: "#999" },
  rules: [{ value: "expressway", color: "#f80" }, { value: "county", minZoom: 9 }],
};
const ECONOMY = {
  kind: "class",
  field: "population",
  base: { width: 1 },
  rules: [{ min: null, max: 100, fill: "pale" }, { min: 100, max: null, fill: "dark" }],
  themes: [{ field: "gdp", rules: [{ min: null, max: 5, fill: "low" }, { min: 5, max: null, fill: "high" }] }],
};

test("a rule keeps what the base says and changes only its own keys", () => {
  const symbol = compileStyle(ROADS).symbolFor({ class: "expressway" });
  assert.equal(symbol.color, "#f80");
  assert.equal(symbol.casing, "#999");
});

test("records of one rule share one symbol, so that they are drawn in one stroke", () => {
  const { symbolFor } = compileStyle(ROADS);
  assert.equal(symbolFor({ class: "county" }), symbolFor({ class: "county" }));
});

test("a value without a rule gets the base", () => {
  assert.equal(compileStyle(ROADS).symbolFor({ class: "track" }).color, "#fff");
  assert.equal(compileStyle(ROADS).symbolFor({}).color, "#fff");
});

test("of several values the first that has a rule counts", () => {
  assert.equal(compileStyle(ROADS).symbolFor({ class: ["track", "expressway"] }).color, "#f80");
});

test("class bounds hold: the lower is inside, the upper is not", () => {
  const { symbolFor } = compileStyle(ECONOMY);
  assert.equal(symbolFor({ population: 99.9 }).fill, "pale");
  assert.equal(symbolFor({ population: 100 }).fill, "dark");
});

test("no value is not nought", () => {
  assert.equal(compileStyle(ECONOMY).symbolFor({ population: null }).fill, undefined);
  assert.equal(compileStyle(ECONOMY).symbolFor({ population: 0 }).fill, "pale");
});

test("a theme brings its own field and classes", () => {
  assert.deepEqual(themesOf(ECONOMY).map(({ field }) => field), ["population", "gdp"]);
  assert.equal(compileStyle(ECONOMY, "gdp").symbolFor({ population: 1000, gdp: 3 }).fill, "low");
  assert.equal(compileStyle(ECONOMY, "unknown").symbolFor({ population: 1000 }).fill, "dark");
});

test("a layer without a style is drawn plain instead of failing", () => {
  assert.deepEqual(compileStyle(undefined).symbolFor({}), { rank: 0 });
});

test("numbers by zoom run straight between their stops and stay outside them", () => {
  const stops = [[8, 1], [10, 3], [14, 5]];
  assert.deepEqual([6, 8, 9, 10, 12, 20].map((zoom) => atZoom(stops, zoom)), [1, 1, 2, 3, 4, 5]);
  assert.equal(atZoom(2.5, 9), 2.5);
  assert.equal(atZoom(undefined, 9, 7), 7);
});

test("a highest zoom holds until the next whole one", () => {
  assert.ok(inZooms({ minZoom: 8, maxZoom: 11 }, 11.75));
  assert.ok(!inZooms({ minZoom: 8, maxZoom: 11 }, 12));
  assert.ok(!inZooms({ minZoom: 8 }, 7.75));
});

const layer = {
  title: "Roads",
  fields: new Map([["class", { codes: new Map([["county", "县道"]]) }], ["population", { codes: new Map() }]]),
};

test("the legend takes labels from the style, then the code list, then the value", () => {
  const labelled = { ...ROADS, rules: [{ value: "expressway", label: { zh: "高速", en: "Motorway" } }, { value: "county" }, { value: "x" }] };
  assert.deepEqual(legendOf(layer, compileStyle(labelled), "zh").map(({ label }) => label), ["高速", "县道", "x"]);
});

test("the legend writes class bounds as ranges", () => {
  assert.deepEqual(legendOf(layer, compileStyle(ECONOMY), "en").map(({ label }) => label), ["< 100", "≥ 100"]);
});

test("a layer of one symbol has one entry with its title", () => {
  assert.deepEqual(legendOf(layer, compileStyle({ kind: "single", base: {} }), "en").map(({ label }) => label), ["Roads"]);
});
