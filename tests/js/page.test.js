// What pages gain from scripts: sharing, short addresses, a limit to comparison.
import assert from "node:assert/strict";
import { test } from "node:test";

import { emptyNames } from "../../static/js/ui/filters.js";
import { enhanceShare } from "../../static/js/ui/share.js";

function element(dataset = {}) {
  const listeners = {};
  return {
    dataset,
    hidden: true,
    textContent: "",
    addEventListener: (name, listener) => (listeners[name] = listener),
    click: () => listeners.click(),
  };
}

function shareBlock() {
  const parts = {
    "[data-done]": element({ done: "Link copied", failed: "Copy it yourself" }),
    "[data-share-copy]": element(),
    "[data-share-send]": element(),
  };
  const root = { dataset: { title: "Parcel", address: "https://x/sites/1/" } };
  root.querySelector = (selector) => parts[selector];
  return { root, parts };
}

test("copying puts the address on the clipboard and says so", async () => {
  const { root, parts } = shareBlock();
  const copied = [];
  enhanceShare(root, { clipboard: async (text) => copied.push(text) });
  await parts["[data-share-copy]"].click();
  assert.deepEqual(copied, ["https://x/sites/1/"]);
  assert.equal(parts["[data-done]"].textContent, "Link copied");
});

test("a refused clipboard is said, not dropped", async () => {
  const { root, parts } = shareBlock();
  enhanceShare(root, { clipboard: () => Promise.reject(new Error("NotAllowedError")) });
  await parts["[data-share-copy]"].click();
  assert.equal(parts["[data-done]"].textContent, "Copy it yourself");
});

test("ways the browser has not stay hidden", () => {
  const { root, parts } = shareBlock();
  enhanceShare(root, {});
  assert.equal(parts["[data-share-copy]"].hidden, true);
  assert.equal(parts["[data-share-send]"].hidden, true);
});

test("a visitor who closes the system's sheet sees no error", async () => {
  const { root, parts } = shareBlock();
  enhanceShare(root, { share: () => Promise.reject(new Error("AbortError")) });
  await parts["[data-share-send]"].click();
  assert.equal(parts["[data-share-send]"].hidden, false);
});

test("fields nobody filled in are named, those with any value are not", () => {
  const form = new FormData();
  form.append("q", "");
  form.append("kind", "");
  form.append("kind", "parcel");
  form.append("area_min", "0");
  assert.deepEqual(emptyNames(form), ["q"]);
});
