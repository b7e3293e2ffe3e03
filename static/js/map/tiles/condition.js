/* The filters of the page as a CQL2 text, for tiles that hold only what passes. */

/* The text for {field: condition}, see filters.js; null when there are none. */
export function conditionText(conditions, fields) {
  const parts = Object.entries(conditions ?? {}).map(([name, condition]) => oneText(name, condition, fields.get(name)));
  return parts.length ? parts.join(" AND ") : null;
}

function oneText(name, { any, is, min, max }, { type }) {
  const field = `"${name}"`;
  if (any) {
    const values = `(${any.map((value) => literal(value, type)).join(", ")})`;
    return type === "codes" ? `A_OVERLAPS(${field}, ${values})` : `${field} IN ${values}`;
  }
  if (is !== undefined) return is ? `${field} = TRUE` : `(${field} = FALSE OR ${field} IS NULL)`;
  const bounds = [[">=", min], ["<=", max]].filter(([, bound]) => bound !== null && bound !== undefined);
  return bounds.length ? bounds.map(([sign, bound]) => `${field} ${sign} ${bound}`).join(" AND ") : `${field} IS NOT NULL`;
}

function literal(value, type) {
  return type === "integer" || type === "year" ? Number(value) : `'${value.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}
