/* Web Mercator on the unit square: x grows east, y grows south, both 0 to 1. */

const LATITUDE_LIMIT = 85.0511287798;

export const TILE = 256;

export function project(lon, lat) {
  const clamped = Math.max(Math.min(lat, LATITUDE_LIMIT), -LATITUDE_LIMIT);
  const sine = Math.sin((clamped * Math.PI) / 180);
  return [(lon + 180) / 360, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)];
}

export function unproject(x, y) {
  const lat = (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;
  return [x * 360 - 180, lat];
}

/* Pixels of the whole world at a zoom. */
export function worldSize(zoom) {
  return TILE * 2 ** zoom;
}

/* Metres on the ground that one pixel covers at a latitude. */
export function metresPerPixel(zoom, lat) {
  return (40075016.686 * Math.cos((lat * Math.PI) / 180)) / worldSize(zoom);
}

/* The box [west, south, east, north] in degrees as [x0, y0, x1, y1] on the unit square. */
export function projectBox([west, south, east, north]) {
  const [x0, y0] = project(west, north);
  const [x1, y1] = project(east, south);
  return [x0, y0, x1, y1];
}

export function boxesMeet(a, b) {
  return a[0] <= b[2] && a[2] >= b[0] && a[1] <= b[3] && a[3] >= b[1];
}
