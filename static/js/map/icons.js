/* The icons of static/img/icons.svg as paths a canvas can fill: Map of name to [Path2D, …]. */
export async function loadIcons(url) {
  const sprite = new DOMParser().parseFromString(await (await fetch(url)).text(), "image/svg+xml");
  return new Map(
    [...sprite.querySelectorAll("symbol")].map((symbol) => [
      symbol.id,
      [...symbol.querySelectorAll("path")].map((path) => new Path2D(path.getAttribute("d"))),
    ]),
  );
}
