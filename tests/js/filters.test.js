import assert from "node:assert/strict";
import { test } from "node:test";

import { countConditions, knownFilters, occurring, predicate, withCondition } from "../../static/js/map/filters.js";

test("no conditions, no filter", () => {
  assert.equal(predicate({}), null);
  assert.equal(predicate(undefined), null);
});

test("any of the values will do, all of the fields must", () => {
  const passes = predicate({ level: { any: ["national", "provincial"] }, area: { min: 10, max: null } });
  assert.ok(passes({ level: "national", area: 10 }));
  assert.ok(!passes({ level: "county", area: 99 }));
  assert.ok(!passes({ level: "national", area: 9 }));
});

test("a list of values passes when one of them is asked for", () => {
  const passes = predicate({ industries: { any: ["C13"] } });
  assert.ok(passes({ industries: ["C27", "C13"] }));
  assert.ok(!passes({ industries: ["C27"] }));
  assert.ok(!passes({ industries: [] }));
});

test("numbers as text are numbers, and codes as numbers are codes", () => {
  assert.ok(predicate({ area: { min: 9, max: 11 } })({ area: "10.0" }));
  assert.ok(predicate({ readiness: { any: ["3"] } })({ readiness: 3 }));
});

test("a record without a value never lies in a range", () => {
  const passes = predicate({ price: { min: null, max: 100 } });
  for (const price of [null, undefined, ""]) assert.ok(!passes({ price }));
});

test("yes and no", () => {
  assert.ok(predicate({ electrified: { is: false } })({ electrified: false }));
  assert.ok(!predicate({ electrified: { is: true } })({ electrified: null }));
});

const layers = new Map([["sites", { fields: new Map([["area_m2", { type: "number" }], ["kind", { type: "code" }]]) }]]);

test("filters of unknown layers, fields or of the wrong type are dropped and named", () => {
  const asked = { sites: { area_m2: { min: 1, max: null }, kind: { min: 1, max: 2 }, colour: { any: ["red"] } }, ships: { x: { any: ["1"] } } };
  const { known, unknown } = knownFilters(asked, layers);
  assert.deepEqual(known, { sites: { area_m2: { min: 1, max: null } } });
  assert.deepEqual(unknown, ["sites.kind", "sites.colour", "ships.x"]);
});

test("setting and taking away a condition leaves the others", () => {
  const one = withCondition({}, "sites", "kind", { any: ["parcel"] });
  const two = withCondition(one, "sites", "area_m2", { min: 5, max: null });
  assert.equal(countConditions(two), 2);
  assert.deepEqual(withCondition(two, "sites", "area_m2", null), one);
  assert.deepEqual(withCondition(one, "sites", "kind", null), {});
});

test("the values that occur come with their number, most first", () => {
  const features = [{ properties: { c: ["a", "b"] } }, { properties: { c: ["b"] } }, { properties: { c: null } }];
  assert.deepEqual(occurring(features, "c"), [["b", 2], ["a", 1]]);
});

test("values that a code list does not have are left out of a condition", () => {
  const fields = new Map([["level", { type: "code", codes: new Map([["a", "A"], ["b", "B"]]) }]]);
  const layers = new Map([["parks", { fields }]]);
  const ask = (any) => knownFilters({ parks: { level: { any } } }, layers);
  assert.deepEqual(ask(["a", "b"]), { known: { parks: { level: { any: ["a", "b"] } } }, unknown: [] });
  assert.deepEqual(ask(["a", "evil"]), { known: { parks: { level: { any: ["a"] } } }, unknown: ["parks.level"] });
  assert.deepEqual(ask(["evil"]), { known: {}, unknown: ["parks.level"] });
});
