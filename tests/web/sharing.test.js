// What is handed to others, as the server writes it too.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { fileAddress, listChoices, tableAddress } from "../../web/static/js/export-links.js";
import { writeIframe } from "../../web/static/js/share-links.js";

const read = (/** @type {string} */ name) => JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8"));

test("a frame's code is the server's, letter by letter", () => {
  for (const { address, title, code } of read("share-cases.json")) assert.equal(writeIframe(address, title), code);
});

test("a selection has the choices and the files that the server names", () => {
  const { layered, cases } = read("export-cases.json");
  for (const { layers, filters, region, choices, csv, months } of cases) {
    const found = listChoices({ layers, filters, region }, layered);
    assert.deepEqual(found.map((choice) => [choice.name, choice.collection]), choices);
    const first = /** @type {import("../../web/static/js/export-links.js").Choice} */ (found[0]);
    assert.equal(fileAddress(first, "csv", { labels: "en", bom: true }), csv);
    assert.equal(tableAddress(first, "month", "en"), months);
  }
});

test("with every layer off there is nothing to take", () => {
  assert.deepEqual(listChoices({ layers: [], filters: [], region: null }, read("export-cases.json").layered), []);
});
