// What a card says beside the record's own properties: unions, answers, history, ways to the editors.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { answerRows } from "../../web/static/js/record-links.js";
import { wordChanges } from "../../web/static/js/record-history.js";
import { RecordWords } from "../../web/static/js/record-words.js";
import { reportLink } from "../../web/static/js/report-links.js";
import { Texts } from "../../web/static/js/texts.js";
import { wordContact } from "../../web/static/js/union-contacts.js";

/** @param {string} name */
const read = (name) => JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8"));
const texts = { ...read("../../web/locale/en/page.json"), ...read("../../web/locale/en/record.json") };
const cases = read("card-cases.json");
const label = (/** @type {string} */ name) => ({ name, kind: "code", label: name.replace("_", " "), vocabulary: null });
const words = new RecordWords(
  new Texts({ language: "en", texts, layers: [], properties: cases.properties.map(label), terms: cases.terms }),
  { name: (code) => cases.regions[code] ?? code },
);

for (const given of read("report-cases.json")) {
  test(`the editors are reached as the server says: ${given.why}`, () => {
    assert.equal(reportLink(given.address, given.id, given.subject), given.link);
  });
}

for (const given of cases.contacts) {
  test(`a union is worded as the server words it: ${given.why}`, () => {
    const { name, union, when, rows, brief, quote, promise } = wordContact(words, given.contact);
    const [quoted, promised] = [quote, promise].map((both) => both.map(({ text }) => text));
    const said = { name: name.text, union, when, rows: rows.map((row) => [row.label, ...row.values]), brief, quote: quoted, promise: promised };
    assert.deepEqual(said, given.said);
  });
}

for (const given of cases.histories) {
  test(`a history is told as the server tells it: ${given.why}`, () => {
    assert.deepEqual(wordChanges(words.texts, given.changes), given.said);
  });
}

test("an answer says too what is not known of it", () => {
  const rows = answerRows(words, { id: "U-2020-000001", properties: { awareness: "aware" } });
  assert.deepEqual(rows.map((row) => [row.name, ...row.values]), [["awareness", "aware"], ["involvement", "Not known"]]);
});

test("a case of incidents without a region in common is of several places", () => {
  const place = (/** @type {string[]} */ incidents) => words.place({ id: "U-2020-000001", properties: { contacts: [], incidents } });
  assert.equal(place(["S-2020-000001", "S-2020-000002"]), words.texts.get("place.several"));
  assert.equal(place(["S-2020-000001"]), words.texts.get("place.unknown"));
});
