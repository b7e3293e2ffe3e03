/* What the list shows: the records in view of each layer that is on, the same as on the map. */

import { isInZoom, nameOf } from "./collections.js";
import { boxesMeet } from "./mercator.js";

/* [{layer, features, total}] in tree order; `features` in view and passing the filter, by name. */
export function resultsOf(views, zoom, box, language) {
  const collator = new Intl.Collator(language === "zh" ? "zh-CN" : "en", { numeric: true });
  return [...views]
    .filter(({ layer }) => isInZoom(layer, zoom))
    .sort((a, b) => a.place - b.place)
    .map((view) => sectionOf(view, box, language, collator))
    .filter(({ features }) => features.length);
}

function sectionOf({ layer, features }, box, language, collator) {
  const inView = features.filter((feature) => boxesMeet(feature.shape.box, box));
  const named = inView.map((feature) => ({ feature, name: nameOf(layer, feature, language) }));
  named.sort((a, b) => collator.compare(a.name, b.name));
  return { layer, features: named, total: features.length };
}

export function countOf(sections) {
  return sections.reduce((sum, { features }) => sum + features.length, 0);
}
