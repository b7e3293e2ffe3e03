/* The strip that greets a first visit, not one that comes by a link to some view: why this place,
   in four figures. */

import { h, icon, iconButton } from "./dom.js";

const SEEN = "geoportal.welcome-seen";

export function welcome(app) {
  const { url, figures } = app.data.welcome;
  if (!figures.length || location.search || wasSeen()) return null;
  const { text, format, data } = app;
  const close = () => {
    element.remove();
    remember();
  };
  const element = h(
    "aside",
    { class: "welcome", "aria-label": text("welcome.label") },
    h("p", { class: "welcome-title" }, text("welcome.title", { city: data.city || data.title })),
    h("dl", { class: "welcome-figures" }, figures.map(({ label, value, unit }) =>
      h("div", {}, h("dt", {}, label), h("dd", {}, compact(value, format), unit ? h("span", { class: "of-unit" }, unit) : null)))),
    url ? h("a", { class: "welcome-link", href: url }, text("welcome.link"), icon("forward")) : null,
    iconButton("close", text("welcome.close"), close, { class: "icon-button welcome-close" }),
  );
  return element;
}

/* 3,756,167 as 376万 or 3.8 million: a figure to remember. */
function compact(value, format) {
  if (value < 100000) return format.number(value);
  return new Intl.NumberFormat(format.locale, { notation: "compact", maximumFractionDigits: 1 }).format(value);
}

/* A browser that keeps nothing shows the strip again, which does no harm. */
function wasSeen() {
  try {
    return localStorage.getItem(SEEN) === "1";
  } catch {
    return false;
  }
}

function remember() {
  try {
    localStorage.setItem(SEEN, "1");
  } catch {
    // Storage is refused: nothing to remember.
  }
}
