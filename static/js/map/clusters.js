/* Points that lie too close to be told apart are drawn as one, with what it stands for. */

import Supercluster from "supercluster";

import { unproject, projectBox } from "./mercator.js";

const RADIUS = 46;
/* Above this zoom every point stands for itself, even where two coincide. */
const LAST_ZOOM = 15;

/* An index over markers [{feature, layer, color, …}] with `anchor` on the unit square. */
export class Clusters {
  #index;

  constructor(markers) {
    this.#index = new Supercluster({
      radius: RADIUS,
      extent: 256,
      maxZoom: LAST_ZOOM,
      map: ({ marker }) => ({ counts: { [marker.layer]: marker.count ?? 1 } }),
      reduce: (sum, { counts }) => {
        sum.counts = { ...sum.counts };
        for (const [layer, count] of Object.entries(counts)) {
          sum.counts[layer] = (sum.counts[layer] ?? 0) + count;
        }
      },
    });
    this.#index.load(markers.map(asPoint));
  }

  /* Single markers and clusters {count, counts, anchor, id} that meet a box on the unit square. */
  within(box, zoom) {
    const [west, north] = unproject(box[0], box[1]);
    const [east, south] = unproject(box[2], box[3]);
    const found = this.#index.getClusters([west, south, east, north], Math.round(zoom));
    return found.map(({ geometry, properties, id }) => {
      if (!properties.cluster) return { marker: properties.marker };
      const [x, y] = projectBox([...geometry.coordinates, ...geometry.coordinates]);
      const { counts } = properties;
      const count = Object.values(counts).reduce((sum, one) => sum + one, 0);
      return { cluster: { id, count, counts, anchor: [x, y], members: () => this.#members(id) } };
    });
  }

  #members(id) {
    return this.#index.getLeaves(id, Infinity).map(({ properties }) => properties.marker);
  }
}

function asPoint(marker) {
  const coordinates = unproject(...marker.anchor);
  return { type: "Feature", geometry: { type: "Point", coordinates }, properties: { marker } };
}
