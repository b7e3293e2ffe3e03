// docs/map.md lists what another way of drawing must offer: that, and no more, is what the page uses.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const ROOT = new URL("../../", import.meta.url);
const text = (path) => readFileSync(new URL(path, ROOT), "utf8");

function listed(before, after) {
  const part = text("docs/map.md").split(before)[1].split(after)[0];
  return [...part.matchAll(/`([^`]+)`/g)].flatMap(([, names]) => names.split(/\s+/)).map((name) => name.replace(/\(.*/, "")).sort();
}

/* All that the rest of the page says to the renderer, by a pattern with the name as its group. */
function used(pattern) {
  const files = ["static/js/main.js", "static/js/map/app.js", ...readdirSync(new URL("static/js/ui/", ROOT)).map((name) => `static/js/ui/${name}`)];
  const names = files.flatMap((file) => [...text(file).matchAll(pattern)].map(([, name]) => name));
  return [...new Set(names)].sort();
}

test("the boundary's methods are those the page calls", () => {
  const called = used(/\brenderer\.(\w+)/g).filter((name) => !["js", "addEventListener"].includes(name));
  assert.deepEqual(listed("goes behind the same", "and the events"), called);
});

test("the boundary's events are those the page hears", () => {
  assert.deepEqual(listed("and the events", "A `LayerView`"), used(/\brenderer\.addEventListener\("(\w+)"/g));
});
