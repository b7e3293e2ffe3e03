// The service worker: what it keeps, what it leaves alone, and when it gives what it has kept.
import assert from "node:assert/strict";
import { test } from "node:test";

import { MemoryCaches, WorkerScope } from "./worker-scope.js";

const PAGES = "geoportal-pages-1";
const ANSWERS = "geoportal-answers-1";
const [V1, V2] = ["0123456789abcdef", "fedcba9876543210"];
const ITEMS = "collections/parks/items?limit=10000&lang=zh";
const CATALOGUE = "/api/collections?lang=zh";
const down = () => {
  throw new TypeError("Failed to fetch");
};
const answer = (body, headers = {}) => new Response(body, { headers });
const textOf = async (response) => (response ? response.text() : response);

/* A worker that has been asked for these, answered by `network`; then the network changes. */
async function having(addresses, network, later = down) {
  const worker = new WorkerScope({ network });
  for (const address of addresses) await worker.ask(address);
  Object.assign(worker, { network: later, asked: [] });
  return worker;
}

test("what is not the map's own is left to the network", async () => {
  const worker = new WorkerScope({ network: () => answer("x") });
  const untouched = [
    ["/admin/", { mode: "navigate" }], ["/en/admin/login/", { mode: "navigate" }], ["/parks/", { mode: "navigate" }],
    ["/documents/1/file.pdf"], ["/photos/a.webp"], ["/api/search?q=a"], ["/api/"], ["/api/jobs/1"],
    ["/api/collections/parks/export?f=csv"], ["/api/collections/parks/items?f=html"], ["/api/collections/parks"],
    ["/static/plain.js"], ["https://tiles.example/1/2/3.png"], ["https://tiles.example/api/collections"],
    [CATALOGUE, { method: "POST" }], [CATALOGUE, { method: "HEAD" }],
    [CATALOGUE, { headers: { Range: "bytes=0-9" } }], [CATALOGUE, { headers: { Authorization: "Basic x" } }],
  ];
  for (const [address, options] of untouched) assert.equal(await worker.ask(address, options), undefined, address);
  assert.deepEqual(worker.asked, []);
});

test("records and tiles from the CDN are kept like our own, and nothing else of it", async () => {
  const cdn = "https://cdn.example";
  const worker = await having([`${cdn}/api/v/${V1}/${ITEMS}`], () => answer("there", { "Geoportal-Version": V1 }));
  assert.equal(await textOf(await worker.ask(`${cdn}/api/v/${V1}/${ITEMS}`)), "there");
  assert.deepEqual([worker.asked, worker.caches.held(ANSWERS)], [[], [`/api/${ITEMS}`]]);
  for (const other of ["/", "/static/a.0123456789ab.js"]) assert.equal(await worker.ask(cdn + other), undefined, other);
});

test("an answer that failed to come is replaced by the last one, with its time; a fresh one never is", async () => {
  const worker = await having([CATALOGUE], () => answer("old"));
  const kept = await worker.ask(CATALOGUE);
  assert.ok(Math.abs(Date.now() - new Date(kept.headers.get("Geoportal-Kept"))) < 60_000);
  assert.equal(await textOf(kept), "old");
  worker.network = () => answer("new");
  const fresh = await worker.ask(CATALOGUE);
  assert.deepEqual([await textOf(fresh), fresh.headers.has("Geoportal-Kept")], ["new", false]);
  worker.network = down;
  assert.equal(await textOf(await worker.ask(CATALOGUE)), "new");
});

test("a slow network is waited for", async () => {
  let arrive;
  const worker = await having([CATALOGUE], () => answer("old"), () => new Promise((resolve) => (arrive = resolve)));
  const asking = worker.ask(CATALOGUE);
  assert.equal(await Promise.race([asking, new Promise((resolve) => setTimeout(resolve, 30, "waiting"))]), "waiting");
  arrive(answer("new"));
  assert.equal(await textOf(await asking), "new");
});

for (const status of [502, 503, 504]) {
  test(`${status} from a proxy counts as no answer where one is kept, and is passed on where none is`, async () => {
    const worker = await having([CATALOGUE], () => answer("old"), () => new Response("away", { status }));
    assert.equal(await textOf(await worker.ask(CATALOGUE)), "old");
    assert.equal((await worker.ask("/api/collections?lang=en")).status, status);
  });
}

test("what was never kept fails as it does without a worker", async () => {
  const worker = await having([], down);
  assert.equal((await worker.ask(CATALOGUE)).type, "error");
});

test("an error is passed on, and what has been withdrawn is no longer kept", async () => {
  const worker = await having([CATALOGUE, `/api/${ITEMS}`], () => answer("old"));
  for (const [address, status] of [[CATALOGUE, 500], [`/api/${ITEMS}`, 404]]) {
    worker.network = () => new Response("no", { status });
    assert.equal((await worker.ask(address)).status, status);
  }
  assert.deepEqual(worker.caches.held(ANSWERS), [CATALOGUE]);
});

