/* Filters: what the visitor asks of a layer's fields, and which records answer.
   A condition is {any: [values]}, {min, max} (either may be null) or {is: true | false}. */

/* A function telling whether properties meet all conditions; null when there are none. */
export function predicate(conditions) {
  const entries = Object.entries(conditions ?? {});
  if (!entries.length) return null;
  return (properties) => entries.every(([field, condition]) => meets(properties[field], condition));
}

function meets(value, condition) {
  if (condition.any) return meetsAny(value, condition.any);
  if ("is" in condition) return Boolean(value) === condition.is;
  if (value === null || value === undefined || value === "") return false;
  const number = Number(value);
  return number >= (condition.min ?? -Infinity) && number <= (condition.max ?? Infinity);
}

function meetsAny(value, any) {
  const values = Array.isArray(value) ? value : [value];
  return values.some((one) => one !== null && one !== undefined && any.includes(String(one)));
}

/* The filters without those naming an unknown layer, field or code, and what was dropped. */
export function knownFilters(filters, layers) {
  const known = {};
  const unknown = [];
  for (const [id, conditions] of Object.entries(filters)) {
    for (const [field, condition] of Object.entries(conditions)) {
      const spec = layers.get(id)?.fields.get(field);
      const kept = accepts(spec, condition) ? inCodes(spec, condition) : null;
      if (kept) known[id] = { ...known[id], [field]: kept };
      if (kept !== condition) unknown.push(`${id}.${field}`);
    }
  }
  return { known, unknown };
}

function accepts(field, condition) {
  if (!field) return false;
  if ("is" in condition) return field.type === "boolean";
  if (condition.any) return !["number", "boolean"].includes(field.type);
  return isNumeric(field);
}

/* Fields whose values are numbers, which have an order. */
export function isNumeric({ type }) {
  return ["number", "integer", "year"].includes(type);
}

/* The condition with those values only that the field's code list has; null where it has none. */
function inCodes({ codes }, condition) {
  if (!codes?.size || !condition.any) return condition;
  const any = condition.any.filter((value) => codes.has(value));
  if (any.length === condition.any.length) return condition;
  return any.length ? { any } : null;
}

/* The filters with one condition set, or taken away when null. */
export function withCondition(filters, layer, field, condition) {
  const { [field]: _before, ...others } = filters[layer] ?? {};
  const conditions = condition ? { ...others, [field]: condition } : others;
  const { [layer]: _layer, ...rest } = filters;
  return Object.keys(conditions).length ? { ...rest, [layer]: conditions } : rest;
}

export function countConditions(filters) {
  return Object.values(filters).reduce((sum, conditions) => sum + Object.keys(conditions).length, 0);
}

/* The values of a coded field that occur, with how often: [[value, count], …], most first. */
export function occurring(features, field) {
  const counts = new Map();
  for (const { properties } of features) {
    const value = properties[field];
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && one !== undefined && one !== "") {
        counts.set(String(one), (counts.get(String(one)) ?? 0) + 1);
      }
    }
  }
  return [...counts].sort(([a, n], [b, m]) => m - n || a.localeCompare(b));
}
