/* The tiles of the grid of web maps that a view of a layer needs. */

import { projectBox } from "../mercator.js";

/* Tiles end at this level; nearer views enlarge them, which costs shapes nothing. */
const DEEPEST = 16;

/* A tile covers two by two of the 256 pixels of the grid: a quarter of the requests and seams. */
export function levelFor(zoom, minZoom) {
  return Math.max(0, Math.min(DEEPEST, Math.max(Math.round(zoom) - 1, Math.ceil(minZoom))));
}

/* [{key, level, row, column, box}] over a box on the unit square, within the extent of the layer:
   beyond it the service has no tiles. */
export function tilesOver({ minZoom, extent }, zoom, box) {
  const level = levelFor(zoom, minZoom);
  const across = 2 ** level;
  const within = extent ? projectBox(extent) : [0, 0, 1, 1];
  const cell = (part) => Math.max(0, Math.min(across - 1, Math.floor(part * across)));
  const low = [0, 1].map((i) => cell(Math.max(box[i], within[i])));
  const high = [0, 1].map((i) => cell(Math.min(box[i + 2], within[i + 2])));
  const tiles = [];
  if ([0, 1].some((i) => box[i] > within[i + 2] || box[i + 2] < within[i])) return tiles;
  for (let row = low[1]; row <= high[1]; row += 1) {
    for (let column = low[0]; column <= high[0]; column += 1) tiles.push(tileAt(level, row, column));
  }
  return tiles;
}

function tileAt(level, row, column) {
  const size = 1 / 2 ** level;
  const box = [column * size, row * size, (column + 1) * size, (row + 1) * size];
  return { key: `${level}/${row}/${column}`, level, row, column, box };
}
