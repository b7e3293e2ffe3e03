/* A scene on a canvas, from the ground up to the names. */

import { worldSize } from "../mercator.js";
import { grownRadius, paintCluster, paintMarker } from "./markers.js";
import { paintNames } from "./names.js";
import { canvasPoint, paintFills, paintGround, paintLines, stroke } from "./shapes.js";

/* Place the unit square on a canvas whose top left corner is `corner` on it. */
export function placing(zoom, [x, y]) {
  const scale = worldSize(zoom);
  return { scale, x: -x * scale, y: -y * scale };
}

/* The outline of `selected`, a record or null, lies above all shapes and below the names. */
export function paintScene(ctx, scene, { to, width, height, inView, icons, colors, language, hasBaseMap, selected }) {
  if (!hasBaseMap) paintGround(ctx, to, scene);
  paintFills(ctx, to, scene, true);
  paintFills(ctx, to, scene, false);
  paintLines(ctx, to, scene);
  if (selected) paintOutline(ctx, to, selected, EMPHASIS.selected);
  for (const marker of byImportance(scene.markers)) paintMarker(ctx, to, marker, icons);
  for (const cluster of scene.clusters) paintCluster(ctx, to, cluster, colors);
  paintNames(ctx, to, scene, { width, height, inView, language });
}

/* What hosts others, and what is larger, lies above. */
function byImportance(markers) {
  const weight = ({ form, host }) => (host ? 2 : 0) + (form === "dot" || form === "spot" ? 0 : 1);
  return [...markers].sort((a, b) => weight(a) - weight(b));
}

export const SELECTED = { color: "#d6291c", under: "#ffffff", width: 3.5, grown: 1.3 };
const EMPHASIS = {
  hovered: { color: "#0b6bcb", under: "rgb(255 255 255 / 85%)", width: 3, grown: 1.18 },
  selected: SELECTED,
};

/* The outline of a record under the pointer, over everything else. */
export function paintHovered(ctx, to, feature) {
  paintOutline(ctx, to, feature, EMPHASIS.hovered);
}

function paintOutline(ctx, to, feature, { color, under, width }) {
  const pieces = feature.pieces ?? [feature];
  stroke(ctx, to, pieces, { color: under, width: width + 4 });
  stroke(ctx, to, pieces, { color, width });
}

/* A marker made to stand out, over everything else. */
export function paintEmphasis(ctx, marker, kind, { to, icons }) {
  const { color, under, grown } = EMPHASIS[kind];
  const [x, y] = canvasPoint(to, ...marker.anchor);
  ctx.beginPath();
  ctx.arc(x, y, grownRadius(marker, grown) + 5, 0, 2 * Math.PI);
  ctx.fillStyle = under;
  ctx.fill();
  ctx.strokeStyle = color;
  ctx.lineWidth = 2.5;
  ctx.stroke();
  paintMarker(ctx, to, marker, icons, grown);
}
