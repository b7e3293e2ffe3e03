/* Names on the map: which are drawn and where, so that none covers another. */

const CELL = 64;

/* Boxes already taken on the screen, found again by a grid. */
export class Taken {
  #cells = new Map();

  add(box) {
    for (const key of cellsOf(box)) {
      if (!this.#cells.has(key)) this.#cells.set(key, []);
      this.#cells.get(key).push(box);
    }
  }

  meets(box) {
    for (const key of cellsOf(box)) {
      if (this.#cells.get(key)?.some((other) => overlap(box, other))) return true;
    }
    return false;
  }

  /* Take all boxes, or none when one of them is taken already. */
  claim(boxes) {
    if (boxes.some((box) => this.meets(box))) return false;
    boxes.forEach((box) => this.add(box));
    return true;
  }
}

function* cellsOf([x0, y0, x1, y1]) {
  for (let x = Math.floor(x0 / CELL); x <= Math.floor(x1 / CELL); x += 1) {
    for (let y = Math.floor(y0 / CELL); y <= Math.floor(y1 / CELL); y += 1) yield `${x},${y}`;
  }
}

function overlap(a, b) {
  return a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1];
}

/* Where a name may stand beside a symbol of a given radius, best first. */
export function besidePoint(x, y, radius, width, height) {
  const gap = radius + 3;
  return [
    { x: x + gap, y: y - height / 2 },
    { x: x - gap - width, y: y - height / 2 },
    { x: x - width / 2, y: y + gap },
    { x: x - width / 2, y: y - gap - height },
  ];
}

/* A name cut off by the edge of the page reads as another, so such spots come last. */
export function wholeFirst(boxes, [x0, y0, x1, y1]) {
  const isWhole = (box) => box[0] >= x0 && box[1] >= y0 && box[2] <= x1 && box[3] <= y1;
  return [...boxes.filter(isWhole), ...boxes.filter((box) => !isWhole(box))];
}

/* The glyphs of a name along a line of pixels, [{glyph, x, y, angle}], or null where it does not
   fit or the line bends too sharply; always read from left to right. `widths` are in pixels. */
export function alongLine(line, glyphs, widths, spacing) {
  const total = widths.reduce((sum, width) => sum + width + spacing, -spacing);
  const steps = cumulative(line);
  const length = steps.at(-1);
  if (length < total * 1.15) return null;
  const start = (length - total) / 2;
  const reversed = pointAt(line, steps, start).x > pointAt(line, steps, start + total).x;
  const placed = [];
  let offset = 0;
  for (let i = 0; i < glyphs.length; i += 1) {
    const middle = offset + widths[i] / 2;
    const spot = pointAt(line, steps, reversed ? start + total - middle : start + middle);
    placed.push({ glyph: glyphs[i], x: spot.x, y: spot.y, angle: spot.angle + (reversed ? Math.PI : 0) });
    offset += widths[i] + spacing;
  }
  return isGentle(placed) ? placed : null;
}

function cumulative(line) {
  const steps = [0];
  for (let i = 2; i < line.length; i += 2) {
    steps.push(steps.at(-1) + Math.hypot(line[i] - line[i - 2], line[i + 1] - line[i - 1]));
  }
  return steps;
}

function pointAt(line, steps, offset) {
  let i = 1;
  while (i < steps.length - 1 && steps[i] < offset) i += 1;
  const [ax, ay, bx, by] = line.slice(i * 2 - 2, i * 2 + 2);
  const part = steps[i] > steps[i - 1] ? (offset - steps[i - 1]) / (steps[i] - steps[i - 1]) : 0;
  return { x: ax + (bx - ax) * part, y: ay + (by - ay) * part, angle: Math.atan2(by - ay, bx - ax) };
}

function isGentle(placed) {
  return placed.slice(1).every(({ angle }, i) => {
    const turn = Math.abs(Math.atan2(Math.sin(angle - placed[i].angle), Math.cos(angle - placed[i].angle)));
    return turn < 0.6;
  });
}

/* The longest piece of a line inside a box, all in pixels; null when none is. */
export function longestInside(line, [x0, y0, x1, y1]) {
  let best = null;
  let piece = [];
  const close = () => {
    if (piece.length >= 4 && (!best || extentOf(piece) > extentOf(best))) best = piece;
    piece = [];
  };
  for (let i = 0; i < line.length; i += 2) {
    const inside = line[i] >= x0 && line[i] <= x1 && line[i + 1] >= y0 && line[i + 1] <= y1;
    if (inside) piece.push(line[i], line[i + 1]);
    else close();
  }
  close();
  return best;
}

function extentOf(line) {
  return Math.hypot(line.at(-2) - line[0], line.at(-1) - line[1]);
}
