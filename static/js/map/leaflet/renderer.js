/* The map as the rest of the page knows it; the one place, with its neighbours, that knows Leaflet.

   Events: `move` when the view rests, `pointer` with a position,
   `hover` with a hit or null, `pick` with {hits, position, cluster}, `finish` on a double click.
   Positions are [lon, lat] in degrees; boxes [west, south, east, north] in degrees. */

import * as L from "leaflet";

import { paintCluster, paintPin } from "../draw/markers.js";
import { paintEmphasis, paintHovered, paintScene, SELECTED } from "../draw/painter.js";
import { paintPlace, paintPosition, paintSketch } from "../draw/sketch.js";
import { project, unproject } from "../mercator.js";
import { pickAt } from "../pick.js";
import { SceneBuilder } from "../scene.js";
import { CanvasLayer } from "./canvas-layer.js";

const ZOOMS = { minZoom: 5, maxZoom: 19, zoomSnap: 0.25, zoomDelta: 1, wheelPxPerZoomLevel: 90 };
const REACH = { mouse: 4, touch: 14 };

export class LeafletRenderer extends EventTarget {
  #map;
  #canvas;
  #views = new Map();
  #builder = new SceneBuilder();
  #scene = null;
  #emphasis = { hovered: null, selected: null };
  #sketch = null;
  #position = null;
  #place = null;
  #baseMap = null;
  #pending = false;

