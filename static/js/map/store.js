/* The state of the page in one place; listeners name the parts they follow. */

export class Store {
  #state;
  #listeners = [];

  constructor(initial) {
    this.#state = { ...initial };
  }

  get(part) {
    return this.#state[part];
  }

  get state() {
    return this.#state;
  }

  /* Change parts at once; listeners of a part hear only of a change in it. */
  set(changes) {
    const changed = Object.keys(changes).filter((part) => this.#state[part] !== changes[part]);
    if (!changed.length) return;
    this.#state = { ...this.#state, ...changes };
    for (const { parts, listener } of [...this.#listeners]) {
      if (parts.some((part) => changed.includes(part))) listener(this.#state);
    }
  }

  on(parts, listener) {
    const entry = { parts: [parts].flat(), listener };
    this.#listeners.push(entry);
    return () => {
      this.#listeners = this.#listeners.filter((other) => other !== entry);
    };
  }
}
