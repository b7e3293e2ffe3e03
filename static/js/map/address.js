/* The state in the address: the grammar of docs/map.md, read and written. */

const TABS = ["explore", "layers", "filters", "closed"];
const NAME = /^[a-z][a-z0-9-]*$/;
const PLAIN = { "%2C": ",", "%2F": "/", "%3A": ":", "%7C": "|" };

/* {state, problems}: only what the address says, and the parameters that could not be read.
   Parameters of others (utm_…, page frames) are none of ours and no problem. */
export function readAddress(search) {
  const state = { filters: {} };
  const problems = [];
  for (const [name, text] of new URLSearchParams(search)) {
    const reader = READERS[name] ?? (name.includes(".") ? readFilter : null);
    if (reader && !reader(state, text, name)) problems.push(name);
  }
  return { state, problems };
}

const READERS = {
  view: readView,
  box: readBox,
  layers: readLayers,
  theme: readTheme,
  select: readSelect,
  base: (state, text) => NAME.test(text) && Boolean((state.base = text)),
  q: (state, text) => {
    state.query = text.slice(0, 100);
    return true;
  },
  tab: (state, text) => TABS.includes(text) && Boolean((state.tab = text)),
  print: (state, text) => text === "1" && (state.print = true),
};

function readView(state, text) {
  const [zoom, lat, lon, ...more] = text.split("/").map((part) => (part === "" ? NaN : Number(part)));
  const whole = [zoom, lat, lon].every(Number.isFinite) && !more.length;
  if (!whole || zoom < 0 || zoom > 22 || Math.abs(lat) > 85 || Math.abs(lon) > 180) return false;
  state.view = { zoom, lat, lon };
  return true;
}

/* Where to begin, said by pages that know what they show but not the size of the map. */
function readBox(state, text) {
  const box = text.split(",").map((part) => (part === "" ? NaN : Number(part)));
  const [west, south, east, north] = box;
  const isBox = box.length === 4 && box.every(Number.isFinite) && west <= east && south <= north;
  if (!isBox || Math.abs(south) > 85 || Math.abs(north) > 85 || west < -180 || east > 180) return false;
  state.box = box;
  return true;
}

function readLayers(state, text) {
  const ids = text === "none" ? [] : text.split(",").filter(Boolean);
  if (!ids.every((id) => NAME.test(id)) || (text !== "none" && !ids.length)) return false;
  state.layers = ids;
  return true;
}

function readTheme(state, text) {
  const match = /^([a-z][a-z0-9-]*):([a-z][a-z0-9_]*)$/.exec(text);
  if (!match) return false;
  state.themes = { ...state.themes, [match[1]]: match[2] };
  return true;
}

function readSelect(state, text) {
  const cut = text.indexOf("/");
  const layer = text.slice(0, cut);
  const id = text.slice(cut + 1);
  if (cut < 1 || !NAME.test(layer) || !id) return false;
  state.selected = `${layer}/${id}`;
  return true;
}

function readFilter(state, text, name) {
  const match = /^([a-z][a-z0-9-]*)\.([a-z][a-z0-9_]*)$/.exec(name);
  const condition = match && readCondition(text);
  if (!condition) return false;
  const [, layer, field] = match;
  state.filters[layer] = { ...state.filters[layer], [field]: condition };
  return true;
}

function readCondition(text) {
  if (text === "true" || text === "false") return { is: text === "true" };
  if (text.includes("..")) return readRange(text);
  const any = text.split(",").filter(Boolean);
  return any.length ? { any } : null;
}

function readRange(text) {
  const [low, high, ...more] = text.split("..");
  const bounds = [low, high].map((part) => (part === "" ? null : Number(part)));
  if (more.length || bounds.some(Number.isNaN) || bounds.every((bound) => bound === null)) return null;
  const [min, max] = bounds;
  return min !== null && max !== null && min > max ? null : { min, max };
}

/* The query string of a state, "" for an untouched page; `defaults` are what need not be said. */
export function writeAddress(state, defaults) {
  const said = [];
  const say = (name, text) => said.push(`${name}=${plain(text)}`);
  if (state.view) say("view", viewText(state.view));
  if (!sameSet(state.layers, defaults.layers)) say("layers", state.layers.join(",") || "none");
  for (const [layer, field] of Object.entries(state.themes)) {
    if (defaults.themes[layer] !== field) say("theme", `${layer}:${field}`);
  }
  for (const [layer, fields] of Object.entries(state.filters)) {
    for (const [field, condition] of Object.entries(fields)) say(`${layer}.${field}`, conditionText(condition));
  }
  if (state.selected) say("select", state.selected);
  if (state.base !== defaults.base) say("base", state.base);
  if (state.query) say("q", state.query);
  if (state.tab !== defaults.tab) say("tab", state.tab);
  if (state.print) say("print", "1");
  return said.length ? `?${said.join("&")}` : "";
}

function plain(text) {
  return encodeURIComponent(text).replace(/%(2C|2F|3A|7C)/g, (code) => PLAIN[code]);
}

export function viewText({ zoom, lat, lon }) {
  // A ten-thousandth of a degree is 11 m: finer only where the zoom shows it.
  const digits = zoom > 13 ? 5 : 4;
  return `${Number(zoom.toFixed(2))}/${lat.toFixed(digits)}/${lon.toFixed(digits)}`;
}

function conditionText(condition) {
  if (condition.any) return condition.any.join(",");
  if ("is" in condition) return String(condition.is);
  return `${condition.min ?? ""}..${condition.max ?? ""}`;
}

function sameSet(some, others) {
  return some.length === others.length && some.every((one) => others.includes(one));
}
