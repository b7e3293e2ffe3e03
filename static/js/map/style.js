/* A layer's style (docs/styles.md) made ready: which symbol a record gets, at which zoom. */

const BASE_KEYS = ["kind", "field", "rules", "themes", "base", "marker", "label"];

/* {symbolFor(properties), rules, marker, label, ground, z, isTheme}: symbols are shared objects, so
   records of one rule can be drawn in one stroke. `theme` picks one of a class style's themes. */
export function compileStyle(style = {}, theme = null) {
  const chosen = themesOf(style).find(({ field }) => field === theme) ?? style;
  const base = { ...style.base };
  const rules = (chosen.rules ?? []).map((rule, index) => ({ ...base, ...rule, rank: index }));
  const fallback = { ...base, rank: rules.length };
  return {
    field: chosen.field ?? null,
    kind: style.kind ?? "single",
    rules,
    fallback,
    marker: style.marker ?? null,
    label: style.label ?? null,
    z: style.z ?? 0,
    isTheme: style.kind === "class",
    symbolFor: matcher(style.kind, chosen.field, rules, fallback),
  };
}

/* The themes of a class style in order, the first being what it shows unless told otherwise. */
export function themesOf(style) {
  if (style?.kind !== "class") return [];
  return [{ field: style.field, rules: style.rules }, ...(style.themes ?? [])];
}

function matcher(kind, field, rules, fallback) {
  if (kind === "category") return categoryMatcher(field, rules, fallback);
  if (kind === "class") return classMatcher(field, rules, fallback);
  return () => fallback;
}

function categoryMatcher(field, rules, fallback) {
  const byValue = new Map(rules.map((rule) => [String(rule.value), rule]));
  return (properties) => {
    const value = properties[field];
    const first = Array.isArray(value) ? value.find((one) => byValue.has(String(one))) : value;
    return byValue.get(String(first)) ?? fallback;
  };
}

function classMatcher(field, rules, fallback) {
  const within = (rule, number) => number >= (rule.min ?? -Infinity) && number < (rule.max ?? Infinity);
  return (properties) => {
    const value = properties[field];
    if (value === null || value === undefined || value === "") return fallback;
    return rules.find((rule) => within(rule, Number(value))) ?? fallback;
  };
}

/* A number of a symbol at a zoom: plain, or by stops [[zoom, number], …] with straight lines between. */
export function atZoom(value, zoom, otherwise = 0) {
  if (!Array.isArray(value)) return value ?? otherwise;
  if (zoom <= value[0][0]) return value[0][1];
  for (let i = 1; i < value.length; i += 1) {
    const [[z0, v0], [z1, v1]] = [value[i - 1], value[i]];
    if (zoom <= z1) return v0 + ((v1 - v0) * (zoom - z0)) / (z1 - z0);
  }
  return value.at(-1)[1];
}

/* Whether a symbol, marker or label is meant for a zoom. */
export function inZooms({ minZoom = 0, maxZoom = 99 } = {}, zoom) {
  return zoom >= minZoom && zoom < maxZoom + 1;
}

/* A symbol's own keys, without those that steer rules. */
export function symbolOnly(rule) {
  return Object.fromEntries(Object.entries(rule).filter(([key]) => !BASE_KEYS.includes(key)));
}
