/* Expected values from PROJ 9 (Geod on the CGCS2000 ellipsoid). */
import assert from "node:assert/strict";
import { test } from "node:test";

import { areaOfRing, distance, lengthOfPath } from "../../static/js/map/geodesy.js";
import { DISTANCES, RINGS } from "./geodesy-expected.js";

for (const [from, to, metres] of DISTANCES) {
  test(`${from} to ${to} is ${metres} m to the millimetre`, () => {
    assert.ok(Math.abs(distance(from, to) - metres) < 0.001, `${distance(from, to)}`);
  });
}

test("the way from a point to itself is nothing", () => {
  assert.equal(distance([126.9, 46.6], [126.9, 46.6]), 0);
});

test("nearly opposite points still have a distance", () => {
  const metres = distance([0, 0], [179.5, 0.5]);
  assert.ok(Math.abs(metres - 19936288.579) / 19936288.579 < 0.006, `${metres}`);
});

test("a path is as long as its parts", () => {
  const [a, b, c] = [[126, 46], [126.1, 46], [126.1, 46.1]];
  assert.equal(lengthOfPath([a, b, c]), distance(a, b) + distance(b, c));
});

for (const [ring, squareMetres] of RINGS) {
  test(`a ring of ${squareMetres} m² is measured to a ten-thousandth, either way round`, () => {
    for (const points of [ring, [...ring].reverse(), [...ring, ring[0]]]) {
      assert.ok(Math.abs(areaOfRing(points) / squareMetres - 1) < 1e-4, `${areaOfRing(points)}`);
    }
  });
}
