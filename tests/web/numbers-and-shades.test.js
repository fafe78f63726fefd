// The formulas that the server has too: one table of cases holds for both.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { findBreaks, findShade } from "../../web/static/js/class-breaks.js";
import { formatDate, formatMonth, formatNumber, formatRate, formatShort } from "../../web/static/js/formats.js";
import { findLabelled, partRings, ringArcs, ringRadius } from "../../web/static/js/rings.js";
import { readSearch, writeAddress } from "../../web/static/js/url-state.js";

const read = (/** @type {string} */ name) => JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8"));
const rings = read("ring-cases.json");
const formats = read("format-cases.json");

for (const { why, values, breaks, shades } of read("class-break-cases.json")) {
  test(`shades: ${why}`, () => {
    assert.deepEqual(findBreaks(values), breaks);
    for (const [value, shade] of shades) assert.equal(findShade(value, breaks), shade, String(value));
  });
}

for (const { why, count, largest, radius } of rings.radii) {
  test(`rings: ${why}`, () => assert.equal(ringRadius(count, largest), radius));
}

for (const { why, counts, radius, paths } of rings.arcs) {
  test(`ring arcs: ${why}`, () => assert.deepEqual(ringArcs(counts, radius), paths));
}

test(`rings: ${rings.placed.why}`, () => {
  /** @type {import("../../web/static/js/rings.js").Ring[]} */
  const placed = rings.placed.rings.map((/** @type {[number, number, number]} */ [x, y, radius]) => ({ x, y, radius, anchorX: x, anchorY: y }));
  partRings(placed);
  assert.deepEqual(placed.map((ring) => [round(ring.x), round(ring.y)]), rings.placed.places);
  assert.deepEqual([...findLabelled(placed, rings.placed.names)], rings.placed.labelled);
});

test("numbers and dates are written in the reader's form", () => {
  for (const { language, number, text } of formats.short) assert.equal(formatShort(number, language), text);
  for (const { number, text } of formats.full) assert.equal(formatNumber(number), text);
  for (const { rate, text } of formats.rates) assert.equal(formatRate(rate), text);
  for (const { language, month, text } of formats.months) assert.equal(formatMonth(month, language), text);
  for (const { language, day, text } of formats.days) assert.equal(formatDate(day, language), text);
});

const known = { layers: ["strikes", "accidents", "calls_for_help", "accountability"], filters: ["datetime", "industry"], lists: ["industry"], defaultLanguage: "en" };
for (const { why, search, address } of read("address-cases.json")) {
  test(`addresses: ${why}`, () => assert.equal(writeAddress(readSearch(search, known), known), address));
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 100) / 100;
}
