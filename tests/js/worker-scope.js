/* As much of the scope of a service worker as static/js/offline needs to run without a browser: its
   classic scripts share one scope, storage is in memory, the network is what a test says. */
import { readFileSync } from "node:fs";
import vm from "node:vm";

const FOLDER = new URL("../../static/js/offline/", import.meta.url);
const ORIGIN = "https://map.example";
const SCRIPTS = ["rules", "ledger", "answers", "pages", "worker"];

class MemoryCache {
  entries = new Map();
  isFull = false;

  async match(key) {
    return this.entries.get(key)?.clone();
  }

  async put(key, response) {
    if (this.isFull) throw new DOMException("no room", "QuotaExceededError");
    const copy = new Response(await response.arrayBuffer(), { headers: response.headers });
    this.entries.delete(key);
    this.entries.set(key, copy);
  }

  async delete(key) {
    return this.entries.delete(key);
  }

  async keys() {
    return [...this.entries.keys()].map((key) => ({ url: ORIGIN + key }));
  }
}

export class MemoryCaches {
  stores = new Map();

  async open(name) {
    if (!this.stores.has(name)) this.stores.set(name, new MemoryCache());
    return this.stores.get(name);
  }

  async keys() {
    return [...this.stores.keys()];
  }

  async delete(name) {
    return this.stores.delete(name);
  }

  /* The paths kept in a store. */
  held(name) {
    return [...(this.stores.get(name)?.entries.keys() ?? [])].filter((key) => key !== "/offline/ledger");
  }
}

/* A request as a browser makes it: Node's own cannot navigate and know no relative addresses. */
function asked(address, { method = "GET", mode = "cors", headers = {}, ...more } = {}) {
  return { url: new URL(address, ORIGIN).href, method, mode, headers: new Headers(headers), ...more };
}

/* A worker whose network is `network(path, request)`, a response or what it throws. */
export class WorkerScope {
  constructor({ caches = new MemoryCaches(), network = () => new Response("", { status: 404 }), scripts = SCRIPTS } = {}) {
    this.listeners = new Map();
    this.network = network;
    this.caches = caches;
    this.asked = [];
    const claimed = { claim: async () => {} };
    const self = {
      location: { origin: ORIGIN }, clients: claimed, skipWaiting: async () => {},
      registration: { unregister: async () => (this.isGone = true) },
      addEventListener: (name, listener) => this.listeners.set(name, listener),
    };
    const scope = { self, caches, Response, Headers, URL, Date, console, fetch: (what) => this.#fetch(what), Request: class { constructor(address, options) { Object.assign(this, asked(address, options)); } } };
    this.scope = vm.createContext(scope);
    vm.runInContext('const PAGES = ["/", "/en/"]; const FILES = "/static/"; const CDN = "https://cdn.example";', this.scope);
    for (const name of scripts) vm.runInContext(readFileSync(new URL(`${name}.js`, FOLDER), "utf8"), this.scope, `${name}.js`);
  }

  /* What a script declared. */
  get(name) {
    return vm.runInContext(name, this.scope);
  }

  async #fetch(what) {
    const request = typeof what === "string" ? asked(what) : what;
    const { pathname, search } = new URL(request.url);
    this.asked.push(pathname + search);
    return this.network(pathname + search, request);
  }

  /* Have an event reach the worker; resolves when all it waits for is done. */
  async fire(name, event = {}) {
    const waiting = [];
    let given;
    this.listeners.get(name)({ ...event, waitUntil: (work) => waiting.push(work), respondWith: (answer) => (given = answer) });
    const answer = await given;
    await Promise.all(waiting);
    return answer;
  }

  /* What the worker answers; undefined where it leaves a request to the network. */
  ask(address, options) {
    return this.fire("fetch", { request: asked(address, options) });
  }
}
