// The change of a year against the year before: the same as in Python.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { findChange } from "../../web/static/js/change.js";
import { monthName, monthNumber } from "../../web/static/js/time-range.js";

const cases = JSON.parse(readFileSync(new URL("change-cases.json", import.meta.url), "utf8"));

for (const { why, first, counts, end, change } of cases) {
  test(`the change: ${why}`, () => {
    /** @type {[string, Record<string, number>][]} */
    const months = counts.map((/** @type {number} */ count, /** @type {number} */ step) => [monthName(monthNumber(first) + step), { strikes: count, accidents: 9 }]);
    const found = findChange(months, ["strikes"], { start: null, end });
    assert.deepEqual(found && [found.month, found.later, found.earlier, found.percent, found.brokenOn], change);
  });
}
