/* Distances and areas on the CGCS2000 ellipsoid (a = 6378137 m, 1/f = 298.257222101). */

const A = 6378137;
const F = 1 / 298.257222101;
const B = A * (1 - F);
const E2 = F * (2 - F);
const radians = (degrees) => (degrees * Math.PI) / 180;

/* Geodesic distance in metres between [lon, lat] in degrees, by Vincenty's inverse formula:
   better than a millimetre, except between nearly opposite points, where the arc of a great
   circle is given (within 0.6 %). */
export function distance([lon1, lat1], [lon2, lat2]) {
  const L = radians(lon2 - lon1);
  const [sinU1, cosU1] = reduced(lat1);
  const [sinU2, cosU2] = reduced(lat2);
  let lambda = L;
  for (let step = 0; step < 100; step += 1) {
    const arc = auxiliaryArc(lambda, sinU1, cosU1, sinU2, cosU2);
    if (arc.sinSigma === 0) return 0;
    const before = lambda;
    lambda = L + longitudeCorrection(arc);
    if (Math.abs(lambda - before) < 1e-12) return arcLength(arc);
  }
  return greatCircle(lon1, lat1, lon2, lat2);
}

function reduced(lat) {
  const u = Math.atan((1 - F) * Math.tan(radians(lat)));
  return [Math.sin(u), Math.cos(u)];
}

function auxiliaryArc(lambda, sinU1, cosU1, sinU2, cosU2) {
  const [sinL, cosL] = [Math.sin(lambda), Math.cos(lambda)];
  const sinSigma = Math.hypot(cosU2 * sinL, cosU1 * sinU2 - sinU1 * cosU2 * cosL);
  const cosSigma = sinU1 * sinU2 + cosU1 * cosU2 * cosL;
  const sinAlpha = sinSigma ? (cosU1 * cosU2 * sinL) / sinSigma : 0;
  const cos2Alpha = 1 - sinAlpha ** 2;
  // On the equator there is no middle latitude.
  const cos2Middle = cos2Alpha ? cosSigma - (2 * sinU1 * sinU2) / cos2Alpha : 0;
  return { sinSigma, cosSigma, sigma: Math.atan2(sinSigma, cosSigma), sinAlpha, cos2Alpha, cos2Middle };
}

function longitudeCorrection({ sinSigma, cosSigma, sigma, sinAlpha, cos2Alpha, cos2Middle }) {
  const c = (F / 16) * cos2Alpha * (4 + F * (4 - 3 * cos2Alpha));
  const middle = cos2Middle + c * cosSigma * (2 * cos2Middle ** 2 - 1);
  return (1 - c) * F * sinAlpha * (sigma + c * sinSigma * middle);
}

function arcLength({ sinSigma, cosSigma, sigma, cos2Alpha, cos2Middle: m }) {
  const u2 = (cos2Alpha * (A ** 2 - B ** 2)) / B ** 2;
  const a = 1 + (u2 / 16384) * (4096 + u2 * (u2 * (320 - 175 * u2) - 768));
  const b = (u2 / 1024) * (256 + u2 * (u2 * (74 - 47 * u2) - 128));
  const inner = cosSigma * (2 * m ** 2 - 1) - (b / 6) * m * (4 * sinSigma ** 2 - 3) * (4 * m ** 2 - 3);
  return B * a * (sigma - b * sinSigma * (m + (b / 4) * inner));
}

function greatCircle(lon1, lat1, lon2, lat2) {
  const [p1, p2] = [radians(lat1), radians(lat2)];
  const h = Math.sin((p2 - p1) / 2) ** 2 + Math.cos(p1) * Math.cos(p2) * Math.sin(radians(lon2 - lon1) / 2) ** 2;
  return 2 * A * Math.asin(Math.sqrt(Math.min(1, h)));
}

export function lengthOfPath(path) {
  return path.slice(1).reduce((sum, point, index) => sum + distance(path[index], point), 0);
}

const E = Math.sqrt(E2);
const authalicQ = (sine) =>
  (1 - E2) * (sine / (1 - E2 * sine ** 2) - Math.log((1 - E * sine) / (1 + E * sine)) / (2 * E));
const Q_POLE = authalicQ(1);
const AUTHALIC_RADIUS = A * Math.sqrt(Q_POLE / 2);

/* Area in m² inside a ring of [lon, lat] in degrees, closed or not; the edges are great circles on
   the sphere of equal area, which at the size of a county differs from geodesics by under 0.01 %. */
export function areaOfRing(ring) {
  let excess = 0;
  for (let i = 0; i < ring.length; i += 1) {
    excess += edgeExcess(ring[i], ring[(i + 1) % ring.length]);
  }
  return Math.abs(excess) * AUTHALIC_RADIUS ** 2;
}

/* The signed area on the unit sphere between an edge and the equator. */
function edgeExcess([lon1, lat1], [lon2, lat2]) {
  const turn = radians(((lon2 - lon1 + 540) % 360) - 180);
  const [t1, t2] = [authalicHalfTangent(lat1), authalicHalfTangent(lat2)];
  return 2 * Math.atan2(Math.tan(turn / 2) * (t1 + t2), 1 + t1 * t2);
}

function authalicHalfTangent(lat) {
  const beta = Math.asin(authalicQ(Math.sin(radians(lat))) / Q_POLE);
  return Math.tan(beta / 2);
}
