/* The one way to ask the server: abortable, tried again where that may help, two kinds of error. */

/* The server did not answer: no network, or it is down. */
export class Unreachable extends Error {
  name = "Unreachable";
}

/* The server answered, and said no: `status`, and `code` and `detail` of its problem body. */
export class Refused extends Error {
  constructor(status, problem) {
    super(`${status} ${problem.code ?? ""}`);
    this.status = status;
    this.code = problem.code ?? null;
    this.detail = problem.detail ?? null;
  }
}

/* Said by the service worker of what it gives in place of a fresh answer (static/js/offline/). */
const KEPT = "Geoportal-Kept";
const PASSING = new Set([502, 503, 504]);
const PAUSES = [300, 900];

const JSON_TYPES = "application/json, application/geo+json";

/* 502 to 504: whoever answered could not reach the service. */
export function isAway(error) {
  return error instanceof Unreachable || PASSING.has(error.status);
}

/* The JSON at an address; `heard` is told of each answer when it was kept, null where it is fresh.
   Throws Unreachable, Refused, or an AbortError when `signal` fires. */
export function requestJSON(url, options) {
  return request(url, { accept: JSON_TYPES, read: (response) => response.json() }, options);
}

/* The bytes at an address; throws the same. */
export function requestBytes(url, options) {
  return request(url, { accept: "*/*", read: (response) => response.arrayBuffer() }, options);
}

async function request(url, kind, { signal, heard, pauses = PAUSES, fetcher = fetch } = {}) {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await ask(url, { ...kind, signal, heard, fetcher });
    } catch (error) {
      const isHopeless = error.name === "AbortError" || !isAway(error);
      if (isHopeless || attempt >= pauses.length) throw error;
      await pause(pauses[attempt], signal);
    }
  }
}

async function ask(url, { accept, read, signal, heard, fetcher }) {
  let response;
  try {
    response = await fetcher(url, { signal, headers: { Accept: accept } });
    if (response.ok) {
      const found = await read(response);
      heard?.(response.headers.get(KEPT));
      return found;
    }
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Unreachable(error.message);
  }
  throw new Refused(response.status, await response.json().catch(() => ({})));
}

function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new DOMException("given up", "AbortError"));
    });
  });
}

/* Fill a template such as "/api/collections/{id}/items"; `query` entries that are null are left out. */
export function fillUrl(template, names = {}, query = {}) {
  const path = template.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(names[name]));
  const said = Object.entries(query).filter(([, value]) => value !== null && value !== undefined);
  return said.length ? `${path}?${new URLSearchParams(said)}` : path;
}

/* How the page asks for what the server announces: by the path alone, because the server's own address,
   as it sees itself, may differ behind a proxy; but what lies on the CDN is asked for there. */
export function reached(address, cdn) {
  const { origin, pathname, search } = pathOf(address);
  return (cdn && origin === pathOf(cdn).origin ? origin : "") + pathname + search;
}

/* The parts of an address. */
export function pathOf(address) {
  return new URL(address, globalThis.location?.href ?? "http://localhost/");
}
