/* A sample of a symbol as MapLibre draws it: a disc, a line or an area. */

import { atZoom } from "../map/style.js";

const NAMESPACE = "http://www.w3.org/2000/svg";
const PLAIN = "#4d6a8f";
/* The zoom whose widths the sample has. */
const USUAL = 13;

export function swatch({ geometryType }, symbol, marker) {
  const svg = element("svg", { class: "set-swatch", viewBox: "0 0 34 20", "aria-hidden": "true" });
  if (marker || geometryType.endsWith("Point")) svg.append(disc(symbol, marker ?? {}));
  else if (geometryType.endsWith("LineString")) svg.append(...lines(symbol, "M2 14 L11 7 L22 13 L32 6"));
  else svg.append(...area(symbol), ...lines(symbol, "M4 3 H30 V17 H4 Z"));
  return svg;
}

function disc(symbol, marker) {
  const fill = symbol.fill ?? marker.color ?? PLAIN;
  return element("circle", { cx: 17, cy: 10, r: 6, fill, stroke: "#ffffff", "stroke-width": 1.2 });
}

function area(symbol) {
  const fill = symbol.fill ?? symbol.ground;
  const opacity = symbol.fill ? atZoom(symbol.fillOpacity, USUAL, 1) : 1;
  return fill ? [element("path", { d: "M4 3 H30 V17 H4 Z", fill, "fill-opacity": opacity })] : [];
}

function lines(symbol, d) {
  const width = atZoom(symbol.width, USUAL, 1);
  const strokes = [
    symbol.halo && { stroke: symbol.halo, "stroke-width": atZoom(symbol.haloWidth, USUAL, 7), "stroke-opacity": symbol.haloOpacity ?? 0.6 },
    symbol.casing && { stroke: symbol.casing, "stroke-width": atZoom(symbol.casingWidth, USUAL, width + 2) },
    symbol.color && { stroke: symbol.color, "stroke-width": width, "stroke-dasharray": symbol.dash?.join(" "), "stroke-opacity": symbol.opacity },
  ];
  return strokes.filter(Boolean).map((stroke) => element("path", { d, fill: "none", ...stroke }));
}

function element(name, attributes) {
  const made = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) made.setAttribute(key, value);
  }
  return made;
}
