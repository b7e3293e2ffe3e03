/* Elements in one line. Text is always text: nothing here reads markup from data. */

/* h("button", {class: "tool", onclick: f, "aria-label": "…"}, "text", child, …); null and false
   attributes and children are left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

let sprite = "";

export function useSprite(url) {
  sprite = url;
}

/* A decorative icon from static/img/icons.svg. */
export function icon(name, className = "glyph") {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", className);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

export function iconButton(name, label, onclick, attributes = {}) {
  return h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onclick, ...attributes }, icon(name));
}

/* Arrow keys go through the items of a container, which is one stop for the Tab key. */
export function roving(container, selector) {
  container.addEventListener("keydown", (event) => {
    const items = [...container.querySelectorAll(selector)].filter((item) => item.offsetParent !== null);
    const at = items.indexOf(event.target);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    items[Math.max(0, Math.min(items.length - 1, to))].focus();
  });
  container.addEventListener("focusin", ({ target }) => {
    if (target.matches(selector)) single(container, selector, target);
  });
}

/* Make one of the items the stop for the Tab key; call after the items change. */
export function single(container, selector, chosen = null) {
  const items = [...container.querySelectorAll(selector)];
  const stop = chosen ?? items.find((item) => item.tabIndex === 0 && item.offsetParent !== null) ?? items[0];
  for (const item of items) item.tabIndex = item === stop ? 0 : -1;
}
