/* What the visitor puts on the map: a measured line or area, and where they are. */

import { metresPerPixel, project } from "../mercator.js";
import { canvasPoint } from "./shapes.js";

const INK = "#b3261e";

export function paintSketch(ctx, to, { points, closed, done }) {
  const spots = points.map(([lon, lat]) => canvasPoint(to, ...project(lon, lat)));
  if (!spots.length) return;
  ctx.beginPath();
  spots.forEach(([x, y], index) => (index ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
  if (closed && spots.length > 2) {
    ctx.closePath();
    ctx.fillStyle = "rgb(179 38 30 / 14%)";
    ctx.fill();
  }
  for (const [color, width, dash] of [["#ffffff", 5, []], [INK, 2.5, closed || done ? [] : [7, 4]]]) {
    ctx.strokeStyle = color;
    ctx.lineWidth = width;
    ctx.setLineDash(dash);
    ctx.stroke();
  }
  ctx.setLineDash([]);
  for (const [x, y] of spots) paintKnot(ctx, x, y);
}

function paintKnot(ctx, x, y) {
  ctx.beginPath();
  ctx.arc(x, y, 4.5, 0, 2 * Math.PI);
  ctx.fillStyle = "#ffffff";
  ctx.fill();
  ctx.strokeStyle = INK;
  ctx.lineWidth = 2;
  ctx.stroke();
}

export function paintPosition(ctx, { to, zoom }, { position: [lon, lat], accuracy }) {
  const [x, y] = canvasPoint(to, ...project(lon, lat));
  const radius = accuracy / metresPerPixel(zoom, lat);
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.fillStyle = "rgb(29 91 150 / 14%)";
  ctx.fill();
  ctx.beginPath();
  ctx.arc(x, y, 7, 0, 2 * Math.PI);
  ctx.fillStyle = "#1d5b96";
  ctx.fill();
  ctx.strokeStyle = "#ffffff";
  ctx.lineWidth = 2.5;
  ctx.stroke();
}

/* A pin whose point stands on the place. */
export function paintPlace(ctx, to, [lon, lat]) {
  const [x, y] = canvasPoint(to, ...project(lon, lat));
  ctx.beginPath();
  ctx.arc(x, y - 20, 10, 0.85 * Math.PI, 0.15 * Math.PI);
  ctx.lineTo(x, y);
  ctx.closePath();
  ctx.fillStyle = INK;
  ctx.fill();
  ctx.strokeStyle = "#ffffff";
  ctx.lineWidth = 2;
  ctx.stroke();
  ctx.beginPath();
  ctx.arc(x, y - 20, 3.5, 0, 2 * Math.PI);
  ctx.fillStyle = "#ffffff";
  ctx.fill();
}
