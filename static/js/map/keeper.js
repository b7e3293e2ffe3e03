/* The page's side of the service worker, which keeps what the map shows (static/js/offline/). */

const REST = 1000; // milliseconds for which the map has been at rest

export class Keeper {
  #url;
  #container;
  #registering = null;
  #timer = null;

  /* Browsers have no container on plain http but from this machine, and in some private windows. */
  constructor(url, container = navigator.serviceWorker) {
    this.#url = url;
    this.#container = container;
  }

  /* The map is at rest on a page; `shown()` gives the addresses of all it shows. */
  rests(page, shown) {
    if (!this.#url || !this.#container) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tell(page, shown()), REST);
  }

  /* Only now, so that it takes nothing from the page as it opens. A browser that refuses keeps nothing. */
  async #tell(page, shown) {
    this.#registering ??= this.#container.register(this.#url, { updateViaCache: "none" }).catch(() => null);
    if (!(await this.#registering)) return;
    const { active } = await this.#container.ready;
    active.postMessage({ page, shown, isPast: !this.#container.controller });
  }
}
