/* Which answers are kept, how large each is, and in what order they were last of use. */

class Ledger {
  /* Key to bytes; what has not been of use for the longest time stands first. */
  #sizes = new Map();
  bytes = 0;

  constructor(entries = []) {
    for (const [key, bytes] of entries) this.note(key, bytes);
  }

  has(key) {
    return this.#sizes.has(key);
  }

  get keys() {
    return [...this.#sizes.keys()];
  }

  note(key, bytes) {
    this.drop(key);
    this.#sizes.set(key, bytes);
    this.bytes += bytes;
  }

  touch(key) {
    if (this.has(key)) this.note(key, this.#sizes.get(key));
  }

  drop(key) {
    this.bytes -= this.#sizes.get(key) ?? 0;
    this.#sizes.delete(key);
  }

  /* Take out what goes beyond the bounds, the longest unused first; gives the keys. */
  shed({ most, bytes }) {
    const gone = [];
    for (const key of this.keys) {
      if (this.#sizes.size <= most && this.bytes <= bytes) break;
      this.drop(key);
      gone.push(key);
    }
    return gone;
  }

  toJSON() {
    return [...this.#sizes];
  }
}
