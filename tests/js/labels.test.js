import assert from "node:assert/strict";
import { test } from "node:test";

import { alongLine, longestInside, Taken, wholeFirst } from "../../static/js/map/labels.js";
import { namesOf } from "../../static/js/map/naming.js";
import { scaleBar, scaleOf } from "../../static/js/ui/status-line.js";

test("a name never covers another", () => {
  const taken = new Taken();
  assert.ok(taken.claim([[0, 0, 100, 20]]));
  assert.ok(!taken.claim([[90, 10, 130, 30]]));
  assert.ok(taken.claim([[100, 0, 130, 20]]));
});

test("a name of several boxes takes all or none", () => {
  const taken = new Taken();
  taken.add([200, 200, 210, 210]);
  assert.ok(!taken.claim([[0, 0, 10, 10], [205, 205, 215, 215]]));
  assert.ok(taken.claim([[0, 0, 10, 10]]));
});

test("a name would rather stand elsewhere than be cut off by the edge of the page", () => {
  const cutOff = [-10, 40, 50, 60];
  const whole = [20, 40, 80, 60];
  assert.deepEqual(wholeFirst([cutOff, whole], [4, 4, 386, 480]), [whole, cutOff]);
});

test("a name along a line stands in its middle and reads from left to right, whichever way it runs", () => {
  for (const line of [[0, 0, 50, 0, 100, 0], [100, 0, 50, 0, 0, 0]]) {
    const placed = alongLine(line, [..."呼兰河"], [12, 12, 12], 2);
    assert.deepEqual(placed.map(({ glyph }) => glyph).join(""), "呼兰河");
    assert.deepEqual(placed.map(({ x }) => x), [36, 50, 64]);
    assert.ok(placed.every(({ angle }) => Math.abs(Math.sin(angle)) < 1e-9 && Math.cos(angle) > 0));
  }
});

test("a name that does not fit, or would break at a sharp bend, is not placed", () => {
  assert.equal(alongLine([0, 0, 30, 0], [..."呼兰河"], [12, 12, 12], 0), null);
  assert.equal(alongLine([0, 0, 30, 0, 30, 60], [..."呼兰河"], [20, 20, 20], 0), null);
});

test("of a line the longest piece in view is named", () => {
  const line = [-50, 5, 5, 5, 8, 5, 200, 5, 30, 50, 40, 50, 60, 50, 90, 50];
  assert.deepEqual(longestInside(line, [0, 0, 100, 100]), [30, 50, 40, 50, 60, 50, 90, 50]);
  assert.equal(longestInside([-5, 0, -9, 0], [0, 0, 10, 10]), null);
});

test("what matters more is named first", () => {
  const view = (priority) => ({ style: { label: { field: "n", priority } }, isMarker: () => false });
  const line = { shape: { kind: "line", box: [0, 0, 1, 1] } };
  const features = (n) => [{ ...line, properties: { n } }];
  const scene = {
    zoom: 10, markers: [],
    layers: [
      { view: view(40), symbols: new Map([[{ rank: 1 }, features("county road")], [{ rank: 0 }, features("expressway")]]) },
      { view: view(10), symbols: new Map([[{ rank: 0 }, features("park")]]) },
    ],
  };
  assert.deepEqual(namesOf(scene, "zh").map(({ text }) => text), ["park", "expressway", "county road"]);
});

test("a scale bar is a round length that fits", () => {
  assert.deepEqual(scaleBar(100), { metres: 5000, pixels: 50 });
  for (const metresInPixel of [0.3, 7, 19.1, 305]) {
    const { metres, pixels } = scaleBar(metresInPixel);
    assert.ok(pixels <= 96 && pixels > 38);
    assert.match(String(metres), /^[125]0*$/);
  }
});

test("the scale is that of a screen of 96 pixels to the inch", () => {
  assert.equal(scaleOf(26.458333), 100000);
});

test("an area that two layers show is named once, by its theme with the value", () => {
  const area = (key) => ({ key, shape: { kind: "polygon", box: [0.5, 0.5, 0.6, 0.6] }, properties: { n: "北林区", people: 664000 } });
  const view = (label, field) => ({ style: { label: { field: "n", ...label }, field }, isMarker: () => false });
  const scene = {
    zoom: 10, markers: [],
    layers: [
      { view: view({ priority: 4 }, null), symbols: new Map([[{ rank: 0 }, [area("districts/1")]]]) },
      { view: view({ priority: 1, value: true }, "people"), symbols: new Map([[{ rank: 0 }, [area("theme/1")]]]) },
    ],
  };
  assert.deepEqual(namesOf(scene, "zh").map(({ text }) => text), ["北林区 66.4万"]);
  assert.match(namesOf(scene, "en")[0].text, /^北林区 664k$/i);
});

test("within a park the names of its plots leave out the park's own, in both languages", () => {
  const label = { field: "zh", field_en: "en", within: "park_zh", within_en: "park_en" };
  const view = { style: { label }, isMarker: () => false };
  const plot = (zh, en, park = {}) => ({ shape: { kind: "polygon", box: [0.5, 0.5, 0.6, 0.6] }, properties: { zh, en, ...park } });
  const park = { park_zh: "海伦大豆食品产业园", park_en: "Hailun Soy Food Park" };
  const named = (language, ...features) => {
    const scene = { zoom: 14, markers: [], layers: [{ view, symbols: new Map(features.map((one) => [{ rank: 0 }, [one]])) }] };
    return namesOf(scene, language).map(({ text }) => text);
  };
  const inPark = plot("海伦大豆食品产业园A01地块", "Parcel A01, Hailun Soy Food Park", park);
  assert.deepEqual(named("zh", inPark), ["A01地块"]);
  assert.deepEqual(named("en", inPark), ["Parcel A01"]);
  assert.deepEqual(named("zh", plot("海伦大豆食品产业园", "", park), plot("城区1号地块", "")), ["海伦大豆食品产业园", "城区1号地块"]);
});
