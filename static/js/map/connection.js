/* Whether the service answers. While it does not, a service worker gives what it has kept
   (static/js/offline/), and the catalogue is asked for until it comes fresh. */

import { isAway, requestJSON } from "./request.js";

const PAUSES = [10, 20, 40, 60].map((seconds) => seconds * 1000);
/* Lost again within so many milliseconds, the pauses go on where they were: what fails each time
   while the catalogue comes must not have everything asked for over and over. */
const CALM = 120_000;

export class Connection {
  isLost = false;
  /* The time of the oldest of what is shown in place of fresh answers. */
  asOf = null;
  #address;
  #request;
  #timer = null;
  #lost = 0;
  #found = -Infinity;

  /* `changed()` hears of a change of the above, `found(document)` of the catalogue that came fresh. */
  constructor({ address, changed, found, request = requestJSON }) {
    this.#address = address;
    this.#request = request;
    Object.assign(this, { changed, found });
  }

  /* As requestJSON, and noted whether it was answered. */
  json(url, options) {
    return this.watch(this.#request(url, { ...options, heard: (kept) => this.heard(kept) }));
  }

  async watch(answer) {
    try {
      return await answer;
    } catch (error) {
      if (isAway(error)) this.#lose();
      throw error;
    }
  }

  /* An answer came: null where it is fresh, else the time it was kept. */
  heard(kept) {
    if (!kept) return;
    const isOlder = !this.asOf || kept < this.asOf;
    if (isOlder) this.asOf = kept;
    this.#lose(isOlder);
  }

  /* Ask now, where there is something to find. */
  async look() {
    if (!this.isLost) return;
    this.#wait();
    let kept = null;
    const heard = (time) => {
      kept = time;
    };
    const document = await this.#request(this.#address, { heard, pauses: [] }).catch(() => null);
    if (this.isLost && document && !kept) this.#find(document);
  }

  #lose(isNews = false) {
    if (!this.isLost) {
      this.isLost = true;
      if (Date.now() - this.#found > CALM) this.#lost = 0;
      this.#wait();
      this.changed();
    } else if (isNews) this.changed();
  }

  #find(document) {
    clearTimeout(this.#timer);
    Object.assign(this, { isLost: false, asOf: null });
    this.#found = Date.now();
    this.changed();
    this.found(document);
  }

  /* Many visitors who lost the service together do not come back in one instant. */
  #wait() {
    clearTimeout(this.#timer);
    const pause = PAUSES[Math.min(this.#lost, PAUSES.length - 1)];
    this.#lost += 1;
    this.#timer = setTimeout(() => this.look(), pause * (0.8 + Math.random() * 0.4));
  }
}
