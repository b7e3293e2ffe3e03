/* The service worker: the network is asked first, and what was kept is given where it does not answer.
   Only what never changes, hashed files and what lies below a version, is given without asking. */

/* Raise it when what is kept means something else: what was kept before then goes. */
const LAYOUT = 1;
const [PAGE_STORE, ANSWER_STORE] = ["pages", "answers"].map((name) => `geoportal-${name}-${LAYOUT}`);
const BOUNDS = { most: 600, bytes: 48 * 1024 * 1024 };

/* A proxy says so in place of a service that is down. */
const AWAY = new Set([502, 503, 504]);
/* The record or layer has been withdrawn. */
const GONE = new Set([404, 410]);

const HERE = self.location.origin;
const pages = new KeptPages({ storage: caches, name: PAGE_STORE, origin: HERE });
const answers = new KeptAnswers({ storage: caches, name: ANSWER_STORE, bounds: BOUNDS });

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(begin()));
self.addEventListener("message", (event) => event.waitUntil(remember(event.data)));
self.addEventListener("fetch", (event) => {
  const asked = askedOf(event.request, HERE);
  if (asked) event.respondWith(ANSWERS[asked.kind](event, asked));
});

const ANSWERS = {
  file: async (event, { key }) => (await pages.find(key)) ?? fetch(event.request),
  page: (event, { key }) => askFirst(event, {
    keep: (response) => pages.keep(key, response),
    keptOne: async () => markedPage(await pages.find(key)),
  }),
  async data(event, { key, version }) {
    const kept = await answers.find(key);
    if (kept && isCurrent(kept, version)) return unmarked(kept);
    return askFirst(event, {
      keep: (response) => answers.keep(key, response),
      forget: () => answers.forget(key),
      keptOne: async () => kept,
    });
  },
};

async function begin() {
  for (const name of await caches.keys()) {
    if (name.startsWith("geoportal-") && name !== PAGE_STORE && name !== ANSWER_STORE) await caches.delete(name);
  }
  await self.clients.claim();
}

async function askFirst(event, { keep, forget = () => {}, keptOne }) {
  // A slow network is waited for; one that fails is not asked again: the page does that.
  const response = await fetch(event.request).catch(() => null);
  if (!response || AWAY.has(response.status)) return (await keptOne()) ?? response ?? Response.error();
  if (mayKeep(response)) event.waitUntil(keep(response.clone()));
  else if (GONE.has(response.status)) event.waitUntil(forget());
  return response;
}

function isCurrent(kept, version) {
  return version !== null && kept.headers.get(VERSION) === version;
}

function unmarked(kept) {
  const headers = new Headers(kept.headers);
  headers.delete(KEPT);
  return new Response(kept.body, { headers });
}

/* A page cannot see the headers it came with: the time stands at its root. */
async function markedPage(kept) {
  if (!kept) return undefined;
  const html = await kept.text();
  return new Response(html.replace("<html ", `<html data-kept="${kept.headers.get(KEPT)}" `), { headers: kept.headers });
}

/* A page is at rest and says what it shows. What came before the worker did, or past it, is brought
   from the browser's own cache; the rest becomes the last to go. */
async function remember({ page, shown, isPast }) {
  if (PAGES.includes(page) && (isPast || !(await pages.find(page)))) await keepPage(page);
  const asked = shown.map(requestFor).map((request) => ({ request, ...askedOf(request, HERE) }));
  const data = asked.filter(({ kind }) => kind === "data");
  for (const { request, key, version } of data) {
    const kept = await answers.find(key);
    const isThere = kept && (version ? isCurrent(kept, version) : !isPast);
    if (!isThere) await keepAnswer(request, key);
  }
  await answers.touch(data.map(({ key }) => key));
}

/* As static/js/map/request.js asks, so that the browser's cache knows it. */
function requestFor(address) {
  const accept = address.includes("/tiles/") ? "*/*" : "application/json, application/geo+json";
  return new Request(address, { headers: { Accept: accept }, cache: "force-cache" });
}

async function keepPage(key) {
  const response = await fetch(key).catch(() => null);
  if (response && mayKeep(response)) await pages.keep(key, response);
}

async function keepAnswer(request, key) {
  const response = await fetch(request).catch(() => null);
  if (response && mayKeep(response)) await answers.keep(key, response);
}
