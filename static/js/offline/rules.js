/* What is kept for times without the service, and which files a page is made of. All else the worker
   does not touch: it goes to the network as if there were no worker.

   The scripts of this folder are classic ones: not every browser of the last years takes modules as
   service workers. /sw.js (geoportal/pages/offline.py) names PAGES, FILES and the CDN's origin, null
   without one, and loads them in order. */

/* Records and tiles as the map asks for them, below a version or not, and the catalogue. */
const DATA = /^\/api\/(?:v\/([0-9a-f]{16})\/)?(collections(?:\/[^/]+\/(?:items(?:\/[^/]+)?|tiles\/\w+\/\d+\/\d+\/\d+))?)$/;
const HASHED = /\.[0-9a-f]{12}\.[a-z]+$/;
const NAMED = /["'(]([^"'()\s]+\.[0-9a-f]{12}\.[a-z]+)(?=[#"')])/g;

/* When an answer was kept: told to the page with what is given in place of a fresh one. */
const KEPT = "Geoportal-Kept";
const VERSION = "Geoportal-Version";

/* {kind, key, version} of a request that the worker answers, else null. The records at an address are
   the same below a version and without: both have one key, so that another version takes the place
   of the one before and can stand in for it. */
function askedOf(request, origin) {
  const url = new URL(request.url);
  const isOther = url.origin !== origin;
  if (request.method !== "GET" || (isOther && url.origin !== CDN)) return null;
  if (request.headers.has("Range") || request.headers.has("Authorization")) return null;
  if (isOther) return dataOf(url);
  if (request.mode === "navigate") return PAGES.includes(url.pathname) ? { kind: "page", key: url.pathname } : null;
  if (url.pathname.startsWith(FILES)) return HASHED.test(url.pathname) ? { kind: "file", key: url.pathname } : null;
  return dataOf(url);
}

function dataOf(url) {
  const data = DATA.exec(url.pathname);
  // Other formats are for people and programs, not for the map.
  if (!data || url.searchParams.has("f")) return null;
  return { kind: "data", key: `/api/${data[2]}${url.search}`, version: data[1] ?? null };
}

/* Whole answers that are the same for everybody. */
function mayKeep(response) {
  const says = (name) => response.headers.get(name) ?? "";
  const isPublic = !/no-store|private/i.test(says("Cache-Control")) && !/cookie|\*/i.test(says("Vary"));
  return response.status === 200 && !response.redirected && !response.headers.has("Content-Range") && isPublic;
}

/* Paths of the hashed files that a page, style sheet or module names; `base` is its own address. */
function filesIn(text, base) {
  const named = [...text.matchAll(NAMED)].map(([, name]) => new URL(name, base));
  const own = named.filter(({ origin, pathname }) => origin === new URL(base).origin && pathname.startsWith(FILES));
  return [...new Set(own.map(({ pathname }) => pathname))];
}
