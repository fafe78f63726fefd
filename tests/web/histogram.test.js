// The columns of the months, their years, and the changes of method among them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { placeChanges, placeYears, stackMonths } from "../../web/static/js/histogram.js";
import { drawChanges, drawLine } from "../../web/static/js/sparkline.js";
import { monthName, monthNumber } from "../../web/static/js/time-range.js";

const cases = JSON.parse(readFileSync(new URL("histogram-cases.json", import.meta.url), "utf8"));

for (const { why, months, layers, paths } of cases.stacks) {
  test(`columns: ${why}`, () => assert.deepEqual(stackMonths(months, layers), paths));
}

for (const { why, first, count, years, changes } of cases.axes) {
  test(`the axis: ${why}`, () => {
    const months = Array.from({ length: count }, (_, step) => monthName(monthNumber(first) + step));
    const rounded = (/** @type {[string, number][]} */ places) => places.map(([name, at]) => [name, Math.round(at * 100) / 100]);
    assert.deepEqual(rounded(placeYears(months)), years);
    assert.deepEqual(rounded(placeChanges(months)), changes);
  });
}

for (const { why, months, line, changes } of cases.lines) {
  test(`a layer's small line: ${why}`, () => {
    const tallies = Object.entries(months).map(([month, count]) => /** @type {[string, {a: number}]} */ ([month, { a: count }]));
    assert.equal(drawLine(tallies, "a"), line);
    assert.equal(drawChanges(tallies), changes);
  });
}
