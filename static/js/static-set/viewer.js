/* The viewer of a static set: tiles from one file, drawn by MapLibre; no server answers questions. */

import { readCollections } from "../map/collections.js";
import { Format } from "../map/format.js";
import en from "../text/en.js";
import { textIn } from "../text/text.js";
import zh from "../text/zh.js";
import { Card } from "./card.js";
import { LayerList } from "./layers.js";

/* Lies beside this module in a set, and nowhere else: no part of the pages of the service. */
const LIBRARY = "../../vendor/maplibre-gl/maplibre-gl.js";
const COUNT = "_count";
/* Fingers and pointers miss by so many pixels. */
const MISS = 6;
const PHONE = matchMedia("(max-width: 720px)");

const known = JSON.parse(document.getElementById("known").textContent);
const { language } = known;
const text = textIn({ zh, en }[language], language);
const format = new Format(language);
const catalogue = readCollections(known);
const notice = document.getElementById("notice");

start().catch(() => tell(text("set.failed")));

async function start() {
  const maplibre = await import(LIBRARY);
  const archive = new URL(known.archive, location.href).href;
  const tiles = new pmtiles.PMTiles(archive);
  const protocol = new pmtiles.Protocol({ metadata: true });
  protocol.add(tiles);
  maplibre.addProtocol("pmtiles", protocol.tile);
  const [style] = await Promise.all([readStyle(archive), tiles.getHeader()]);
  show(maplibre, style);
}

async function readStyle(archive) {
  const answer = await fetch(known.style);
  if (!answer.ok) throw new Error(`answered ${answer.status}`);
  const style = await answer.json();
  for (const source of Object.values(style.sources)) source.url = `pmtiles://${archive}`;
  return style;
}

function show(maplibre, style) {
  const [west, south, east, north] = known.box;
  const map = new maplibre.Map({
    container: "map",
    style,
    hash: true,
    bounds: [[west, south], [east, north]],
    fitBoundsOptions: { padding: 24 },
    locale: locale(),
    dragRotate: false,
    pitchWithRotate: false,
    attributionControl: { compact: PHONE.matches },
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new maplibre.ScaleControl({ maxWidth: 120 }), "bottom-left");
  map.on("error", () => tell(text("set.failed")));
  map.on("load", () => tell(""));
  map.once("idle", () => map.getContainer().removeAttribute("aria-busy"));
  const card = new Card(document.getElementById("card"), { text, format, map });
  const panel = document.getElementById("panel");
  panel.append(new LayerList({ known, catalogue, style, text, format, map }).element);
  openable(panel, map);
  picking(map, card);
  // The page in the other language shows the same place.
  map.on("moveend", () => (document.getElementById("other-language").hash = location.hash));
}

/* What MapLibre itself says. */
function locale() {
  return {
    "Map.Title": text("set.map"),
    "NavigationControl.ZoomIn": text("tools.zoomIn"),
    "NavigationControl.ZoomOut": text("tools.zoomOut"),
    "AttributionControl.ToggleAttribution": text("layers.source"),
  };
}

function tell(words) {
  notice.textContent = words;
  notice.hidden = !words;
}

/* On phones the panel opens over the map. */
function openable(panel, map) {
  const button = document.getElementById("layers-button");
  const open = (wanted) => {
    panel.classList.toggle("is-open", wanted);
    button.setAttribute("aria-expanded", String(wanted));
  };
  button.addEventListener("click", () => {
    open(!panel.classList.contains("is-open"));
    if (panel.classList.contains("is-open")) panel.focus();
  });
  map.on("click", () => open(false));
  document.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !panel.classList.contains("is-open")) return;
    open(false);
    button.focus();
  });
}

function picking(map, card) {
  const pick = ({ x, y }) => {
    const found = map.queryRenderedFeatures([[x - MISS, y - MISS], [x + MISS, y + MISS]]);
    const crowd = found.find(({ properties }) => COUNT in properties);
    if (crowd) zoomInto(map, crowd);
    else card.show(records(found));
  };
  map.on("click", ({ point }) => pick(point));
  map.on("mousemove", ({ point }) => {
    map.getCanvas().style.cursor = map.queryRenderedFeatures(point).length ? "pointer" : "";
  });
  // Without a pointer: what lies in the middle of the map.
  map.getCanvas().addEventListener("keydown", ({ key, currentTarget }) => {
    if (key === "Enter") pick({ x: currentTarget.clientWidth / 2, y: currentTarget.clientHeight / 2 });
  });
}

function zoomInto(map, { geometry }) {
  map.easeTo({ center: geometry.coordinates, zoom: map.getZoom() + 2 });
}

/* [{layer, feature}]: each record once; points and what is marked by a point first, then lines. */
function records(found) {
  const once = new Map();
  for (const { sourceLayer, properties, geometry } of found) {
    const layer = catalogue.layers.get(sourceLayer);
    const key = `${sourceLayer}/${properties.id}`;
    if (!layer || once.has(key)) continue;
    const feature = { id: properties.id, properties: readable(layer, properties) };
    once.set(key, { layer, feature, rank: rank(layer, geometry.type) });
  }
  return [...once.values()].sort((a, b) => a.rank - b.rank);
}

function rank({ style }, type) {
  if (style.marker || type.endsWith("Point")) return 0;
  return type.endsWith("LineString") ? 1 : 2;
}

/* Tiles keep lists as JSON text. */
function readable(layer, properties) {
  const read = ([name, value]) => [name, layer.fields.get(name)?.type === "codes" ? JSON.parse(value) : value];
  return Object.fromEntries(Object.entries(properties).map(read));
}
