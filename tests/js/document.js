/* As much of a document as the elements of static/js/ui need to be made and clicked without a browser. */

class Element {
  children = [];
  listeners = new Map();
  dataset = {};
  style = {};
  attributes = {};
  hidden = false;
  classList = { toggle() {} };

  constructor(tag) {
    this.tag = tag;
  }

  setAttribute(name, value) {
    this.attributes[name] = value;
  }

  append(...children) {
    this.children.push(...children);
  }

  replaceChildren(...children) {
    this.children = children;
  }

  contains() {
    return false;
  }

  addEventListener(name, listener) {
    this.listeners.set(name, [...(this.listeners.get(name) ?? []), listener]);
  }

  removeEventListener(name, listener) {
    this.listeners.set(name, (this.listeners.get(name) ?? []).filter((one) => one !== listener));
  }

  /* Have an event reach this element. */
  fire(type, detail = {}) {
    for (const listener of this.listeners.get(type) ?? []) listener({ type, target: this, ...detail });
  }

  focus() {}

  remove() {}

  querySelector(selector) {
    return this.querySelectorAll(selector)[0] ?? new Element("none");
  }

  querySelectorAll() {
    return [];
  }

  /* All elements in this one with a tag, from the first on. */
  all(tag) {
    return this.children.flatMap((child) => (child instanceof Element ? [...(child.tag === tag ? [child] : []), ...child.all(tag)] : []));
  }

  get text() {
    return this.children.map((child) => (child instanceof Element ? child.text : String(child))).join("");
  }
}

/* Make `document` and `window` for the modules under test. */
export function furnish() {
  const make = (tag) => new Element(tag);
  globalThis.document = { createElement: make, createElementNS: (_, tag) => make(tag), activeElement: null, body: make("body"), addEventListener() {} };
  globalThis.window = { innerHeight: 800, addEventListener() {} };
  globalThis.navigator ??= {};
  return make;
}
