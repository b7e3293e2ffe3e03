/* The names a scene asks for, most important first. */

import { boxesMeet } from "./mercator.js";
import { atZoom, inZooms } from "./style.js";

const SHORT = Object.fromEntries([["zh", "zh-CN"], ["en", "en-GB"]].map(([language, locale]) =>
  [language, new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 })]));

/* [{text, kind: "point" | "area" | "line" | "shield", feature, marker?, style, priority}] */
export function namesOf(scene, language) {
  const wanted = [];
  for (const { view, symbols } of scene.layers) {
    const label = view.style.label;
    if (!label || !inZooms(label, scene.zoom)) continue;
    for (const [symbol, features] of symbols) {
      for (const feature of features) addName(wanted, scene, view, symbol, feature, language);
    }
  }
  for (const marker of scene.markers) addMarkerName(wanted, scene, marker, language);
  return once(wanted.sort((a, b) => a.priority - b.priority || a.order - b.order));
}

/* Without the second name of an area that two layers show, as a county and its theme. */
function once(wanted) {
  const named = new Set();
  return wanted.filter(({ kind, name, feature }) => {
    if (kind !== "area") return true;
    const key = `${name} ${feature.shape.box.join()}`;
    return !named.has(key) && named.add(key);
  });
}

function addName(wanted, scene, view, symbol, feature, language) {
  const { label } = view.style;
  const own = { ...label, ...symbol.labelStyle };
  if (!inZooms(own, scene.zoom)) return;
  const { kind } = feature.shape;
  if (feature.isPiece) return;
  if (view.isMarker(feature, scene.zoom)) return;
  if (kind === "polygon" && !isWorthNaming(feature, scene.zoom)) return;
  const common = { feature, order: wanted.length, priority: priorityOf(label, symbol), size: atZoom(own.size, scene.zoom, 12) };
  const shield = label.shield && feature.properties[label.shield];
  if (shield && kind === "line" && scene.zoom >= (label.shieldMinZoom ?? 0)) {
    wanted.push({ ...common, kind: "shield", text: String(shield), style: { ...own, plate: symbol.shield } });
  }
  const name = textOf(label, feature, language);
  if (!name) return;
  const text = label.value ? `${name} ${valueOf(view.style, feature, language)}`.trim() : name;
  wanted.push({ ...common, kind: kind === "polygon" ? "area" : "line", name, text, style: own });
}

function addMarkerName(wanted, scene, marker, language) {
  const label = marker.view.style.label;
  const own = label && { ...label, ...marker.symbol.labelStyle };
  if (!label || !inZooms(own, scene.zoom)) return;
  const text = textOf(label, marker.feature, language);
  if (!text) return;
  const priority = priorityOf(label, marker.symbol);
  const size = atZoom(own.size, scene.zoom, 12);
  wanted.push({ feature: marker.feature, marker, order: wanted.length, kind: "point", text, style: own, priority, size });
}

function priorityOf(label, symbol) {
  return (label.priority ?? 50) + symbol.rank / 100;
}

function textOf(label, { properties }, language) {
  const name = (language === "en" && properties[label.field_en]) || properties[label.field];
  const around = properties[language === "en" ? label.within_en : label.within];
  return withoutPlace(String(name ?? ""), String(around ?? ""));
}

/* Within the park the map shows, its plots need not repeat its name: 海伦大豆食品产业园A01地块 is A01地块. */
function withoutPlace(name, around) {
  if (!around) return name;
  if (name.startsWith(around)) return name.slice(around.length).trim() || name;
  if (name.endsWith(`, ${around}`)) return name.slice(0, -around.length - 2);
  return name;
}

/* What a theme colours by, short enough for the map: 66.4万, 664K. */
function valueOf({ field }, { properties }, language) {
  const value = Number(properties[field] ?? NaN);
  return Number.isNaN(value) ? "" : SHORT[language].format(value);
}

/* An area of a few pixels bears no name. */
function isWorthNaming({ shape: { box } }, zoom) {
  const size = 256 * 2 ** zoom;
  return (box[2] - box[0]) * size > 24 && (box[3] - box[1]) * size > 14;
}

/* Whether something of the same text was named nearby already, as the pieces of one road are. */
export class Named {
  #places = new Map();

  isNear(text, x, y, within) {
    return (this.#places.get(text) ?? []).some(([px, py]) => Math.hypot(px - x, py - y) < within);
  }

  add(text, x, y) {
    if (!this.#places.has(text)) this.#places.set(text, []);
    this.#places.get(text).push([x, y]);
  }
}

export function pointBox(x, y, half) {
  return [x - half, y - half, x + half, y + half];
}

export function inBox(box, x, y) {
  return boxesMeet([x, y, x, y], box);
}
