/* The browser's history of the map: one entry, and one more while a record is open, so that Back
   closes the record. Moving about replaces the entry; nobody wants to go back through each step. */

export class History {
  #closing = false;

  /* `current()` is {address, isOpen}; `adopt(search)` takes over what an address says; `written()`
     hears when the entry is in step. */
  constructor({ current, adopt, written }) {
    Object.assign(this, { current, adopt, written });
    // A page that was loaded with a record has no entry below it to go back to.
    if (!history.state) history.replaceState({ isOpen: current().isOpen, isOwn: false }, "");
    window.addEventListener("popstate", () => this.#gone());
  }

  /* Bring the entry in step with the page. */
  write() {
    if (this.#closing) return;
    const { address, isOpen } = this.current();
    const entry = history.state ?? {};
    if (!isOpen && entry.isOwn) return this.#close();
    if (isOpen && !entry.isOpen) history.pushState({ isOpen, isOwn: true }, "", address);
    else history.replaceState({ ...entry, isOpen }, "", address);
    this.written();
  }

  /* The entry of the closed record is left; where the map stands now is written to the one below. */
  #close() {
    this.#closing = true;
    history.back();
  }

  #gone() {
    if (!this.#closing) return this.adopt(location.search);
    this.#closing = false;
    return this.write();
  }
}
