// What shades and the legend's circles stand for, with the cases that hold for the server too.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { chooseCircles } from "../../web/static/js/circle-sizes.js";
import { formatRate } from "../../web/static/js/formats.js";
import { fillOf, findRate, shadeRegions } from "../../web/static/js/shades.js";

const read = (/** @type {string} */ name) => JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8"));

for (const { why, wanted, counts, residents, outside, measure, values, breaks, fills } of read("shade-cases.json")) {
  test(`shades: ${why}`, () => {
    const isOutside = (/** @type {string} */ code) => outside.includes(code);
    const shading = shadeRegions(wanted, new Map(Object.entries(counts)), residents, isOutside);
    assert.deepEqual({ ...shading, values: Object.fromEntries(shading.values) }, { measure, values, breaks });
    const drawn = Object.entries(counts).map(([code, count]) => [code, fillOf(shading, code, count, isOutside(code))]);
    assert.deepEqual(Object.fromEntries(drawn), fills);
  });
}

for (const { why, largest, circles } of read("circle-cases.json")) {
  test(`circles: ${why}`, () => {
    assert.deepEqual(chooseCircles(largest).map(({ count, radius, isMost }) => [count, Math.round(radius * 10) / 10, isMost]), circles);
  });
}

test("a rate has the digits that count", () => {
  assert.equal(findRate(5, undefined), null);
  assert.deepEqual([1234.5, 190.4, 10.49, 9.96, 4.649, 0.4649, 0.0079].map(formatRate), ["1,235", "190", "10", "10", "4.6", "0.46", "0.0079"]);
});
