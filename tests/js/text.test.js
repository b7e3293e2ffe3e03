import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { readCollections, nameOf, pageOf } from "../../static/js/map/collections.js";
import { factsOf, subtitleOf } from "../../static/js/map/facts.js";
import { Format } from "../../static/js/map/format.js";
import { Store } from "../../static/js/map/store.js";
import en from "../../static/js/text/en.js";
import { textIn } from "../../static/js/text/text.js";
import zh from "../../static/js/text/zh.js";

const SOURCES = new URL("../../static/js/", import.meta.url);
const forms = (entry) => (typeof entry === "string" ? [entry] : Object.values(entry));
const names = (entry) => [...new Set(forms(entry).flatMap((form) => form.match(/\{\w+\}/g) ?? []))].sort();

test("both languages have the same keys", () => {
  assert.deepEqual(Object.keys(en).sort(), Object.keys(zh).sort());
});

test("both languages fill the same places", () => {
  for (const key of Object.keys(zh)) assert.deepEqual(names(en[key]), names(zh[key]), key);
});

test("no English text holds Chinese, and every text says something", () => {
  for (const [key, entry] of Object.entries(en)) {
    assert.ok(!/[\u3400-\u9fff]/.test(forms(entry).join()), key);
  }
  assert.ok([...Object.values(en), ...Object.values(zh)].flatMap(forms).every((form) => form.length > 0));
});

function sources(folder = SOURCES) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === "text") return [];
    const url = new URL(entry.name + (entry.isDirectory() ? "/" : ""), folder);
    return entry.isDirectory() ? sources(url) : [readFileSync(url, "utf8")];
  });
}

test("every text asked for exists, and every text is asked for", () => {
  const code = sources().join("\n");
  const asked = new Set([...code.matchAll(/"([a-z]\w*(?:\.\w+)*)"/gi)].map(([, key]) => key));
  const families = [...code.matchAll(/text\(`([\w.]+)\.\$\{/g)].map(([, family]) => family);
  for (const [, key] of code.matchAll(/\btext\("([^"]+)"/g)) assert.ok(key in zh, key);
  const idle = Object.keys(zh).filter((key) => !asked.has(key) && !families.some((family) => key.startsWith(`${family}.`)));
  assert.deepEqual(idle, []);
});

test("a count chooses the form and is written as people write it", () => {
  const text = textIn(en, "en");
  assert.equal(text("results.count", { n: 1 }), "1 item in view");
  assert.equal(text("results.count", { n: 12345 }), "12,345 items in view");
});

test("a missing text is an error, not a blank", () => {
  assert.throws(() => textIn(zh, "zh")("no.such.key"), /no\.such\.key/);
});

const document = {
  collections: [
    { id: "b", title: "B", geoportal: { group: { id: "g", title: "G", order: 2 }, order: 1 } },
    {
      id: "sites", title: "地块",
      geoportal: {
        group: { id: "i", title: "I", order: 1 }, order: 2, page: "/sites/{id}/",
        fields: [
          { name: "name_zh", label: "名称", type: "text" }, { name: "name_en", label: "英文", type: "text" },
          { name: "district_zh", label: "县", type: "text" }, { name: "district_en", label: "县（英）", type: "text" },
          { name: "kind", label: "类型", type: "code", codes: [{ value: "parcel", label: "地块" }] },
          { name: "area_m2", label: "面积", type: "number", unit: "m²" },
          { name: "price", label: "价格", type: "number" },
          { name: "price_unit", label: "单位", type: "code", codes: [{ value: "cny_m2", label: "元/m²" }] },
          { name: "crane_t", label: "吊车", type: "number", unit: "t" },
        ],
      },
    },
    { id: "a", title: "A", geoportal: { group: { id: "i", title: "I", order: 1 }, order: 1 } },
  ],
};
const feature = { id: "x/1", properties: { name_zh: "一号地块", name_en: "", district_zh: "北林区", kind: "parcel", area_m2: 50000, price: 120, price_unit: "cny_m2", crane_t: null } };

test("the tree follows the order of groups and layers", () => {
  const { layers, groups } = readCollections(document);
  assert.deepEqual([...layers.keys()], ["a", "sites", "b"]);
  assert.deepEqual(groups.map(({ title, layers: own }) => [title, own.length]), [["I", 2], ["G", 1]]);
});

test("a record is named in the reader's language, else in the other, else by its layer and key", () => {
  const layer = readCollections(document).layers.get("sites");
  assert.equal(nameOf(layer, feature, "en"), "一号地块");
  assert.equal(nameOf(layer, { id: "9", properties: {} }, "zh"), "地块 9");
  assert.equal(pageOf(layer, feature), "/sites/x%2F1/");
});

test("a card tells labelled values with units, once, without blanks and without the other language", () => {
  const layer = readCollections(document).layers.get("sites");
  const { key, more } = factsOf(layer, feature, new Format("zh"));
  const told = [...key, ...more].map(({ label, value }) => `${label}=${value.replace(/\u202f/g, " ")}`);
  assert.deepEqual(told, ["类型=地块", "面积=5 公顷", "价格=120 元/m²", "县=北林区"]);
  assert.equal(subtitleOf(layer, feature, new Format("zh")).replace(/\u202f/g, " "), "北林区 · 5 公顷 · 120 元/m²");
});

test("money is said as people say it", () => {
  const said = (language, ...of) => new Format(language).money(...of).replace(/\u202f/g, " ");
  assert.equal(said("zh", 50000, "CNY"), "5 亿元");
  assert.equal(said("zh", 3200, "USD"), "3,200 万美元");
  assert.equal(said("en", 50000, "CNY"), "CNY 500 million");
  assert.equal(said("en", 250000, "CNY"), "CNY 2.5 billion");
});

test("areas are given in the units such land is spoken of in, as exactly as clicks are", () => {
  const said = (language, metres) => new Format(language).areas(metres).map((text) => text.replace(/\u202f/g, " "));
  assert.deepEqual(said("zh", 4321.987), ["4,322 平方米", "6.483 亩"]);
  assert.deepEqual(said("zh", 100000), ["10 公顷", "150 亩", "100,000 平方米"]);
  assert.deepEqual(said("zh", 3473274243.45), ["3,473 平方千米", "347,300 公顷", "5,210,000 亩"]);
  assert.deepEqual(said("en", 100000), ["10 ha", "100,000 m²"]);
});

test("listeners hear of a change in their part only, once for changes made together", () => {
  const store = new Store({ a: 1, b: 2 });
  let heard = 0;
  const off = store.on(["a", "b"], () => (heard += 1));
  store.set({ a: 1 });
  assert.equal(heard, 0);
  store.set({ a: 2, b: 3 });
  assert.equal(heard, 1);
  off();
  store.set({ a: 3 });
  assert.equal(heard, 1);
});

test("depths below the ground and years are told as what they are", () => {
  const layer = { id: "pipes", fields: new Map([["built_year", { name: "built_year", label: "建成年份", type: "year", codes: new Map() }]]) };
  const said = (heights, language) =>
    factsOf(layer, { heights, properties: { built_year: 2011 } }, new Format(language)).key.map(({ label, value }) => `${label}=${value.replace(/\u202f/g, " ")}`);
  assert.deepEqual(said([-2.4, -1.8], "zh"), ["埋深=1.8–2.4 m", "建成年份=2011"]);
  assert.deepEqual(said([-2, -2], "en"), ["Depth=2 m", "建成年份=2011"]);
  assert.deepEqual(said([120.5, 131], "zh")[0], "高程=120.5–131 m");
  assert.deepEqual(said(null, "zh"), ["建成年份=2011"]);
});
