/* Markers and clusters on a canvas. */

import { canvasPoint } from "./shapes.js";

const SIZES = { badge: 26, tile: 20, disc: 22, spot: 18, seat: 10, dot: 7 };
const WHITE = "#ffffff";
/* Pixels; the round part leaves the straight ones where they touch it. */
const PIN = { height: 40, radius: 14, from: Math.PI * 0.86, until: Math.PI * 2.14 };

function sizeOf({ size, form }) {
  return size ?? SIZES[form] ?? SIZES.dot;
}

export function grownRadius(marker, grown) {
  return (sizeOf(marker) * grown) / 2 + 1;
}

/* Paint a marker and note the radius it took, for picking and for names beside it. */
export function paintMarker(ctx, to, marker, icons, grown = 1) {
  const [x, y] = canvasPoint(to, ...marker.anchor);
  const size = sizeOf(marker) * grown;
  marker.radius = grownRadius(marker, grown);
  FORMS[marker.form](ctx, x, y, size, marker, icons);
  if (marker.bears) paintBearing(ctx, x + size / 2, y - size / 2, marker.bears);
}

const FORMS = {
  badge(ctx, x, y, size, { color, icon }, icons) {
    shadowed(ctx, () => roundSquare(ctx, x, y, size + 4, size * 0.32, WHITE));
    roundSquare(ctx, x, y, size, size * 0.26, color);
    paintIcon(ctx, icons.get(icon), x, y, size * 0.66, WHITE);
  },
  tile(ctx, x, y, size, { color, icon }, icons) {
    shadowed(ctx, () => roundSquare(ctx, x, y, size + 3, 5, WHITE));
    roundSquare(ctx, x, y, size, 4, color);
    paintIcon(ctx, icons.get(icon), x, y, size * 0.7, WHITE);
  },
  disc(ctx, x, y, size, { color, icon }, icons) {
    shadowed(ctx, () => disc(ctx, x, y, size / 2 + 2, WHITE));
    disc(ctx, x, y, size / 2, color);
    paintIcon(ctx, icons.get(icon), x, y, size * 0.62, WHITE);
  },
  /* Quiet: what is around, not what is offered. */
  spot(ctx, x, y, size, { color, icon }, icons) {
    disc(ctx, x, y, size / 2, WHITE);
    ctx.strokeStyle = color;
    ctx.lineWidth = 1.25;
    ctx.stroke();
    paintIcon(ctx, icons.get(icon), x, y, size * 0.68, color);
  },
  /* The seat of a government: a ring around a point. */
  seat(ctx, x, y, size, { color }) {
    disc(ctx, x, y, size / 2 + 1.5, WHITE);
    disc(ctx, x, y, size / 2, color);
    disc(ctx, x, y, size / 2 - 1.5, WHITE);
    disc(ctx, x, y, size / 5, color);
  },
  dot(ctx, x, y, size, { color, symbol }) {
    disc(ctx, x, y, size / 2, symbol.fill ?? color ?? "#68726a");
    ctx.strokeStyle = symbol.color ?? WHITE;
    ctx.lineWidth = symbol.width ?? 1.25;
    ctx.stroke();
  },
};

function shadowed(ctx, draw) {
  ctx.shadowColor = "rgb(20 40 32 / 35%)";
  ctx.shadowBlur = 4;
  ctx.shadowOffsetY = 1;
  draw();
  ctx.shadowColor = "transparent";
  ctx.shadowBlur = 0;
  ctx.shadowOffsetY = 0;
}

function roundSquare(ctx, x, y, size, radius, color) {
  ctx.beginPath();
  ctx.roundRect(x - size / 2, y - size / 2, size, size, radius);
  ctx.fillStyle = color;
  ctx.fill();
}

function disc(ctx, x, y, radius, color) {
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.fillStyle = color;
  ctx.fill();
}

function paintIcon(ctx, icon, x, y, size, color) {
  if (!icon) return;
  ctx.save();
  ctx.translate(x - size / 2, y - size / 2);
  ctx.scale(size / 24, size / 24);
  ctx.fillStyle = color;
  for (const path of icon) ctx.fill(path, "evenodd");
  ctx.restore();
}

/* How many others stand at this place. */
function paintBearing(ctx, x, y, count) {
  const text = String(count);
  const width = Math.max(15, 7 + text.length * 6.5);
  ctx.beginPath();
  ctx.roundRect(x - width / 2, y - 7.5, width, 15, 7.5);
  ctx.fillStyle = "#1c231f";
  ctx.fill();
  ctx.strokeStyle = WHITE;
  ctx.lineWidth = 1.5;
  ctx.stroke();
  paintCount(ctx, text, x, y, 10, WHITE);
}

function paintCount(ctx, text, x, y, size, color) {
  ctx.font = `650 ${size}px ${ctx.faces}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillStyle = color;
  ctx.fillText(text, x, y + 0.5);
}

/* A record told apart from those around it by a pin whose tip is its place: so it hides neither the
   cluster it belongs to nor that cluster's number. */
export function paintPin(ctx, to, { anchor, icon, color }, icons, { color: border, under }) {
  const [x, y] = canvasPoint(to, ...anchor);
  const middle = y - PIN.height + PIN.radius;
  const outline = () => {
    ctx.beginPath();
    ctx.arc(x, middle, PIN.radius, PIN.from, PIN.until);
    ctx.lineTo(x, y);
    ctx.closePath();
  };
  outline();
  ctx.lineJoin = "round";
  ctx.strokeStyle = border;
  ctx.lineWidth = 7;
  shadowed(ctx, () => ctx.stroke());
  ctx.strokeStyle = under;
  ctx.lineWidth = 3;
  ctx.stroke();
  ctx.fillStyle = color ?? "#68726a";
  ctx.fill();
  paintIcon(ctx, icons.get(icon), x, middle, PIN.radius * 1.3, WHITE);
}

/* A ring whose parts show how many of each layer, the sum within. */
export function paintCluster(ctx, to, cluster, colors, grown = 1) {
  const [x, y] = canvasPoint(to, ...cluster.anchor);
  const radius = (15 + Math.min(9, 2.4 * Math.log2(cluster.count))) * grown;
  cluster.radius = radius;
  shadowed(ctx, () => disc(ctx, x, y, radius, WHITE));
  const parts = Object.entries(cluster.counts).sort(([a], [b]) => a.localeCompare(b));
  let from = -Math.PI / 2;
  for (const [layer, count] of parts) {
    const until = from + (2 * Math.PI * count) / cluster.count;
    ctx.beginPath();
    ctx.arc(x, y, radius - 3.5, from, until);
    ctx.strokeStyle = colors.get(layer) ?? "#68726a";
    ctx.lineWidth = 4;
    ctx.lineCap = "butt";
    ctx.stroke();
    from = until;
  }
  paintCount(ctx, String(cluster.count), x, y, radius > 19 ? 13 : 12, "#1c231f");
}
