import assert from "node:assert/strict";
import { test } from "node:test";

import { Loader } from "../../static/js/map/loader.js";
import { projectBox } from "../../static/js/map/mercator.js";
import { fillUrl, Refused, requestJSON, Unreachable } from "../../static/js/map/request.js";

const URLS = { items: "/api/collections/{id}/items", item: "/api/collections/{id}/items/{item}" };
const point = (id, lon = 127, lat = 46) => ({ id, geometry: { type: "Point", coordinates: [lon, lat] }, properties: {} });
const SMALL = { id: "parks", minZoom: 0, maxZoom: 22, count: 3 };
const LARGE = { id: "wells", minZoom: 0, maxZoom: 22, count: 200000 };
const BOX = projectBox([126, 46, 127, 47]);
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

function loaderOf(request) {
  const heard = [];
  const loader = new Loader({ urls: URLS, language: "zh", changed: (layer, entry) => heard.push([layer.id, entry.state]), request });
  return { loader, heard };
}

test("a small layer is asked for whole, once, to its last page", async () => {
  const asked = [];
  const pages = [
    { features: [point(1), point(2)], numberMatched: 3, links: [{ rel: "next", href: "http://elsewhere.example/api/next?token=2" }] },
    { features: [point(3)], numberMatched: 3, links: [] },
  ];
  const { loader, heard } = loaderOf(async (url) => (asked.push(url), pages[asked.length - 1]));
  loader.follow([SMALL], 8, BOX);
  await settled();
  loader.follow([SMALL], 12, projectBox([120, 40, 121, 41]));
  await settled();
  assert.deepEqual(asked, ["/api/collections/parks/items?limit=10000&lang=zh", "/api/next?token=2"]);
  assert.deepEqual(loader.entry("parks").features.map(({ key }) => key), ["parks/1", "parks/2", "parks/3"]);
  assert.equal(loader.entry("parks").isPart, false);
  assert.deepEqual(heard, [["parks", "loading"], ["parks", "ready"]]);
});

test("a whole layer is asked for below its version, page by page; a part of one is not", async () => {
  const asked = [];
  const next = { rel: "next", href: "http://elsewhere.example/api/collections/parks/items?limit=10000&after=2a-1" };
  const pages = [{ features: [point(1)], links: [next] }, { features: [point(2)], links: [] }];
  const { loader } = loaderOf(async (url) => (asked.push(url), pages[asked.length - 1] ?? { features: [], links: [] }));
  const versioned = "http://elsewhere.example/api/v/0123456789abcdef/collections/parks";
  loader.follow([{ ...SMALL, versioned }, { ...LARGE, versioned }], 8, BOX);
  await settled();
  const whole = asked.filter((url) => url.includes("parks"));
  assert.deepEqual(whole, [
    "/api/v/0123456789abcdef/collections/parks/items?limit=10000&lang=zh",
    "/api/v/0123456789abcdef/collections/parks/items?limit=10000&after=2a-1",
  ]);
  assert.match(asked.find((url) => url.includes("wells")), /^\/api\/collections\/wells\/items\?/);
});

test("what lies on the CDN is asked for there, and what the server calls itself is not", async () => {
  const next = { rel: "next", href: "http://elsewhere.example/api/collections/parks/items?limit=10000&after=2a-1" };
  const path = "/api/v/0123456789abcdef/collections/parks";
  for (const [cdn, origin, asked] of [
    ["https://cdn.example", "https://cdn.example", "https://cdn.example"],
    ["https://cdn.example:443/", "https://cdn.example", "https://cdn.example"],
    ["https://cdn.example", "http://elsewhere.example", ""],
    [null, "https://cdn.example", ""],
  ]) {
    const urls = [];
    const request = async (url) => (urls.push(url), { features: [], links: urls.length === 1 ? [next] : [] });
    const loader = new Loader({ urls: URLS, cdn, language: "zh", changed() {}, request });
    loader.follow([{ ...SMALL, versioned: origin + path }], 8, BOX);
    await settled();
    assert.deepEqual(urls, [
      `${asked}${path}/items?limit=10000&lang=zh`,
      `${asked}${path}/items?limit=10000&after=2a-1`,
    ]);
  }
});

test("a layer outside its zooms is not asked for", async () => {
  const { loader } = loaderOf(() => assert.fail("asked"));
  loader.follow([{ ...SMALL, minZoom: 10 }], 9, BOX);
  await settled();
});

test("a large layer is asked for by box, and what is missing is said", async () => {
  const asked = [];
  const { loader } = loaderOf(async (url) => (asked.push(url), { features: [point(1)], numberMatched: 81234, links: [{ rel: "next", href: "/x" }] }));
  loader.follow([LARGE], 8, BOX);
  await settled();
  assert.match(asked[0], /bbox=125\.5%2C45\.\d+%2C127\.5%2C47\.\d+$/);
  assert.equal(asked.length, 1);
  const { isPart, total, features } = loader.entry("wells");
  assert.deepEqual([isPart, total, features.length], [true, 81234, 1]);
});

test("that a box holds more than came is said also where nobody counted", async () => {
  const { loader } = loaderOf(async () => ({ features: [point(1)], links: [{ rel: "next", href: "/x" }] }));
  loader.follow([LARGE], 8, BOX);
  await settled();
  const { isPart, total } = loader.entry("wells");
  assert.deepEqual([isPart, total], [true, null]);
});

