/* The page's side of the worker that reads tiles. */

import { Refused, Unreachable } from "../request.js";

export class TileReader {
  #url;
  #heard;
  #worker = null;
  #waiting = new Map();
  #last = 0;

  /* `heard` is told of each tile when it was kept, null where it is fresh. */
  constructor(url, heard) {
    this.#url = url;
    this.#heard = heard;
  }

  /* The [{properties, shape}] of a tile. Throws Unreachable, Refused, or an AbortError. */
  read(url, tile, signal) {
    const job = (this.#last += 1);
    return new Promise((resolve, reject) => {
      this.#waiting.set(job, { resolve, reject });
      this.#working().postMessage({ job, url, tile });
      signal.addEventListener("abort", () => this.#worker?.postMessage({ job }));
    });
  }

  #working() {
    if (this.#worker) return this.#worker;
    this.#worker = new Worker(this.#url, { type: "module" });
    this.#worker.addEventListener("message", ({ data }) => this.#answered(data));
    this.#worker.addEventListener("error", () => this.#broke());
    return this.#worker;
  }

  #answered({ job, features, kept, error }) {
    const { resolve, reject } = this.#waiting.get(job);
    this.#waiting.delete(job);
    if (error) return reject(errorOf(error));
    this.#heard(kept);
    return resolve(features);
  }

  /* The worker itself did not come: the next attempt starts another. */
  #broke() {
    this.#worker.terminate();
    this.#worker = null;
    for (const { reject } of this.#waiting.values()) reject(new Unreachable("worker"));
    this.#waiting.clear();
  }
}

function errorOf({ name, message, status }) {
  if (name === "AbortError") return new DOMException(message, name);
  return status ? new Refused(status, {}) : new Unreachable(message);
}
