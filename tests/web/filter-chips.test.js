// Chips of what is set, and the way out of an empty page.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test from "node:test";

import { findWayOut } from "../../web/static/js/empty-state.js";
import { listChips, withoutChip } from "../../web/static/js/filter-chips.js";
import { formatDate, formatMonth } from "../../web/static/js/formats.js";

/** @typedef {[string, string][]} Filters */
/** @typedef {{why: string, region: string | null, filters: Filters, chips: string[][]}} Case */

const read = (/** @type {string} */ path) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
const folder = new URL("../../web/locale/en/", import.meta.url);
const texts = Object.assign({}, ...readdirSync(folder).map((name) => read(new URL(name, folder).href)));
const speech = {
  properties: [
    { name: "employers", kind: "texts", label: "Employers", vocabulary: null },
    { name: "industry", kind: "code", label: "Industry", vocabulary: "industry" },
  ],
  get: (/** @type {string} */ key, /** @type {Record<string, string>} */ values = {}) =>
    texts[key].replace(/\{(\w+)\}/g, (/** @type {string} */ _, /** @type {string} */ name) => values[name] ?? ""),
  term: (/** @type {string | null} */ _, /** @type {string} */ code) => (code === "mining" ? "Mining" : code),
  region: (/** @type {string} */ code) => (code === "100000" ? "West" : code),
  date: (/** @type {string} */ day) => formatDate(day, "en"),
  month: (/** @type {string} */ month) => formatMonth(month, "en"),
};

for (const { why, region, filters, chips } of /** @type {Case[]} */ (read("chip-cases.json"))) {
  test(`chips: ${why}`, () => {
    const made = listChips(speech, region, filters).map(({ name, value, label, text }) => [name, value, label, text]);
    assert.deepEqual(made, chips);
  });
}

test("taking a chip away leaves the others", () => {
  /** @type {Filters} */
  const filters = [["industry", "construction,mining"], ["employers", "A, mining"], ["filter", "x"], ["filter-lang", "y"]];
  const chip = (/** @type {string} */ name, /** @type {string} */ value) => ({ name, value, label: "", text: "" });
  assert.deepEqual(withoutChip(speech, filters, chip("industry", "mining"))[0], ["industry", "construction"]);
  assert.deepEqual(withoutChip(speech, filters, chip("employers", "mining"))[1], ["employers", "A, mining"]);
  assert.deepEqual(withoutChip(speech, filters, chip("filter", "x")).map(([name]) => name), ["industry", "employers"]);
});

test("out of an empty page: the filters first, then the layers, then the place", () => {
  const way = (/** @type {string[]} */ layers, /** @type {Filters} */ filters) =>
    findWayOut(/** @type {any} */ ({ address: JSON.stringify, store: { selection: { layers, filters } }, texts: { words: { layers: [{ id: "a" }, { id: "b" }] } } }));
  assert.deepEqual(way(["a", "b"], [["q", "x"]]), ["clear", '{"filters":[]}']);
  assert.deepEqual(way([], [["q", "x"]]), ["layers", '{"layers":["a","b"]}']);
  assert.deepEqual(way(["a", "b"], []), ["country", '{"region":null}']);
});
