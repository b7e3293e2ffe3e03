/* What the list shows: the records in view of each layer that is on, the same as on the map. */

import { isInZoom, nameOf } from "./collections.js";
import { boxesMeet } from "./mercator.js";

/* [{layer, features, gathered, total}] in tree order; `features` in view and passing the filter, by
   name; `gathered` is how many more the map shows as numbers only. */
export function resultsOf(views, zoom, box, language) {
  const collator = new Intl.Collator(language === "zh" ? "zh-CN" : "en", { numeric: true });
  return [...views]
    .filter(({ layer }) => isInZoom(layer, zoom))
    .sort((a, b) => a.place - b.place)
    .map((view) => sectionOf(view, box, language, collator))
    .filter(({ features, gathered }) => features.length || gathered);
}

function sectionOf({ layer, features }, box, language, collator) {
  const inView = features.filter((feature) => boxesMeet(feature.shape.box, box));
  const gathered = inView.reduce((sum, { count }) => sum + (count ?? 0), 0);
  const single = [...new Map(inView.filter(({ count }) => !count).map((feature) => [feature.key, feature])).values()];
  const named = single.map((feature) => ({ feature, name: nameOf(layer, feature, language) }));
  named.sort((a, b) => collator.compare(a.name, b.name));
  return { layer, features: named, gathered, total: features.length };
}

export function countOf(sections) {
  return sections.reduce((sum, { features, gathered }) => sum + features.length + gathered, 0);
}
