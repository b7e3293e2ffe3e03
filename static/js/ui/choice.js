/* The sites a visitor chose to compare: kept in the tab while going through map, lists and pages. */

const STORED = "compare-sites";

export class Choice {
  #storage;
  #chosen = [];

  constructor(atMost, storage = sessionStore()) {
    this.atMost = atMost;
    this.#storage = storage;
  }

  /* [{id, name}] in the order chosen; read anew each time, as another page of the tab may have changed it. */
  get all() {
    this.#chosen = (this.#read() ?? this.#chosen).slice(0, this.atMost);
    return this.#chosen;
  }

  get isFull() {
    return this.all.length >= this.atMost;
  }

  has(id) {
    return this.all.some((one) => one.id === id);
  }

  /* Beyond the limit nothing is added. */
  add({ id, name }) {
    const others = this.all.filter((one) => one.id !== id);
    this.#write([...others, { id, name }].slice(0, this.atMost));
  }

  remove(id) {
    this.#write(this.all.filter((one) => one.id !== id));
  }

  #read() {
    try {
      const kept = JSON.parse(this.#storage.getItem(STORED));
      return kept?.filter(({ id, name }) => typeof id === "string" && typeof name === "string");
    } catch {
      return null;
    }
  }

  #write(chosen) {
    this.#chosen = chosen;
    try {
      this.#storage.setItem(STORED, JSON.stringify(chosen));
    } catch {
      // Without storage the choice lasts as long as the page.
    }
  }
}

function sessionStore() {
  try {
    return globalThis.sessionStorage;
  } catch {
    return null;
  }
}
