/* What a card says of a record: label and value by the data dictionary, in the reader's language. */

const NAMES = new Set(["name", "name_zh", "name_en", "slug", "as_of", "photo"]);
/* Said together with another field. */
const PARTNERS = { price: "price_unit", investment_total: "currency", investment_sought: "currency" };
const SAID_ELSEWHERE = new Set([...Object.values(PARTNERS), "unit_zh", "unit_en", "district", "park", "site", "parent"]);
/* What an investor looks at first; of other layers the first fields. */
const KEY_FIELDS = {
  parks: ["level", "industries", "area_available_ha", "land_price_min", "land_price_max", "power_free_mva", "water_free_m3_d"],
  sites: ["kind", "area_m2", "floor_area_m2", "zoning", "price", "power_free_mva", "readiness", "availability"],
  projects: ["industry", "stage", "investment_total", "investment_sought", "modes", "irr_percent"],
};
const KEY_COUNT = 7;
const LABELS = { zh: { depth: "埋深", height: "高程" }, en: { depth: "Depth", height: "Height" } };

/* {key, more}: lists of {label, value, href?}; empty values are left out. */
export function factsOf(layer, feature, format) {
  const told = [...layer.fields.values()]
    .filter((field) => isTold(field.name, format.language))
    .map((field) => fact(field, layer, feature.properties, format))
    .filter(Boolean);
  if (feature.heights) told.unshift(heightFact(feature.heights, format));
  const wanted = KEY_FIELDS[layer.id];
  const isKey = wanted ? ({ name }) => wanted.includes(name) : (_, index) => index < KEY_COUNT;
  const key = told.filter(isKey);
  if (wanted) key.sort((a, b) => wanted.indexOf(a.name) - wanted.indexOf(b.name));
  return { key, more: told.filter((one) => !key.includes(one)) };
}

/* Pipelines lie below the ground: what is nowhere above it is told as its depth. */
function heightFact([low, high], format) {
  const below = high <= 0;
  const bounds = below ? [-high, -low] : [low, high];
  const range = [...new Set(bounds.map((bound) => format.number(bound)))].join("–");
  return { name: "heights", label: LABELS[format.language][below ? "depth" : "height"], value: format.withUnit(range, "m") };
}

function isTold(name, language) {
  if (NAMES.has(name) || SAID_ELSEWHERE.has(name)) return false;
  return !name.endsWith(language === "zh" ? "_en" : "_zh");
}

function fact(field, layer, properties, format) {
  const value = properties[field.name];
  if (value === null || value === undefined || value === "" || value?.length === 0) return null;
  const text = partnered(field, layer, properties, format) ?? valueText(field, value, format);
  return { name: field.name, label: field.label, value: text, href: field.type === "url" ? String(value) : null };
}

function partnered(field, layer, properties, format) {
  const partner = PARTNERS[field.name];
  const other = partner && properties[partner];
  if (!other) return null;
  if (partner === "currency") return format.money(Number(properties[field.name]), other);
  const unit = layer.fields.get(partner)?.codes.get(String(other)) ?? other;
  return format.withUnit(format.number(properties[field.name]), unit);
}

/* One value by the type of its field. */
export function valueText(field, value, format) {
  const code = (one) => field.codes.get(String(one)) ?? String(one);
  switch (field.type) {
    case "integer":
    case "number":
      if (field.name === "area_m2") return format.land(value);
      return format.withUnit(format.number(value), field.unit);
    case "boolean":
      return format.zh ? (value ? "是" : "否") : value ? "Yes" : "No";
    case "date":
    case "datetime":
      return format.date(value);
    case "code":
      return code(value);
    case "codes":
      return [value].flat().map(code).join(format.zh ? "、" : ", ");
    default:
      return String(value);
  }
}

/* What tells most in the line under a name; of a building it is the floor that is let or sold. */
const TELLING = {
  parks: ["level", "area_available_ha"],
  sites: ["floor_area_m2", "area_m2", "price", "availability"],
  projects: ["investment_total", "stage"],
};

/* The line under a record's name in lists: the place, and what tells most. */
export function subtitleOf(layer, feature, format) {
  const place = feature.properties[`district_${format.language}`];
  const { key } = factsOf(layer, feature, format);
  const wanted = (TELLING[layer.id] ?? [key[0]?.name]).filter((name) => name !== "area_m2" || !feature.properties.floor_area_m2);
  const telling = wanted.map((name) => key.find((one) => one.name === name)?.value);
  return [place, ...telling].filter(Boolean).join(" · ");
}
