/* One canvas over the map for the scene and one for what stands out, moved and scaled by Leaflet
   while the view moves and painted anew when it rests. */

import * as L from "leaflet";

import { placing } from "../draw/painter.js";
import { worldSize } from "../mercator.js";

export const CanvasLayer = L.Renderer.extend({
  options: { padding: 0.3, paint: null, paintOver: null },

  _initContainer() {
    this._container = L.DomUtil.create("div", "map-canvases");
    this._under = L.DomUtil.create("canvas", "", this._container);
    this._over = L.DomUtil.create("canvas", "", this._container);
    // The list beside the map is the equivalent for those who do not see it.
    this._container.setAttribute("aria-hidden", "true");
  },

  _destroyContainer() {
    L.DomUtil.remove(this._container);
    delete this._container;
  },

  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    L.DomUtil.setPosition(this._container, this._bounds.min);
    const { x, y } = this._bounds.getSize();
    for (const canvas of [this._under, this._over]) resize(canvas, x, y);
    this.repaint();
  },

  /* Where the canvas lies: {zoom, box, to, width, height, inView}, box on the unit square, inView
     the pixels of the canvas that the map shows: the rest is painted for when it is moved. */
  frame() {
    const size = worldSize(this._zoom);
    const corner = this._map.getPixelOrigin().add(this._bounds.min).divideBy(size);
    const { x: width, y: height } = this._bounds.getSize();
    const box = [corner.x, corner.y, corner.x + width / size, corner.y + height / size];
    const { x: left, y: top } = this._map.containerPointToLayerPoint([0, 0]).subtract(this._bounds.min);
    const seen = this._map.getSize();
    const inView = [left, top, left + seen.x, top + seen.y];
    return { zoom: this._zoom, box, to: placing(this._zoom, box), width, height, inView };
  },

  repaint() {
    if (!this._bounds) return;
    paintOn(this._under, this.frame(), this.options.paint);
    this.repaintOver();
  },

  repaintOver() {
    if (this._bounds) paintOn(this._over, this.frame(), this.options.paintOver);
  },
});

function resize(canvas, width, height) {
  const ratio = Math.min(window.devicePixelRatio || 1, 2);
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
}

function paintOn(canvas, frame, paint) {
  const ctx = canvas.getContext("2d");
  const ratio = canvas.width / frame.width;
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.clearRect(0, 0, frame.width, frame.height);
  ctx.faces = getComputedStyle(document.body).fontFamily;
  paint(ctx, frame);
}
