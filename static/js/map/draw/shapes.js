/* Lines and areas on a canvas. `to` places the unit square on the canvas: {scale, x, y}. */

import { atZoom } from "../style.js";

export function canvasPoint(to, x, y) {
  return [x * to.scale + to.x, y * to.scale + to.y];
}

/* Areas of the city itself, drawn only where no base map lies under. */
export function paintGround(ctx, to, scene) {
  for (const { symbols } of scene.layers) {
    for (const [symbol, features] of symbols) {
      if (symbol.ground) fillAreas(ctx, to, features, symbol.ground, 1);
    }
  }
}

export function paintFills(ctx, to, scene, isTheme) {
  for (const { view, symbols } of scene.layers) {
    if (view.style.isTheme !== isTheme) continue;
    for (const [symbol, features] of symbols) {
      const opacity = atZoom(symbol.fillOpacity, scene.zoom, 1);
      if (symbol.fill && opacity > 0) fillAreas(ctx, to, features, symbol.fill, opacity);
    }
  }
}

function fillAreas(ctx, to, features, color, opacity) {
  ctx.fillStyle = color;
  ctx.globalAlpha = opacity;
  byClip(ctx, to, features, (some) => fillEach(ctx, to, some));
  ctx.globalAlpha = 1;
}

function fillEach(ctx, to, features) {
  for (const { shape } of features) {
    if (shape.kind !== "polygon") continue;
    // One at a time: in one path overlapping areas would cut each other out.
    ctx.beginPath();
    for (const ring of shape.parts) trace(ctx, to, ring, true);
    ctx.fill("evenodd");
  }
}

/* Call `draw` with the records of each tile, held to it, and with those of none. */
function byClip(ctx, to, features, draw) {
  const groups = new Map();
  for (const feature of features) {
    const key = feature.clip?.join();
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(feature);
  }
  for (const group of groups.values()) {
    ctx.save();
    if (group[0].clip) clipTo(ctx, to, group[0].clip);
    draw(group);
    ctx.restore();
  }
}

/* At whole pixels of the screen, where neighbours meet without a seam. */
function clipTo(ctx, to, [x0, y0, x1, y1]) {
  const { a: ratio } = ctx.getTransform();
  const [left, top, right, bottom] = [...canvasPoint(to, x0, y0), ...canvasPoint(to, x1, y1)].map((pixel) => Math.round(pixel * ratio) / ratio);
  ctx.beginPath();
  ctx.rect(left, top, right - left, bottom - top);
  ctx.clip();
}

/* Outlines and lines, layer by layer: bands and casings of all symbols before any line on them. */
export function paintLines(ctx, to, scene) {
  ctx.lineJoin = "round";
  for (const { symbols } of scene.layers) {
    for (const [symbol, features] of symbols) paintUnder(ctx, to, symbol, features, scene.zoom);
    for (const [symbol, features] of symbols) paintOver(ctx, to, symbol, features, scene.zoom);
  }
}

function paintUnder(ctx, to, symbol, features, zoom) {
  if (symbol.halo) {
    ctx.globalAlpha = symbol.haloOpacity ?? 0.6;
    stroke(ctx, to, features, { color: symbol.halo, width: atZoom(symbol.haloWidth, zoom, 7) });
    ctx.globalAlpha = 1;
  }
  const width = atZoom(symbol.width, zoom, 1);
  if (symbol.casing && width > 0) {
    const wide = atZoom(symbol.casingWidth, zoom, width + 2);
    stroke(ctx, to, features, { color: symbol.casing, width: wide, cap: symbol.dash ? "butt" : "round" });
  }
}

function paintOver(ctx, to, symbol, features, zoom) {
  const width = atZoom(symbol.width, zoom, 1);
  if (!symbol.color || width <= 0) return;
  ctx.globalAlpha = symbol.opacity ?? 1;
  stroke(ctx, to, features, { color: symbol.color, width, dash: symbol.dash, cap: symbol.dash ? "butt" : "round" });
  ctx.globalAlpha = 1;
}

export function stroke(ctx, to, features, { color, width, dash = [], cap = "round" }) {
  ctx.strokeStyle = color;
  ctx.lineWidth = width;
  ctx.lineCap = cap;
  ctx.setLineDash(dash ?? []);
  byClip(ctx, to, features, (some) => strokeAll(ctx, to, some));
  ctx.setLineDash([]);
}

function strokeAll(ctx, to, features) {
  ctx.beginPath();
  for (const { shape } of features) {
    if (shape.kind === "point") continue;
    for (const part of shape.parts) trace(ctx, to, part, shape.kind === "polygon");
  }
  ctx.stroke();
}

/* Vertices closer than this to the last one drawn cannot be seen. */
const TOO_CLOSE = 0.6;

function trace(ctx, { scale, x: ox, y: oy }, part, closed) {
  let [px, py] = [part[0] * scale + ox, part[1] * scale + oy];
  ctx.moveTo(px, py);
  for (let i = 2; i < part.length; i += 2) {
    const x = part[i] * scale + ox;
    const y = part[i + 1] * scale + oy;
    const last = i === part.length - 2;
    if (!last && Math.abs(x - px) < TOO_CLOSE && Math.abs(y - py) < TOO_CLOSE) continue;
    ctx.lineTo(x, y);
    [px, py] = [x, y];
  }
  if (closed) ctx.closePath();
}
