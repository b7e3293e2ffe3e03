// Whether the service answers, what the page does meanwhile, and what it tells the worker.
import assert from "node:assert/strict";
import { test } from "node:test";

import { haveSameLayers, readCollections } from "../../static/js/map/collections.js";
import { Connection } from "../../static/js/map/connection.js";
import { Keeper } from "../../static/js/map/keeper.js";
import { Refused, Unreachable } from "../../static/js/map/request.js";

const [EARLY, LATE] = ["2026-07-01T08:00:00.000Z", "2026-07-01T09:00:00.000Z"];
const settled = () => new Promise((resolve) => setImmediate(resolve));

/* A connection to a service that does what `service.answers()` does, and what it told. */
function connectionTo(service) {
  const told = [];
  const asked = [];
  const request = async (url, { heard }) => {
    asked.push(url);
    const { document = {}, kept = null } = await service.answers();
    heard(kept);
    return document;
  };
  const connection = new Connection({
    address: "/api/collections", request,
    changed: () => told.push(connection.asOf), found: (document) => told.push(document),
  });
  return { connection, told, asked };
}
const away = () => {
  throw new Unreachable("no network");
};

test("the oldest of what is shown is said, once for each change", async () => {
  const { connection, told } = connectionTo({ answers: () => ({}) });
  for (const kept of [null, LATE, EARLY, LATE, null]) connection.heard(kept);
  assert.deepEqual([told, connection.asOf, connection.isLost], [[LATE, EARLY], EARLY, true]);
});

test("the catalogue is asked for, at growing pauses, until it comes fresh", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const service = { answers: away };
  const { connection, told, asked } = connectionTo(service);
  await connection.json("/x").catch(() => {});
  const wait = async (seconds) => {
    t.mock.timers.tick(seconds * 1000);
    await settled();
    return asked.length - 1;
  };
  assert.deepEqual([await wait(7), await wait(6), await wait(14), await wait(12)], [0, 1, 1, 2]);
  service.answers = () => ({ kept: EARLY });
  await connection.look();
  assert.equal(connection.isLost, true, "what was kept is no sign of the service");
  service.answers = () => ({ document: "fresh" });
  await connection.look();
  assert.deepEqual([connection.isLost, connection.asOf, told.at(-1)], [false, null, "fresh"]);
  assert.equal(await wait(600), asked.length - 1);
  const before = asked.length;
  await connection.look();
  assert.equal(asked.length, before, "nothing is lost, nothing is asked");
});

test("what fails each time while the catalogue comes is not asked for over and over", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const { connection, asked } = connectionTo({ answers: () => ({ document: "fresh" }) });
  for (let second = 0; second < 600; second += 1) {
    connection.heard(EARLY);
    t.mock.timers.tick(1000);
    await settled();
  }
  assert.ok(asked.length <= 14, String(asked.length));
});

test("the service's own no is an answer", async () => {
  const { connection } = connectionTo({ answers: () => {
    throw new Refused(404, {});
  } });
  await assert.rejects(connection.json("/x"), Refused);
  assert.equal(connection.isLost, false);
});

const catalogueOf = (...layers) => readCollections({ collections: layers.map(({ id, ...geoportal }) => ({ id, geoportal })) });
const PARKS = { id: "parks", count: 3, version: "1", fields: [{ name: "kind", codes: [{ value: "a", label: "A" }] }] };

test("other records are the same layers; other layers, fields or codes are not", () => {
  const before = catalogueOf(PARKS);
  assert.ok(haveSameLayers(before, catalogueOf({ ...PARKS, count: 4, version: "2" })));
  const others = [[], [PARKS, { id: "sites" }], [{ ...PARKS, fields: [] }], [{ ...PARKS, style: { base: {} } }]];
  others.push([{ ...PARKS, fields: [{ name: "kind", codes: [{ value: "a", label: "B" }] }] }]);
  for (const other of others) assert.ok(!haveSameLayers(before, catalogueOf(...other)));
});

function containerOf({ refuses = false } = {}) {
  const seen = { registered: 0, told: [] };
  const registration = { active: { postMessage: (message) => seen.told.push(message) } };
  const register = async () => {
    seen.registered += 1;
    if (refuses) throw new DOMException("refused", "SecurityError");
    return registration;
  };
  return { seen, container: { controller: null, ready: Promise.resolve(registration), register } };
}

test("the worker is told what is shown when the map has come to rest, not at each stop before", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { seen, container } = containerOf();
  const keeper = new Keeper("/sw.js", container);
  for (const shown of [["/a"], ["/b"]]) keeper.rests("/", () => shown);
  assert.equal(seen.registered, 0);
  t.mock.timers.tick(1000);
  await settled();
  container.controller = {};
  keeper.rests("/", () => ["/c"]);
  t.mock.timers.tick(1000);
  await settled();
  assert.equal(seen.registered, 1);
  assert.deepEqual(seen.told, [{ page: "/", shown: ["/b"], isPast: true }, { page: "/", shown: ["/c"], isPast: false }]);
});

test("without workers, or where they are refused or switched off, nothing happens", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { seen, container } = containerOf({ refuses: true });
  for (const keeper of [new Keeper("/sw.js", undefined), new Keeper(null, container), new Keeper("/sw.js", container)]) {
    keeper.rests("/", () => []);
    t.mock.timers.tick(1000);
    await settled();
  }
  assert.deepEqual(seen, { registered: 1, told: [] });
});
