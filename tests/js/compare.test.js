// The sites chosen for comparison stay chosen on the next page of the list.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { enhanceCompare } from "../../static/js/ui/compare.js";
import { furnish } from "./document.js";

let make;
beforeEach(() => {
  make = furnish();
});

function memory(kept = {}) {
  return { getItem: (name) => kept[name] ?? null, setItem: (name, value) => (kept[name] = value) };
}

function page(slugs, storage) {
  const boxes = slugs.map((slug) => Object.assign(make("input"), { type: "checkbox", value: slug, checked: false, dataset: { name: `Site ${slug}` } }));
  const parts = { "[data-chosen]": make("ul"), "[data-count]": make("b"), "button[type=submit]": make("button") };
  const form = { dataset: { compare: "4", remove: "Remove" }, elements: boxes, classList: { toggle() {} }, querySelector: (selector) => parts[selector] };
  enhanceCompare(form, storage);
  const tick = (slug, checked = true) => {
    const box = boxes.find(({ value }) => value === slug);
    box.checked = checked;
    box.fire("change");
  };
  return { boxes, tick, list: parts["[data-chosen]"], count: () => parts["[data-count]"].textContent, button: parts["button[type=submit]"] };
}

test("a choice made on one page is sent along from the next one", () => {
  const storage = memory();
  page(["a", "b"], storage).tick("a");
  const next = page(["c", "d"], storage);
  assert.equal(next.count(), "1");
  assert.equal(next.button.disabled, true);
  next.tick("d");
  assert.equal(next.count(), "2");
  assert.equal(next.button.disabled, false);
  assert.deepEqual(next.list.all("input").map(({ name, value }) => [name, value]), [["ids", "a"]]);
});

test("the cross beside a name takes the site out of the choice", () => {
  const storage = memory();
  const first = page(["a", "b"], storage);
  first.tick("a");
  first.tick("b");
  assert.match(first.list.text, /Site a.*Site b/);
  first.list.all("button")[0].fire("click");
  assert.equal(first.boxes[0].checked, false);
  assert.equal(page(["a"], storage).count(), "1");
});

test("after four no other site can be ticked", () => {
  const { boxes, tick } = page(["a", "b", "c", "d", "e"], memory());
  for (const slug of ["a", "b", "c", "d"]) tick(slug);
  assert.deepEqual(boxes.map(({ disabled }) => disabled), [false, false, false, false, true]);
});

test("a broken or forbidden store leaves the page at work", () => {
  for (const storage of [null, memory({ "compare-sites": "{" }), memory({ "compare-sites": '"x"' })]) {
    const { tick, count } = page(["a"], storage);
    tick("a");
    assert.equal(count(), "1");
  }
});
