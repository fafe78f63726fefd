// Codes chosen in filters, and which changes are steps.

import assert from "node:assert/strict";
import test from "node:test";

import { codesOf, withCode, withValue } from "../../web/static/js/filter-values.js";
import { isStep } from "../../web/static/js/history-steps.js";

/** @typedef {[string, string][]} Filters */

test("a code is added to its filter in order, and taken out again", () => {
  const one = withCode([["q", "pay"]], "industry", "mining", true);
  assert.deepEqual(one, [["q", "pay"], ["industry", "mining"]]);
  const two = withCode(one, "industry", "construction", true);
  assert.deepEqual(codesOf(two, "industry"), ["construction", "mining"]);
  assert.deepEqual(withCode(withCode(two, "industry", "mining", false), "industry", "construction", false), [["q", "pay"]]);
});

test("choosing a code twice chooses it once", () => {
  assert.deepEqual(withCode([["industry", "mining"]], "industry", "mining", true), [["industry", "mining"]]);
});

test("a value takes the place of the one before, and nothing takes it out", () => {
  assert.deepEqual(withValue([["q", "pay"]], "q", "strike"), [["q", "strike"]]);
  assert.deepEqual(withValue([["q", "pay"], ["industry", "mining"]], "q", null), [["industry", "mining"]]);
});

const selection = { language: "en", layers: ["strikes"], region: null, record: null, tab: /** @type {const} */ ("overview"), shade: /** @type {const} */ ("rate"), theme: null, filters: /** @type {Filters} */ ([]) };

test("a region, a card and a filter are steps", () => {
  for (const change of [{ region: "440000" }, { record: "S-2016-000001" }, { filters: /** @type {Filters} */ ([["q", "pay"]]) }]) {
    assert.ok(isStep({ ...selection, ...change }, selection), JSON.stringify(change));
  }
});

test("time, a tab, shades and colours are no steps", () => {
  for (const change of [{ filters: /** @type {Filters} */ ([["datetime", "2016-01-01/.."]]) }, { tab: /** @type {const} */ ("list") }, { shade: /** @type {const} */ ("none") }, { theme: /** @type {const} */ ("dark") }]) {
    assert.ok(!isStep({ ...selection, ...change }, selection), JSON.stringify(change));
  }
});

test("filters written in another order are the same filters", () => {
  /** @type {Filters} */
  const one = [["q", "pay"], ["industry", "mining"]];
  assert.ok(!isStep({ ...selection, filters: one }, { ...selection, filters: [...one].reverse() }));
});
