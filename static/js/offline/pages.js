/* The map page in each language with all files that it is made of. They are found by what the page
   names, and what its modules and style sheets name, each under the hash of its content: a page is
   kept when the last of its files is there, and files that no page names any more go. */

class KeptPages {
  #work = Promise.resolve();

  constructor({ storage, name, origin, fetcher = (path) => fetch(path) }) {
    Object.assign(this, { storage, name, origin, fetcher });
  }

  async find(key) {
    try {
      return await (await this.storage.open(this.name)).match(key, { ignoreVary: true });
    } catch {
      return undefined;
    }
  }

  /* Keep a page, one after the other; gives whether it is kept. A page of which a file does not come,
     or for which there is no room, leaves the one before in its place. */
  keep(key, response) {
    this.#work = this.#work.then(() => this.#keep(key, response)).catch(() => false);
    return this.#work;
  }

  async #keep(key, response) {
    const cache = await this.storage.open(this.name);
    const html = await response.text();
    const before = await (await this.find(key))?.text();
    const isSame = before !== undefined && String(this.#named(before, key)) === String(this.#named(html, key));
    if (!isSame) await this.#behind(cache, key, html);
    await cache.put(key, keptCopy(response, html));
    if (!isSame) await this.#clear(cache);
    return true;
  }

  #named(text, path) {
    return filesIn(text, this.origin + path);
  }

  /* The paths of all files behind a page; those that are not kept yet are brought. */
  async #behind(cache, key, html) {
    const found = new Set();
    let waiting = this.#named(html, key);
    while (waiting.length) {
      for (const path of waiting) found.add(path);
      const named = await Promise.all(waiting.map(async (path) => this.#named(await this.#text(cache, path), path)));
      waiting = [...new Set(named.flat())].filter((path) => !found.has(path));
    }
    return found;
  }

  async #text(cache, path) {
    const kept = await cache.match(path, { ignoreVary: true });
    if (kept) return isText(path) ? kept.text() : "";
    const response = await this.fetcher(path);
    if (!mayKeep(response)) throw new Error(`${path}: ${response.status}`);
    const copy = response.clone();
    await cache.put(path, response);
    return isText(path) ? copy.text() : "";
  }

  async #clear(cache) {
    const held = (await cache.keys()).map(({ url }) => new URL(url).pathname);
    const needed = new Set();
    for (const key of held.filter((path) => PAGES.includes(path))) {
      const html = await (await cache.match(key, { ignoreVary: true })).text();
      for (const path of [key, ...(await this.#behind(cache, key, html))]) needed.add(path);
    }
    for (const path of held) if (!needed.has(path)) await cache.delete(path, { ignoreVary: true });
  }
}

/* Pictures name no other files. */
function isText(path) {
  return /\.(?:js|css)$/.test(path);
}