test("moving within a box that came whole asks nothing; leaving it asks again and gives up the old", async () => {
  const asked = [];
  const { loader } = loaderOf(async (url, { signal }) => (asked.push(signal), { features: [point(1)], numberMatched: 1, links: [] }));
  loader.follow([LARGE], 8, BOX);
  await settled();
  loader.follow([LARGE], 9, projectBox([126.2, 46.2, 126.8, 46.8]));
  assert.equal(asked.length, 1);
  loader.follow([LARGE], 9, projectBox([129, 46, 130, 47]));
  loader.follow([LARGE], 9, projectBox([132, 46, 133, 47]));
  assert.deepEqual(asked.map(({ aborted }) => aborted), [true, true, false]);
});

test("an error is kept until tried again", async () => {
  let down = true;
  const { loader, heard } = loaderOf(async () => {
    if (down) throw new Unreachable("no network");
    return { features: [], numberMatched: 0, links: [] };
  });
  loader.follow([SMALL], 8, BOX);
  await settled();
  loader.follow([SMALL], 8, BOX);
  assert.deepEqual(heard.at(-1), ["parks", "error"]);
  down = false;
  loader.retry(SMALL, BOX);
  await settled();
  assert.deepEqual(heard.at(-1), ["parks", "ready"]);
});

test("a layer that is switched off or left by its zooms is given up on its way and comes when it is back", async () => {
  const signals = [];
  const never = (_url, { signal }) => (signals.push(signal), new Promise(() => {}));
  const { loader, heard } = loaderOf(never);
  const layer = { ...SMALL, minZoom: 7 };
  loader.follow([layer], 8, BOX);
  loader.leave(layer);
  loader.follow([layer], 8, BOX);
  loader.follow([layer], 6, BOX);
  assert.deepEqual(signals.map(({ aborted }) => aborted), [true, true]);
  assert.deepEqual(heard.map(([, state]) => state), ["loading", "ready", "loading", "ready"]);
  loader.follow([layer], 8, BOX);
  assert.equal(signals.at(-1).aborted, false);
});

test("brought anew, a layer stays as it was until the new records are there", async () => {
  let features = [point(1)];
  const { loader } = loaderOf(async () => ({ features, links: [] }));
  loader.follow([SMALL], 8, BOX);
  await settled();
  features = [point(2)];
  loader.renew();
  loader.follow([SMALL], 8, BOX);
  assert.deepEqual(loader.entry("parks").features.map(({ id }) => id), ["1"]);
  await settled();
  assert.deepEqual(loader.entry("parks").features.map(({ id }) => id), ["2"]);
  assert.deepEqual(loader.addresses("parks"), ["/api/collections/parks/items?limit=10000&lang=zh"]);
});

test("a record without geometry has no place on the map", async () => {
  const { loader } = loaderOf(async () => ({ features: [point(1), { id: 2, geometry: null, properties: {} }], numberMatched: 2, links: [] }));
  loader.follow([SMALL], 8, BOX);
  await settled();
  assert.equal(loader.entry("parks").features.length, 1);
});

test("a record without geometry is found when it is asked for by its key", async () => {
  const { loader } = loaderOf(async () => ({ id: 2, geometry: null, properties: { name: "n" } }));
  const record = await loader.one(SMALL, "2");
  assert.deepEqual([record.key, record.shape, record.properties.name], ["parks/2", null, "n"]);
});

const answer = (status, body) => async () => new Response(JSON.stringify(body), { status });

test("an address is filled and escaped, empty questions left out", () => {
  assert.equal(fillUrl(URLS.item, { id: "a b", item: "x/y" }, { lang: "zh", bbox: null }), "/api/collections/a%20b/items/x%2Fy?lang=zh");
});

test("the server's no is told apart from no server", async () => {
  const refused = await requestJSON("/x", { fetcher: answer(404, { code: "not-found", detail: "d" }), pauses: [] }).catch((error) => error);
  assert.ok(refused instanceof Refused);
  assert.deepEqual([refused.status, refused.code, refused.detail], [404, "not-found", "d"]);
  const unreachable = await requestJSON("/x", { fetcher: async () => { throw new TypeError("failed"); }, pauses: [] }).catch((error) => error);
  assert.ok(unreachable instanceof Unreachable);
});

test("what may pass is tried again, what will not is not", async () => {
  let tries = 0;
  const failing = (status) => async () => ((tries += 1), new Response("{}", { status: tries < 3 ? status : 200 }));
  await requestJSON("/x", { fetcher: failing(503), pauses: [0, 0] });
  assert.equal(tries, 3);
  tries = 0;
  await assert.rejects(requestJSON("/x", { fetcher: failing(400), pauses: [0, 0] }), Refused);
  assert.equal(tries, 1);
});

test("whether an answer was kept is told", async () => {
  const heard = [];
  const kept = async () => new Response("{}", { headers: { "Geoportal-Kept": "2026-07-01T08:00:00.000Z" } });
  for (const fetcher of [kept, answer(200, {})]) await requestJSON("/x", { fetcher, heard: (time) => heard.push(time) });
  assert.deepEqual(heard, ["2026-07-01T08:00:00.000Z", null]);
});

test("giving up stops the waiting too", async () => {
  const abort = new AbortController();
  const waiting = requestJSON("/x", { signal: abort.signal, fetcher: answer(503, {}), pauses: [60000] });
  setTimeout(() => abort.abort(), 5);
  await assert.rejects(waiting, { name: "AbortError" });
});
