/* A sample of a symbol for the legend, drawn by the same hand as the map. */

import { paintMarker } from "../map/draw/markers.js";
import { paintFills, paintLines } from "../map/draw/shapes.js";
import { h } from "./dom.js";

const WIDTH = 34;
const HEIGHT = 20;
/* The unit square is the swatch: x and y in pixels. */
const TO = { scale: 1, x: 0, y: 0 };
const LINE = [Float64Array.of(2, 12, 11, 8, 22, 12, 32, 8)];
const AREA = [Float64Array.of(4, 3, 30, 3, 30, 17, 4, 17, 4, 3)];
const LINE_TYPES = new Set(["LineString", "MultiLineString"]);

export function swatch(app, layer, { symbol, marker, zoom }) {
  const canvas = h("canvas", { class: "swatch", "aria-hidden": "true" });
  const ratio = Math.min(window.devicePixelRatio || 1, 2);
  canvas.width = WIDTH * ratio;
  canvas.height = HEIGHT * ratio;
  const ctx = canvas.getContext("2d");
  ctx.scale(ratio, ratio);
  ctx.faces = getComputedStyle(document.body).fontFamily;
  const isPoint = layer.geometryType === "Point" || layer.geometryType === "MultiPoint";
  if (marker || isPoint) paintMark(ctx, symbol, marker ?? {}, app.renderer.icons);
  else paintShape(ctx, symbol, LINE_TYPES.has(layer.geometryType) ? ["line", LINE] : ["polygon", AREA], zoom);
  return canvas;
}

function paintMark(ctx, symbol, marker, icons) {
  const form = symbol.form ?? marker.form ?? "dot";
  const size = Math.min(symbol.size ?? marker.size ?? 16, form === "dot" ? 12 : 16);
  const color = symbol.fill ?? marker.color ?? symbol.color;
  paintMarker(ctx, TO, { anchor: [WIDTH / 2, HEIGHT / 2], form, size, color, icon: symbol.icon ?? marker.icon, symbol }, icons);
}

function paintShape(ctx, symbol, [kind, parts], zoom) {
  const feature = { shape: { kind, parts } };
  const view = { style: { isTheme: false } };
  const scene = { zoom: Math.max(zoom, 11), layers: [{ view, symbols: new Map([[symbol, [feature]]]) }] };
  paintFills(ctx, TO, scene, false);
  paintLines(ctx, TO, scene);
}
