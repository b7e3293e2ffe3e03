/* The answers that are kept, within bounds. Nothing here throws: where the browser gives no room or
   takes it away, what is kept stays as it is and the page goes on with the network alone. */

/* Where the ledger lies among the answers; no address of the service. */
const LEDGER = "/offline/ledger";

class KeptAnswers {
  #opened = null;
  #saving = null;
  #isSaved = true;

  constructor({ storage, name, bounds }) {
    Object.assign(this, { storage, name, bounds });
  }

  async find(key) {
    try {
      const { cache } = await this.#open();
      return await cache.match(key, { ignoreVary: true });
    } catch {
      return undefined;
    }
  }

  /* Keep a copy of an answer with the time; gives whether it is kept. */
  async keep(key, response) {
    try {
      const body = await response.arrayBuffer();
      if (body.byteLength > this.bounds.bytes) return false;
      const { cache, ledger } = await this.#open();
      await cache.put(key, keptCopy(response, body));
      ledger.note(key, body.byteLength);
      for (const gone of ledger.shed(this.bounds)) await cache.delete(gone, { ignoreVary: true });
      await this.#save();
      return true;
    } catch {
      return false;
    }
  }

  /* These are on the map now: they go last. */
  async touch(keys) {
    try {
      const { ledger } = await this.#open();
      for (const key of keys) ledger.touch(key);
      await this.#save();
    } catch {
      // Only the order in which answers go is lost.
    }
  }

  async forget(key) {
    try {
      const { cache, ledger } = await this.#open();
      ledger.drop(key);
      await cache.delete(key, { ignoreVary: true });
      await this.#save();
    } catch {
      // The browser has taken all of it away.
    }
  }

  #open() {
    this.#opened ??= this.#read().catch((error) => {
      this.#opened = null;
      throw error;
    });
    return this.#opened;
  }

  /* A worker may be ended before it has saved: what the ledger does not know is noted anew. */
  async #read() {
    const cache = await this.storage.open(this.name);
    const held = (await cache.keys()).map(({ url }) => new URL(url)).map(({ pathname, search }) => pathname + search);
    const noted = await cache.match(LEDGER).then((saved) => saved.json()).catch(() => []);
    const ledger = new Ledger(noted.filter(([key]) => held.includes(key)));
    for (const key of held) {
      if (key === LEDGER || ledger.has(key)) continue;
      ledger.note(key, (await (await cache.match(key, { ignoreVary: true })).arrayBuffer()).byteLength);
    }
    return { cache, ledger };
  }

  /* Many changes at once are one or two writings. */
  #save() {
    this.#isSaved = false;
    this.#saving ??= this.#write().finally(() => {
      this.#saving = null;
    });
    return this.#saving;
  }

  async #write() {
    const { cache, ledger } = await this.#open();
    while (!this.#isSaved) {
      this.#isSaved = true;
      await cache.put(LEDGER, new Response(JSON.stringify(ledger)));
    }
  }
}

/* The body is kept as it is read, so what speaks of its way over the network is left out. */
function keptCopy(response, body, now = new Date()) {
  const headers = new Headers(response.headers);
  for (const name of ["Content-Encoding", "Content-Length"]) headers.delete(name);
  headers.set(KEPT, now.toISOString());
  return new Response(body, { headers });
}