test("below its version an answer is given without asking; another version is asked for", async () => {
  const versioned = (version) => () => answer(version, { "Geoportal-Version": version });
  const worker = await having([`/api/v/${V1}/${ITEMS}`], versioned(V1), versioned(V2));
  const same = await worker.ask(`/api/v/${V1}/${ITEMS}`);
  assert.deepEqual([await textOf(same), same.headers.has("Geoportal-Kept"), worker.asked], [V1, false, []]);
  assert.equal(await textOf(await worker.ask(`/api/v/${V2}/${ITEMS}`)), V2);
  assert.deepEqual(worker.caches.held(ANSWERS), [`/api/${ITEMS}`], "the newer one has taken the place of the older");
});

test("a version that cannot be had is stood in for by the one before, which is said", async () => {
  const worker = await having([`/api/v/${V1}/${ITEMS}`], () => answer("one", { "Geoportal-Version": V1 }));
  const stand = await worker.ask(`/api/v/${V2}/${ITEMS}`);
  assert.equal(await textOf(stand), "one");
  assert.ok(stand.headers.has("Geoportal-Kept"));
});

const UNKEPT = {
  "a redirect": () => Object.defineProperty(answer("x"), "redirected", { value: true }),
  "a part": () => new Response("x", { status: 206, headers: { "Content-Range": "bytes 0-0/9" } }),
  "what must not be stored": () => answer("x", { "Cache-Control": "no-store" }),
  "what is for one reader": () => answer("x", { "Cache-Control": "private" }),
  "what depends on a session": () => answer("x", { Vary: "Accept-Language, Cookie" }),
  "an error": () => new Response("x", { status: 400 }),
};
for (const [what, network] of Object.entries(UNKEPT)) {
  test(`${what} is given and not kept`, async () => {
    const worker = new WorkerScope({ network });
    assert.equal(await textOf(await worker.ask(CATALOGUE)), "x");
    assert.deepEqual(worker.caches.held(ANSWERS), []);
  });
}

// --- Bounds ---------------------------------------------------------------------------------

const tile = (column, level = 9) => `/api/collections/wells/tiles/WebMercatorQuad/${level}/1/${column}`;

function keptAnswers(bounds, caches = new MemoryCaches()) {
  const kept = () => new WorkerScope({ caches }).get("(bounds) => new KeptAnswers({ storage: caches, name: 'n', bounds })")(bounds);
  return { caches, kept };
}

test("answers are bounded in number and bytes, the longest unused goes first", async () => {
  const { caches, kept } = keptAnswers({ most: 3, bytes: 100 });
  const answers = kept();
  for (const key of ["/a", "/b", "/c"]) await answers.keep(key, answer("x".repeat(20)));
  await answers.touch(["/a"]);
  await answers.keep("/d", answer("x".repeat(20)));
  assert.deepEqual(caches.held("n").sort(), ["/a", "/c", "/d"]);
  await answers.keep("/e", answer("x".repeat(70)));
  assert.deepEqual(caches.held("n").sort(), ["/d", "/e"]);
  assert.equal(await answers.keep("/f", answer("x".repeat(101))), false);
  assert.deepEqual(caches.held("n").sort(), ["/d", "/e"]);
});

test("a worker that was ended goes on with the order and the sizes of the one before", async () => {
  const { caches, kept } = keptAnswers({ most: 3, bytes: 1000 });
  const first = kept();
  for (const key of ["/a", "/b", "/c"]) await first.keep(key, answer("x"));
  await first.touch(["/a"]);
  await (await caches.open("n")).put("/unsaved", answer("x".repeat(900)));
  const next = kept();
  await next.keep("/d", answer("x".repeat(99)));
  assert.deepEqual(caches.held("n").sort(), ["/a", "/d", "/unsaved"]);
  await next.keep("/e", answer("x".repeat(50)));
  assert.deepEqual(caches.held("n").sort(), ["/d", "/e"]);
});

test("where there is no room, what is kept stays and the answer is given", async () => {
  const worker = await having([CATALOGUE], () => answer("old"), () => answer("new"));
  worker.caches.stores.get(ANSWERS).isFull = true;
  assert.equal(await textOf(await worker.ask(CATALOGUE)), "new");
  worker.network = down;
  assert.equal(await textOf(await worker.ask(CATALOGUE)), "old");
});

test("a browser that refuses storage changes nothing for the page", async () => {
  const caches = { open: down, keys: async () => [] };
  const worker = new WorkerScope({ caches, network: () => answer("new") });
  assert.equal(await textOf(await worker.ask(CATALOGUE)), "new");
  assert.equal(await textOf(await worker.ask("/", { mode: "navigate" })), "new");
});

// --- The page -------------------------------------------------------------------------------

