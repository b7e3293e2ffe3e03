/* Names on a canvas: beside points, within areas, along lines, road numbers on plates. */

import { Named, namesOf } from "../naming.js";
import { alongLine, besidePoint, longestInside, Taken, wholeFirst } from "../labels.js";
import { canvasPoint } from "./shapes.js";

const HALO = "rgb(255 255 255 / 88%)";
const SAME_NAME_APART = 260;
const SHIELD_APART = 180;
/* Where the name of an area may stand, in type sizes from its middle: where a marker sits there, a
   name just beside it still tells the area. */
const AROUND_MIDDLE = [[0, 0], [0, -1.9], [0, 1.9], [0, -2.7], [0, 2.7], [-4.2, -1], [4.2, -1], [-4.2, 1.4], [4.2, 1.4]];

/* Paint the names of a scene that find room on a canvas of the given size, of which the box
   `inView` is seen before the map is moved. */
export function paintNames(ctx, to, scene, { width, height, inView, language }) {
  const taken = new Taken();
  for (const { anchor, radius, bears } of [...scene.markers, ...scene.clusters]) {
    const [x, y] = canvasPoint(to, ...anchor);
    taken.add([x - radius, y - radius - (bears ? 6 : 0), x + radius + (bears ? 6 : 0), y + radius]);
  }
  const [x0, y0, x1, y1] = inView;
  const page = { ctx, to, taken, named: new Named(), seen: [x0 + 4, y0 + 4, x1 - 4, y1 - 4], whole: [0, 0, width, height] };
  for (const name of namesOf(scene, language)) PAINTERS[name.kind](page, name);
}

const PAINTERS = { point: paintBeside, area: paintWithin, line: paintAlong, shield: paintShield };

function fontOf(ctx, { style, size }) {
  return `${style.italic ? "italic " : ""}${style.weight ?? 400} ${size}px ${ctx.faces}`;
}

/* Chinese names are spaced out over what they name; Latin letters only a little. */
function spacingOf({ text, style }, otherwise) {
  const spacing = style.spacing ?? otherwise;
  return /^[\u0000-\u024f]/.test(text) ? Math.min(spacing, 1) : spacing;
}

const widths = new Map();

function widthOf(ctx, font, text) {
  const key = `${font}|${text}`;
  if (!widths.has(key)) {
    if (widths.size > 20000) widths.clear();
    ctx.font = font;
    widths.set(key, ctx.measureText(text).width);
  }
  return widths.get(key);
}

function write(ctx, text, x, y, style) {
  ctx.lineJoin = "round";
  ctx.lineWidth = style.haloWidth ?? 3;
  ctx.strokeStyle = style.halo ?? HALO;
  ctx.strokeText(text, x, y);
  ctx.fillStyle = style.color ?? "#1c231f";
  ctx.fillText(text, x, y);
}

function paintBeside({ ctx, to, taken, seen }, name) {
  const font = fontOf(ctx, name);
  const [x, y] = canvasPoint(to, ...name.marker.anchor);
  const width = widthOf(ctx, font, name.text);
  const radius = name.marker.radius + (name.marker.bears ? 5 : 0);
  const boxes = besidePoint(x, y, radius, width, name.size).map((spot) => [spot.x - 2, spot.y - 1, spot.x + width + 2, spot.y + name.size + 1]);
  const box = wholeFirst(boxes, seen).find((one) => taken.claim([one]));
  if (!box) return;
  ctx.font = font;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  write(ctx, name.text, box[0] + 2, (box[1] + box[3]) / 2, name.style);
}

function paintWithin({ ctx, to, taken, seen }, name) {
  const font = fontOf(ctx, name);
  const [x, y] = canvasPoint(to, ...name.feature.shape.anchor);
  // A name of several words that finds no room in one row may find it in two.
  const settings = [[name.text], inTwo(name.text)].filter(Boolean).map((texts) => texts.map((text) => setLine(ctx, font, name, text)));
  const spots = new Map(settings.flatMap((lines) => spotsAround(x, y, name.size, lines).map((box) => [box, lines])));
  const box = wholeFirst([...spots.keys()], seen).find((one) => taken.claim([one]));
  if (!box) return;
  const lines = spots.get(box);
  const [middle, top] = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
  lines.forEach((line, index) => writeLine(ctx, font, name, line, middle, top + (index - (lines.length - 1) / 2) * name.size * 1.15));
}

function spotsAround(x, y, size, lines) {
  const width = Math.max(...lines.map(({ total }) => total));
  const half = size * 0.6 * lines.length;
  return AROUND_MIDDLE.map(([across, down]) => boxAround(x + across * size, y + down * size, width / 2, half));
}

function boxAround(x, y, halfWidth, halfHeight) {
  return [x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight];
}

