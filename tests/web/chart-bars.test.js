// Charts of bars: which there are, their order, and how long the bars are.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { barLength, countedOnce, listCharts, rankValues, seenAtOnce } from "../../web/static/js/chart-bars.js";

const cases = JSON.parse(readFileSync(new URL("chart-cases.json", import.meta.url), "utf8"));

for (const { why, counts, chosen, in_order, ranked } of cases.ranks) {
  test(`bars: ${why}`, () => {
    const facet = { counted: 0, unknown: 0, counts: counts.map((/** @type {[string, number]} */ [value, count]) => ({ value, count })) };
    assert.deepEqual(rankValues(facet, chosen, in_order).map(({ code, count }) => [code, count]), ranked);
  });
}

test("a bar is as long as its share, and no record is without a bar", () => {
  for (const [count, whole, length] of cases.lengths) assert.equal(barLength(count, whole), length);
});

test("charts are those of the layers that are on, in their places", () => {
  const words = { kind: "code", label: "", vocabulary: "x" };
  const properties = [
    { ...words, name: "outcome", layers: ["calls_for_help", "accountability"], chart: 3 },
    { ...words, name: "industry", layers: ["strikes", "accidents"], chart: 1 },
    { ...words, name: "verification", layers: ["strikes"] },
    { ...words, name: "demands", layers: ["strikes"], chart: 2 },
  ];
  const names = (/** @type {string[]} */ on) => listCharts(properties, on).map(({ name }) => name);
  assert.deepEqual(names(["strikes", "accountability"]), ["industry", "demands", "outcome"]);
  assert.deepEqual(names(["accidents"]), ["industry"]);
});

test("one bar more than are seen at once is no reason to hide it", () => {
  assert.deepEqual([7, 8, 9].map(seenAtOnce), [7, 8, 7]);
});

test("bars that add up to more than their records say so", () => {
  const facet = (/** @type {number} */ counted) => ({ counted, unknown: 4, counts: [{ value: "a", count: 2 }, { value: "b", count: 3 }] });
  assert.deepEqual([countedOnce(facet(4)), countedOnce(facet(5))], [4, null]);
});