  constructor(element, { language, icons, colors, reducedMotion }) {
    super();
    this.language = language;
    this.icons = icons;
    this.colors = colors;
    const still = reducedMotion ? { zoomAnimation: false, fadeAnimation: false, inertia: false } : {};
    this.#map = L.map(element, { ...ZOOMS, ...still, zoomControl: false, attributionControl: false });
    this.#canvas = new CanvasLayer({
      pane: "overlayPane",
      paint: (ctx, frame) => this.#paint(ctx, frame),
      paintOver: (ctx, frame) => this.#paintOver(ctx, frame),
    });
    this.#listen();
  }

  /* --- View --- */

  setView({ zoom, lat, lon }) {
    this.#map.setView([lat, lon], zoom, { animate: false });
    if (!this.#map.hasLayer(this.#canvas)) this.#canvas.addTo(this.#map);
  }

  /* `top`, `bottom` and `left` pixels more are left free there, for what covers the map. */
  fit([west, south, east, north], { maxZoom = 15, padding = 32, top = 0, bottom = 0, left = 0 } = {}) {
    const map = this.#map;
    const bounds = L.latLngBounds([south, west], [north, east]);
    const zoom = Math.min(maxZoom, map.getBoundsZoom(bounds, false, L.point(2 * padding + left, 2 * padding + top + bottom)));
    const middle = map.project(bounds.getSouthWest(), zoom).add(map.project(bounds.getNorthEast(), zoom)).divideBy(2);
    const center = map.unproject(middle.subtract([left / 2, (top - bottom) / 2]), zoom);
    this.setView({ zoom, lat: center.lat, lon: center.lng });
  }

  /* Go to a shape, no nearer than `maxZoom`; a point is brought to the middle. */
  goToShape({ box: [x0, y0, x1, y1] }, { maxZoom, bottom, left }) {
    const [west, north] = unproject(x0, y0);
    const [east, south] = unproject(x1, y1);
    this.fit([west, south, east, north], { maxZoom, bottom, left, padding: 60 });
  }

  /* Move just so far that the middle of a shape is not under what covers the map. */
  reveal({ anchor }, { bottom, left }) {
    const [lon, lat] = unproject(...anchor);
    const { x, y } = this.#map.latLngToContainerPoint([lat, lon]);
    const down = bottom ? Math.max(0, y - (this.#map.getSize().y - bottom - 40)) : 0;
    const across = left ? Math.min(0, x - left - 40) : 0;
    if (down || across) this.#map.panBy([across, down], { animate: false });
  }

  /* Whether a record stands on the map by itself, not within a cluster. */
  isApart({ key, shape }) {
    if (!this.#scene) return false;
    const marker = this.#scene.markers.find(({ feature }) => feature.key === key);
    if (marker) return !marker.bears;
    return shape.kind !== "point" && this.#scene.layers.some(({ symbols }) => [...symbols.values()].some((all) => all.some((one) => one.key === key)));
  }

  zoomBy(step) {
    this.#map.setZoom(this.#map.getZoom() + step);
  }

  get view() {
    const center = this.#map.getCenter();
    return { zoom: this.#map.getZoom(), lat: center.lat, lon: center.lng };
  }

  /* The box in view on the unit square, without the margin painted around it. */
  get box() {
    const bounds = this.#map.getBounds();
    return [...project(bounds.getWest(), bounds.getNorth()), ...project(bounds.getEast(), bounds.getSouth())];
  }

  /* The same in degrees, [west, south, east, north]. */
  get bounds() {
    const bounds = this.#map.getBounds();
    return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
  }

  resize() {
    this.#map.invalidateSize({ animate: false });
  }

  focus() {
    this.#map.getContainer().focus();
  }

  /* --- What is drawn --- */

  setLayer(view) {
    this.#views.set(view.layer.id, view);
    this.refresh();
  }

  removeLayer(id) {
    if (this.#views.delete(id)) this.refresh();
  }

  /* Paint anew before the next frame, once however often it is asked for. */
  refresh() {
    if (this.#pending) return;
    this.#pending = true;
    requestAnimationFrame(() => {
      this.#pending = false;
      this.#canvas.repaint();
    });
  }

  setBaseMap(baseMap) {
    this.#baseMap?.remove();
    this.#baseMap = baseMap && L.layerGroup(baseMap.tiles.map((url) => tiles(url, baseMap))).addTo(this.#map);
    this.#map.options.zoomSnap = baseMap ? 1 : ZOOMS.zoomSnap;
    this.refresh();
  }

  highlight(feature) {
    this.#emphasise("hovered", feature);
  }

  select(feature) {
    this.#emphasise("selected", feature);
  }

  #emphasise(kind, feature) {
    this.#emphasis[kind] = feature;
    // The outline of what is selected lies below the names, so the scene is painted anew.
    if (kind === "selected") this.refresh();
    this.#canvas.repaintOver();
  }

  /* A line or area being measured: {points, closed, done}. */
  setSketch(sketch) {
    this.#sketch = sketch;
    this.#map.doubleClickZoom[sketch ? "disable" : "enable"]();
    this.#map.getContainer().classList.toggle("is-sketching", Boolean(sketch));
    this.#canvas.repaintOver();
  }

  /* Where the visitor is: {position, accuracy in metres}. */
  setPosition(position) {
    this.#position = position;
    this.#canvas.repaintOver();
  }

  /* A place the visitor asked for by coordinates, or null. */
  setPlace(place) {
    this.#place = place;
    this.#canvas.repaintOver();
  }

  /* --- Painting --- */

  #paint(ctx, frame) {
    this.#scene = this.#builder.build([...this.#views.values()], frame.zoom, frame.box);
    const { icons, colors, language } = this;
    const { selected } = this.#emphasis;
    const outlined = selected && hasOutline(selected) && !this.#standing(selected).marker ? selected : null;
    paintScene(ctx, this.#scene, { ...frame, icons, colors, language, selected: outlined, hasBaseMap: Boolean(this.#baseMap) });
  }

  #paintOver(ctx, frame) {
    const { selected, hovered } = this.#emphasis;
    if (selected) this.#paintSelected(ctx, frame, selected);
    if (hovered && hovered.key !== selected?.key) this.#paintHovered(ctx, frame, hovered);
    if (this.#sketch) paintSketch(ctx, frame.to, this.#sketch);
    if (this.#position) paintPosition(ctx, frame, this.#position);
    if (this.#place) paintPlace(ctx, frame.to, this.#place);
  }

  /* What stands on the map for a record: its own {marker}, or the {cluster} it is `member` of, with
     the `host` drawn for that cluster if there is one. */
  #standing({ key }) {
    const isIt = ({ feature }) => feature.key === key;
    const { markers, clusters } = this.#scene;
    const marker = markers.find(isIt);
    if (marker) return { marker };
    const hosts = markers.filter(({ cluster }) => cluster);
    const held = [...clusters.map((cluster) => ({ cluster })), ...hosts.map((host) => ({ cluster: host.cluster, host }))];
    const one = held.find(({ cluster }) => cluster.members().some(isIt));
    return one ? { ...one, member: one.cluster.members().find(isIt) } : {};
  }

  #paintSelected(ctx, { to }, feature) {
    const { marker, member } = this.#standing(feature);
    if (member) paintPin(ctx, to, member, this.icons, SELECTED);
    else if (marker || !hasOutline(feature)) paintEmphasis(ctx, marker ?? dotAt(feature), "selected", { to, icons: this.icons });
  }

  #paintHovered(ctx, { to }, feature) {
    const { marker, cluster, host } = this.#standing(feature);
    if (cluster && !host) paintCluster(ctx, to, cluster, this.colors, 1.15);
    else if (marker ?? host) paintEmphasis(ctx, marker ?? host, "hovered", { to, icons: this.icons });
    else if (hasOutline(feature)) paintHovered(ctx, to, feature);
    else paintEmphasis(ctx, dotAt(feature), "hovered", { to, icons: this.icons });
  }

  /* --- Listening --- */

  #listen() {
    const map = this.#map;
    map.on("moveend", () => this.dispatchEvent(new CustomEvent("move")));
    map.on("mousemove", (event) => this.#pointed(event));
    map.on("mouseout", () => this.#say("hover", null) ?? this.#say("pointer", null));
    map.on("click", (event) => this.#picked(event.latlng, REACH[event.originalEvent.pointerType] ?? REACH.mouse));
    map.on("dblclick", () => this.#say("finish", null));
    // Leaflet takes the focus at each press; only who works by keyboard needs to see it.
    map.getContainer().addEventListener("pointerdown", ({ currentTarget }) => currentTarget.classList.add("is-pointed"), true);
    map.getContainer().addEventListener("keydown", (event) => {
      event.currentTarget.classList.remove("is-pointed");
      if (event.key === "Enter" && event.target === map.getContainer()) this.#picked(map.getCenter(), REACH.touch);
    });
  }

  #say(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  #pointed({ latlng, originalEvent }) {
    this.#say("pointer", [latlng.lng, latlng.lat]);
    if (originalEvent.buttons || !this.#scene) return;
    const hit = this.#sketch ? null : this.#hits(latlng, REACH.mouse).find((one) => this.#standsOut(one)) ?? null;
    this.#map.getContainer().classList.toggle("is-over", Boolean(hit));
    this.#say("hover", hit);
  }

  /* An area that fills the view has no outline to light up. */
  #standsOut({ feature }) {
    if (feature?.shape.kind !== "polygon") return true;
    const [x0, , x1] = this.box;
    return feature.shape.box[2] - feature.shape.box[0] < (x1 - x0) * 0.5;
  }

  #hits({ lng, lat }, reach) {
    return this.#scene ? pickAt(this.#scene, project(lng, lat), reach) : [];
  }

  #picked(latlng, reach) {
    const hits = this.#sketch ? [] : this.#hits(latlng, reach);
    const position = [latlng.lng, latlng.lat];
    const { cluster } = hits[0] ?? {};
    if (cluster) this.#opened(cluster, position);
    else this.#say("pick", { position, hits: hits.filter(({ feature }) => feature) });
  }

  #nearer(anchor) {
    const [lon, lat] = unproject(...anchor);
    this.setView({ zoom: Math.min(ZOOMS.maxZoom, this.#map.getZoom() + 2), lat, lon });
  }

  /* A cluster opens by going nearer; what lies on one spot is offered for choice. */
  #opened(cluster, position) {
    const members = cluster.members();
    // What a tile gathers is nowhere yet by itself: only nearer tiles tell.
    if (members.some(({ count }) => count) && this.#map.getZoom() < ZOOMS.maxZoom) return this.#nearer(cluster.anchor);
    const anchors = members.map(({ anchor }) => unproject(...anchor));
    const [lons, lats] = [anchors.map(([lon]) => lon), anchors.map(([, lat]) => lat)];
    const before = this.#map.getZoom();
    this.fit([Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)], { padding: 80, maxZoom: 16 });
    if (this.#map.getZoom() > before) return;
    const single = members.filter(({ count }) => !count);
    this.#say("pick", { position, hits: single.map(({ layer, feature }) => ({ layer, feature })) });
  }
}

function hasOutline({ shape }) {
  return shape.kind !== "point";
}

/* For a record whose layer shows nothing of it at this zoom. */
function dotAt(feature) {
  return { feature, form: "dot", size: 12, symbol: {}, anchor: feature.shape.anchor };
}

function tiles(url, { attribution, maxZoom }) {
  return L.tileLayer(url, { attribution, maxNativeZoom: maxZoom, maxZoom: ZOOMS.maxZoom });
}
