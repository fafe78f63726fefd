// Ranges of time: the same as in Python, and the months a brush writes.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { findPresets, findSpan, isWholeMonths, lastDay, readDays, withTime, writeSpan } from "../../web/static/js/time-range.js";

const cases = JSON.parse(readFileSync(new URL("time-cases.json", import.meta.url), "utf8"));

for (const { why, filters, start, end } of cases.days) {
  test(`days are read: ${why}`, () => assert.deepEqual(readDays(filters), { start, end }));
}

for (const { why, start, end, months, first, span_end } of cases.spans) {
  test(`the months of a range: ${why}`, () => assert.deepEqual(findSpan({ start, end }, months[0], months[1]), { first, end: span_end }));
}

test("whole months are told from parts of months", () => {
  for (const { start, end, whole } of cases.whole) assert.equal(isWholeMonths({ start, end }), whole);
});

test("presets count back from the last month with a record", () => {
  for (const { last, presets } of cases.presets) assert.deepEqual(findPresets(last), presets);
});

test("months are written as whole days, and all of them as no filter", () => {
  assert.equal(writeSpan({ first: 13, end: 14 }, "2015-01", 24), "2016-02-01/2016-02-29");
  assert.equal(writeSpan({ first: 0, end: 24 }, "2015-01", 24), null);
  assert.equal(lastDay("2015-12"), "2015-12-31");
});

test("another range takes the place of the one before", () => {
  assert.deepEqual(withTime([["datetime", "2015-01-07"], ["q", "x"]], "2016-01-01/2016-01-31"), [["q", "x"], ["datetime", "2016-01-01/2016-01-31"]]);
  assert.deepEqual(withTime([["datetime", "2015-01-07"]], null), []);
});
