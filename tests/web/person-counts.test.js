// How many people, in one row, and the name of a data set: person-cases.json holds for server and browser.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { RecordWords } from "../../web/static/js/record-words.js";
import { Texts } from "../../web/static/js/texts.js";

/** @param {string} name */
const read = (name) => JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8"));
const labels = { participants: "Participants", participants_min: "Least", participants_max: "Most", persons_min: "Least", persons_max: "Most", source_system: "Data set" };
const properties = Object.entries(labels).map(([name, label]) => ({ name, kind: "code", label, vocabulary: name === "participants" ? name : null }));
const terms = { participants: { "1000-9999": "1,000-9,999", "10000-plus": "10,000 or more" } };
const words = new RecordWords(new Texts({ language: "en", texts: read("../../web/locale/en/record.json"), layers: [], properties, terms }), { name: String });
const rows = (/** @type {Record<string, any>} */ given) => words.rows({ id: "S-2016-000001", properties: given }).map((row) => [row.label, ...row.values]);

for (const { why, properties: given, row } of read("person-cases.json")) {
  test(`how many people is one row: ${why}`, () => assert.deepEqual(rows(given), row ? [row] : []));
}

test("a data set that is known has a name, any other stays as it is called", () => {
  assert.match(rows({ source_system: "clb_export" })[0]?.[1] ?? "", /^China Labour Bulletin/);
  assert.deepEqual(rows({ source_system: "other_set" }), [["Data set", "other_set"]]);
});