const name = (path, letter) => path.replace(/(\.\w+)$/, `.${letter.repeat(12)}$1`);

/* A release: a page, what it names, what that names; and a picture that a style sheet names. */
function release(letter) {
  const at = (path) => name(path, letter);
  return {
    "/": `<!doctype html><html lang="zh"><link href="${at("/static/css/map.css")}"><script src="${at("/static/js/main.js")}"></script>{"w": "${at("/static/js/tiles/worker.js")}"}`,
    [at("/static/css/map.css")]: `a { background: url("../img/${at("a.svg")}") }`,
    [at("/static/js/main.js")]: `import { b } from "./${at("b.js")}";`,
    [at("/static/js/tiles/worker.js")]: `import { b } from "../${at("b.js")}";`,
    [at("/static/js/b.js")]: "export const b = 1;",
    [at("/static/img/a.svg")]: "<svg/>",
  };
}
const serving = (files) => (path) => (files[path] ? answer(files[path]) : new Response("", { status: 404 }));
const open = (worker) => worker.ask("/?view=9/46/127", { mode: "navigate" });

test("a page is kept with all files that it and they name, and says when it was", async () => {
  const files = release("a");
  const worker = new WorkerScope({ network: serving({ ...files, "/?view=9/46/127": files["/"] }) });
  await open(worker);
  assert.deepEqual(worker.caches.held(PAGES).sort(), Object.keys(files).sort());
  worker.network = down;
  assert.match(await textOf(await open(worker)), /<html data-kept="\d{4}-\d\d-\d\dT[^"]+" lang="zh">/);
  for (const path of Object.keys(files).slice(1)) assert.equal(await textOf(await worker.ask(path)), files[path]);
});

test("a page of which a file does not come leaves the one before whole", async () => {
  const [old, next] = [release("a"), release("b")];
  const worker = new WorkerScope({ network: serving(old) });
  await worker.ask("/", { mode: "navigate" });
  delete next[name("/static/js/b.js", "b")];
  worker.network = serving(next);
  await worker.ask("/", { mode: "navigate" });
  worker.network = down;
  assert.match(await textOf(await worker.ask("/", { mode: "navigate" })), /main\.aaaaaaaaaaaa\.js/);
  for (const path of Object.keys(old).slice(1)) assert.equal(await textOf(await worker.ask(path)), old[path]);
});

test("the files of an old release go when the new one is whole", async () => {
  const worker = new WorkerScope({ network: serving(release("a")) });
  await worker.ask("/", { mode: "navigate" });
  worker.network = serving(release("b"));
  await worker.ask("/", { mode: "navigate" });
  assert.deepEqual(worker.caches.held(PAGES).sort(), Object.keys(release("b")).sort());
});

test("caches of an older layout go when the worker begins, those of others stay", async () => {
  const worker = new WorkerScope();
  for (const old of ["geoportal-pages-0", "somebody-else", PAGES]) await worker.caches.open(old);
  await worker.fire("activate");
  assert.deepEqual(await worker.caches.keys(), ["somebody-else", PAGES]);
});

// --- What the page tells --------------------------------------------------------------------

test("what came before the worker did is brought when the page tells what it shows", async () => {
  const files = release("a");
  const network = (path) => (path.startsWith("/api/") ? answer(path, { "Geoportal-Version": V1 }) : serving(files)(path));
  const worker = new WorkerScope({ network });
  const shown = [`/api/v/${V1}/${ITEMS}`, `/api/v/${V1}/collections/wells/tiles/WebMercatorQuad/9/1/2`, CATALOGUE];
  await worker.fire("message", { data: { page: "/", shown, isPast: true } });
  assert.deepEqual(worker.caches.held(ANSWERS), [`/api/${ITEMS}`, tile(2), CATALOGUE]);
  assert.ok(worker.caches.held(PAGES).includes("/"));
  worker.asked = [];
  await worker.fire("message", { data: { page: "/", shown, isPast: false } });
  assert.deepEqual(worker.asked, [], "told again, nothing is asked");
});

test("a page can have nothing kept that the worker would not keep by itself", async () => {
  const worker = new WorkerScope({ network: () => answer("x") });
  await worker.fire("message", { data: { page: "/admin/", shown: ["/admin/", "/api/jobs/1", "https://elsewhere.example/api/collections"], isPast: true } });
  assert.deepEqual([worker.asked, worker.caches.held(ANSWERS), worker.caches.held(PAGES)], [[], [], []]);
});

test("the worker that says farewell takes all that was kept along", async () => {
  const worker = new WorkerScope({ scripts: ["farewell"] });
  for (const kept of [PAGES, ANSWERS, "somebody-else"]) await worker.caches.open(kept);
  await worker.fire("activate");
  assert.deepEqual([await worker.caches.keys(), worker.isGone], [["somebody-else"], true]);
  assert.equal(worker.listeners.has("fetch"), false);
});
