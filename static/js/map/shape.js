/* A GeoJSON geometry made ready for drawing and picking: flat coordinates on the unit square. */

import { project } from "./mercator.js";

const DIMENSION = { Point: 0, MultiPoint: 0, LineString: 1, MultiLineString: 1, Polygon: 2, MultiPolygon: 2 };
const KINDS = ["point", "line", "polygon"];
const DEPTH = { Point: 0, MultiPoint: 1, LineString: 1, MultiLineString: 2, Polygon: 2, MultiPolygon: 3 };

/* {kind, parts, box, anchor}: `parts` are points, lines or rings as [x, y, x, y, …]; `anchor` is
   where a symbol or a name belongs. Of a collection the parts of highest dimension count. Null for
   an empty geometry. */
export function shapeOf(geometry) {
  const simple = simpleGeometries(geometry);
  if (!simple.length) return null;
  const dimension = Math.max(...simple.map((g) => DIMENSION[g.type]));
  const parts = simple
    .filter((g) => DIMENSION[g.type] === dimension)
    .flatMap((g) => flatParts(g.coordinates, g.type));
  if (!parts.length) return null;
  return shapeFrom(KINDS[dimension], parts);
}

/* The same of parts that are flat coordinates on the unit square already. */
export function shapeFrom(kind, parts) {
  const shape = { kind, parts, box: boxOf(parts) };
  shape.anchor = anchorOf(shape);
  return shape;
}

/* [lowest, highest] of the third coordinates; null where there are none. */
export function heightsOf(geometry) {
  const heights = simpleGeometries(geometry)
    .flatMap(({ coordinates, type }) => (type === "Point" ? [coordinates] : coordinates.flat(DEPTH[type] - 1)))
    .map(([, , height]) => height)
    .filter(Number.isFinite);
  const lowest = heights.reduce((low, height) => Math.min(low, height), Infinity);
  return heights.length ? [lowest, heights.reduce((high, height) => Math.max(high, height), lowest)] : null;
}

function simpleGeometries(geometry) {
  if (!geometry) return [];
  if (geometry.type === "GeometryCollection") return geometry.geometries.flatMap(simpleGeometries);
  return geometry.type in DIMENSION ? [geometry] : [];
}

function flatParts(coordinates, type) {
  let parts = type === "Point" ? [[coordinates]] : [coordinates];
  for (let depth = DEPTH[type]; depth > 1; depth -= 1) parts = parts.flat();
  if (type === "MultiPoint") parts = coordinates.map((position) => [position]);
  return parts.filter((positions) => positions.length && positions[0].length).map(flat);
}

function flat(positions) {
  const numbers = new Float64Array(positions.length * 2);
  positions.forEach(([lon, lat], index) => {
    const [x, y] = project(lon, lat);
    numbers[index * 2] = x;
    numbers[index * 2 + 1] = y;
  });
  return numbers;
}

function boxOf(parts) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const part of parts) {
    for (let i = 0; i < part.length; i += 2) {
      if (part[i] < box[0]) box[0] = part[i];
      if (part[i] > box[2]) box[2] = part[i];
      if (part[i + 1] < box[1]) box[1] = part[i + 1];
      if (part[i + 1] > box[3]) box[3] = part[i + 1];
    }
  }
  return box;
}

function anchorOf({ kind, parts }) {
  if (kind === "point") return [parts[0][0], parts[0][1]];
  if (kind === "line") return middleOfLine(longest(parts, lengthOf));
  return insidePoint(longest(parts, (ring) => Math.abs(signedArea(ring))), parts);
}

function longest(parts, measure) {
  return parts.reduce((best, part) => (measure(part) > measure(best) ? part : best));
}

export function lengthOf(line) {
  let length = 0;
  for (let i = 2; i < line.length; i += 2) {
    length += Math.hypot(line[i] - line[i - 2], line[i + 1] - line[i - 1]);
  }
  return length;
}

function middleOfLine(line) {
  let left = lengthOf(line) / 2;
  for (let i = 2; i < line.length; i += 2) {
    const step = Math.hypot(line[i] - line[i - 2], line[i + 1] - line[i - 1]);
    if (step >= left && step > 0) {
      const part = left / step;
      return [line[i - 2] + (line[i] - line[i - 2]) * part, line[i - 1] + (line[i + 1] - line[i - 1]) * part];
    }
    left -= step;
  }
  return [line[0], line[1]];
}

function signedArea(ring) {
  let area = 0;
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
    area += ring[j] * ring[i + 1] - ring[i] * ring[j + 1];
  }
  return area / 2;
}

/* The centroid of a ring, or, where that falls outside, the middle of the widest stretch beside it. */
function insidePoint(ring, rings) {
  const [x, y] = centroid(ring);
  if (contains(rings, x, y)) return [x, y];
  const crossings = crossingsAt(rings, y).sort((a, b) => a - b);
  let best = null;
  for (let i = 0; i + 1 < crossings.length; i += 2) {
    const width = crossings[i + 1] - crossings[i];
    if (!best || width > best.width) best = { width, x: crossings[i] + width / 2 };
  }
  return best ? [best.x, y] : [ring[0], ring[1]];
}

function centroid(ring) {
  const area = signedArea(ring);
  if (!area) return [ring[0], ring[1]];
  // Relative to a corner, since the rings are tiny beside their distance from the origin.
  const [ox, oy] = ring;
  let x = 0;
  let y = 0;
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
    const [ax, ay, bx, by] = [ring[j] - ox, ring[j + 1] - oy, ring[i] - ox, ring[i + 1] - oy];
    const cross = ax * by - bx * ay;
    x += (ax + bx) * cross;
    y += (ay + by) * cross;
  }
  return [ox + x / (6 * area), oy + y / (6 * area)];
}

function crossingsAt(rings, y) {
  const found = [];
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
      const [ay, by] = [ring[j + 1], ring[i + 1]];
      if (ay > y !== by > y) found.push(ring[j] + ((y - ay) / (by - ay)) * (ring[i] - ring[j]));
    }
  }
  return found;
}

/* Whether a point lies inside rings, by the even-odd rule, holes included. */
export function contains(rings, x, y) {
  return crossingsAt(rings, y).filter((crossing) => crossing > x).length % 2 === 1;
}

/* The shortest distance from a point to lines or rings, in the same unit. */
export function distanceTo(parts, x, y) {
  let best = Infinity;
  for (const part of parts) {
    if (part.length === 2) best = Math.min(best, Math.hypot(part[0] - x, part[1] - y));
    for (let i = 2; i < part.length; i += 2) {
      best = Math.min(best, toSegment(x, y, part[i - 2], part[i - 1], part[i], part[i + 1]));
    }
  }
  return best;
}

function toSegment(x, y, ax, ay, bx, by) {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const along = length ? Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / length)) : 0;
  return Math.hypot(ax + along * dx - x, ay + along * dy - y);
}
