import assert from "node:assert/strict";
import { test } from "node:test";

import { readAddress, writeAddress } from "../../static/js/map/address.js";

const DEFAULTS = {
  view: null, layers: ["parks", "sites"], themes: { "district-economy": "population" }, filters: {},
  selected: null, base: "none", query: "", tab: "explore", print: false,
};

test("an untouched page has no query", () => {
  assert.equal(writeAddress(DEFAULTS, DEFAULTS), "");
});

test("a state written and read again is the same state", () => {
  const state = {
    view: { zoom: 10.5, lat: 46.6402, lon: 126.9832 },
    layers: ["roads", "parks"],
    themes: { "district-economy": "gdp" },
    filters: { sites: { area_m2: { min: 10000, max: null }, zoning: { any: ["M1", "M2"] } }, railways: { electrified: { is: true } } },
    selected: "parks/beilin park/1",
    base: "tianditu",
    query: "玉米 & 大豆",
    tab: "layers",
    print: true,
  };
  const { state: read, problems } = readAddress(writeAddress(state, DEFAULTS));
  assert.deepEqual(problems, []);
  assert.deepEqual(read, state);
});

test("the address stays readable: commas, slashes and colons are not escaped", () => {
  const state = { ...DEFAULTS, layers: ["a", "b"], selected: "parks/x", view: { zoom: 8, lat: 46, lon: 127 } };
  assert.equal(writeAddress(state, DEFAULTS), "?view=8/46.0000/127.0000&layers=a,b&select=parks/x");
});

test("all layers off is said in a word", () => {
  const address = writeAddress({ ...DEFAULTS, layers: [] }, DEFAULTS);
  assert.equal(address, "?layers=none");
  assert.deepEqual(readAddress(address).state.layers, []);
});

for (const wrong of [
  "view=abc", "view=10/46", "view=10/46/127/1", "view=99/46/127", "view=5/91/0", "view=//", "view=10/46/NaN",
  "layers=", "layers=A;drop", "theme=x", "select=parks", "select=/x", "select=parks/", "base=../x", "tab=nowhere",
  "print=yes", "sites.area_m2=5..3", "sites.area_m2=a..b", "sites.area_m2=..", "sites.area_m2=", "Sites.x=1", "a.b.c=1",
]) {
  test(`"${wrong}" is left out and named`, () => {
    const { state, problems } = readAddress(`?${wrong}&q=kept`);
    assert.deepEqual(problems, [wrong.split("=")[0]]);
    assert.deepEqual(state, { filters: {}, query: "kept" });
  });
}

test("parameters of others are no problem", () => {
  assert.deepEqual(readAddress("?utm_source=x&lang=zh").problems, []);
});

test("a box says where to begin and is not written back", () => {
  const { state, problems } = readAddress("?box=126.9,46.5,127.1,46.7");
  assert.deepEqual(state.box, [126.9, 46.5, 127.1, 46.7]);
  assert.deepEqual(problems, []);
  for (const wrong of ["1,2,3", "3,2,1,4", "a,b,c,d", "0,-99,1,2", ",,,"]) assert.deepEqual(readAddress(`?box=${wrong}`).problems, ["box"]);
});