/* The text parted at the space nearest to its middle; null where it is one word. */
function inTwo(text) {
  const spaces = [...text.matchAll(/ /g)].map(({ index }) => index);
  if (!spaces.length) return null;
  const at = spaces.reduce((best, one) => (Math.abs(one - text.length / 2) < Math.abs(best - text.length / 2) ? one : best));
  return [text.slice(0, at), text.slice(at + 1)];
}

function setLine(ctx, font, name, text) {
  const spacing = spacingOf(name, 0);
  const glyphs = spacing ? [...text] : [text];
  const sizes = glyphs.map((glyph) => widthOf(ctx, font, glyph));
  return { glyphs, sizes, spacing, total: sizes.reduce((sum, size) => sum + size, 0) + spacing * (glyphs.length - 1) };
}

function writeLine(ctx, font, { style }, { glyphs, sizes, spacing, total }, x, y) {
  ctx.font = font;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  let left = x - total / 2;
  glyphs.forEach((glyph, index) => {
    write(ctx, glyph, left, y, style);
    left += sizes[index] + spacing;
  });
}

function paintAlong(page, name) {
  const { ctx, taken, named } = page;
  const line = visibleLine(page, name);
  if (!line) return;
  const font = fontOf(ctx, name);
  const glyphs = [...name.text];
  const sizes = glyphs.map((glyph) => widthOf(ctx, font, glyph));
  const placed = alongLine(line, glyphs, sizes, spacingOf(name, 0.5));
  if (!placed) return;
  const { x, y } = placed[Math.floor(placed.length / 2)];
  const half = name.size * 0.62;
  if (named.isNear(name.text, x, y, SAME_NAME_APART)) return;
  if (!taken.claim(placed.map((spot) => [spot.x - half, spot.y - half, spot.x + half, spot.y + half]))) return;
  named.add(name.text, x, y);
  ctx.font = font;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  for (const spot of placed) writeTurned(ctx, spot, name.style);
}

function writeTurned(ctx, { glyph, x, y, angle }, style) {
  ctx.save();
  ctx.translate(x, y);
  ctx.rotate(angle);
  write(ctx, glyph, 0, 0, style);
  ctx.restore();
}

/* The longest piece in view, else of what lies around it, which moving the map will show. */
function visibleLine({ to, seen, whole }, { feature }) {
  return longestPiece(feature, to, seen) ?? longestPiece(feature, to, whole);
}

/* The longest piece of the longest part inside a box, in pixels, with a vertex at least every 24. */
function longestPiece(feature, to, box) {
  let best = null;
  for (const part of feature.shape.parts) {
    const piece = longestInside(densified(part, to, box), box);
    if (piece && (!best || piece.length > best.length)) best = piece;
  }
  return best;
}

function densified(part, to, [x0, y0, x1, y1]) {
  const line = [];
  for (let i = 0; i < part.length; i += 2) {
    const [x, y] = canvasPoint(to, part[i], part[i + 1]);
    if (i) {
      const [px, py] = line.slice(-2);
      const apart = Math.hypot(x - px, y - py);
      // Far outside the page nothing will be written, so nothing needs to be fine there.
      const near = Math.max(px, x) > x0 && Math.min(px, x) < x1 && Math.max(py, y) > y0 && Math.min(py, y) < y1;
      const steps = near ? Math.min(400, Math.floor(apart / 24)) : 0;
      for (let s = 1; s <= steps; s += 1) line.push(px + ((x - px) * s) / (steps + 1), py + ((y - py) * s) / (steps + 1));
    }
    line.push(x, y);
  }
  return line;
}

function paintShield(page, name) {
  const line = visibleLine(page, name);
  if (!line || line.length < 8) return;
  const { ctx, taken, named } = page;
  const middle = Math.floor(line.length / 4) * 2;
  const [x, y] = [line[middle], line[middle + 1]];
  if (named.isNear(name.text, x, y, SHIELD_APART)) return;
  const font = `650 10.5px ${ctx.faces}`;
  const half = widthOf(ctx, font, name.text) / 2 + 4;
  if (!taken.claim([[x - half - 2, y - 10, x + half + 2, y + 10]])) return;
  named.add(name.text, x, y);
  paintPlate(ctx, x, y, half, name.style.plate ?? {});
  ctx.font = font;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillStyle = name.style.plate?.text ?? "#ffffff";
  ctx.fillText(name.text, x, y + 0.5);
}

function paintPlate(ctx, x, y, half, { fill = "#4a544d", border = "#ffffff" }) {
  ctx.beginPath();
  ctx.roundRect(x - half, y - 8, half * 2, 16, 3);
  ctx.fillStyle = fill;
  ctx.fill();
  ctx.strokeStyle = border;
  ctx.lineWidth = 1.25;
  ctx.stroke();
}
