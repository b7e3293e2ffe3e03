/* What lies under the pointer: first what has a page of its own, since that is what people come for;
   of each the most particular first: markers, lines, then the smallest area. */

import { worldSize } from "./mercator.js";
import { contains, distanceTo } from "./shape.js";
import { atZoom } from "./style.js";

/* [{layer, feature} | {cluster}] at a point on the unit square; `reach` is in pixels, wider for
   fingers. The markers carry the radius they were drawn with. */
export function pickAt(scene, [x, y], reach) {
  const pixel = 1 / worldSize(scene.zoom);
  const markers = pickMarkers(scene, x, y, reach, pixel);
  const shapes = pickShapes(scene, x, y, reach, pixel);
  const all = [...markers, ...uniqueBeside(markers, shapes)];
  const first = all.filter(({ cluster, view }) => cluster || view.layer.page);
  return [...first, ...all.filter((hit) => !first.includes(hit))];
}

/* An area drawn under its own marker is one thing. */
function uniqueBeside(markers, shapes) {
  const keys = new Set(markers.map(({ feature }) => feature?.key));
  return shapes.filter(({ feature }) => !keys.has(feature.key));
}

function pickMarkers(scene, x, y, reach, pixel) {
  const near = (anchor, radius) => {
    const distance = Math.hypot(anchor[0] - x, anchor[1] - y);
    return distance <= (radius + reach / 2) * pixel ? distance : null;
  };
  const found = [];
  for (const cluster of scene.clusters) {
    const distance = near(cluster.anchor, cluster.radius ?? 18);
    if (distance !== null) found.push({ distance, hit: { cluster } });
  }
  for (const marker of scene.markers) {
    const distance = near(marker.anchor, marker.radius ?? 8);
    if (distance !== null) found.push({ distance, hit: { view: marker.view, layer: marker.layer, feature: marker.feature } });
  }
  return found.sort((a, b) => a.distance - b.distance).map(({ hit }) => hit);
}

function pickShapes(scene, x, y, reach, pixel) {
  const lines = [];
  const areas = [];
  for (const { view, symbols } of [...scene.layers].reverse()) {
    for (const [symbol, features] of symbols) {
      const width = (atZoom(symbol.width, scene.zoom, 1) / 2 + reach) * pixel;
      for (const feature of features) {
        const hit = { view, layer: view.layer.id, feature };
        if (!nearBox(feature.shape.box, x, y, width) || !isWithin(feature.clip, x, y)) continue;
        if (feature.shape.kind === "polygon") {
          if (contains(feature.shape.parts, x, y)) areas.push(hit);
        } else if (distanceTo(feature.shape.parts, x, y) <= width) lines.push(hit);
      }
    }
  }
  return [...lines, ...areas.sort((a, b) => extent(a.feature) - extent(b.feature))];
}

/* Beyond its tile a piece is another's. */
function isWithin(clip, x, y) {
  return !clip || (x >= clip[0] && x < clip[2] && y >= clip[1] && y < clip[3]);
}

function nearBox([x0, y0, x1, y1], x, y, width) {
  return x >= x0 - width && x <= x1 + width && y >= y0 - width && y <= y1 + width;
}

function extent({ shape: { box } }) {
  return (box[2] - box[0]) * (box[3] - box[1]);
}
