import assert from "node:assert/strict";
import { test } from "node:test";

import { project, unproject } from "../../static/js/map/mercator.js";
import { contains, distanceTo, heightsOf, shapeOf } from "../../static/js/map/shape.js";

const ring = [[126, 46], [127, 46], [127, 47], [126, 47], [126, 46]];

test("a place projected and back is the same place", () => {
  const [lon, lat] = unproject(...project(126.98321, 46.64017));
  assert.ok(Math.abs(lon - 126.98321) < 1e-9 && Math.abs(lat - 46.64017) < 1e-9);
});

for (const [type, coordinates, kind, parts] of [
  ["Point", [126, 46], "point", 1],
  ["MultiPoint", [[126, 46], [127, 47]], "point", 2],
  ["LineString", ring, "line", 1],
  ["MultiLineString", [ring, ring], "line", 2],
  ["Polygon", [ring, ring], "polygon", 2],
  ["MultiPolygon", [[ring, ring], [ring]], "polygon", 3],
  ["LineString", ring.map(([x, y]) => [x, y, -1.5]), "line", 1],
]) {
  test(`a ${type}${coordinates[0]?.length === 3 ? " with depth" : ""} is ${parts} ${kind} part(s)`, () => {
    const shape = shapeOf({ type, coordinates });
    assert.equal(shape.kind, kind);
    assert.equal(shape.parts.length, parts);
    assert.ok(shape.parts.every((part) => part.length % 2 === 0));
  });
}

test("of a collection the parts of highest dimension count", () => {
  const geometries = [{ type: "Point", coordinates: [1, 1] }, { type: "LineString", coordinates: ring }];
  assert.equal(shapeOf({ type: "GeometryCollection", geometries }).kind, "line");
});

for (const empty of [null, undefined, { type: "Point", coordinates: [] }, { type: "MultiPolygon", coordinates: [] }, { type: "GeometryCollection", geometries: [] }, { type: "Circle", coordinates: [1, 2] }]) {
  test(`${JSON.stringify(empty)} has no shape`, () => assert.equal(shapeOf(empty), null));
}

test("the anchor of a crescent lies in the crescent, not in its hollow", () => {
  const crescent = [[0, 0], [4, 0], [4, 4], [0, 4], [0, 3], [3, 3], [3, 1], [0, 1], [0, 0]].map(([x, y]) => [126 + x / 10, 46 + y / 10]);
  const shape = shapeOf({ type: "Polygon", coordinates: [crescent] });
  assert.ok(contains(shape.parts, ...shape.anchor));
});

test("the anchor of a line is half way along it", () => {
  const { anchor } = shapeOf({ type: "LineString", coordinates: [[126, 0], [126.2, 0], [127, 0]] });
  assert.ok(Math.abs(unproject(...anchor)[0] - 126.5) < 1e-9);
});

test("distance is to the nearest point of a line, ends included", () => {
  const line = [Float64Array.of(0, 0, 10, 0)];
  assert.equal(distanceTo(line, 5, 3), 3);
  assert.equal(distanceTo(line, 13, 4), 5);
  assert.equal(distanceTo([Float64Array.of(3, 4)], 0, 0), 5);
});

test("heights are the lowest and the highest of all vertices, where there are any", () => {
  assert.deepEqual(heightsOf({ type: "LineString", coordinates: [[1, 2, -1.8], [1, 3, -2.4]] }), [-2.4, -1.8]);
  assert.deepEqual(heightsOf({ type: "MultiPolygon", coordinates: [[[[0, 0, 5], [1, 0, 7], [1, 1, 6], [0, 0, 5]]]] }), [5, 7]);
  assert.deepEqual(heightsOf({ type: "Point", coordinates: [1, 2, 0] }), [0, 0]);
  assert.equal(heightsOf({ type: "Point", coordinates: [1, 2] }), null);
  assert.equal(heightsOf(null), null);
});
