// Putting a record into words, and which addresses are ever linked.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { RecordWords, findOtherText, findText, webAddress } from "../../web/static/js/record-words.js";
import { Texts } from "../../web/static/js/texts.js";

/** @param {string} language */
function makeWords(language) {
  const texts = JSON.parse(readFileSync(new URL(`../../web/locale/${language}/page.json`, import.meta.url), "utf8"));
  const layers = [{ id: "strikes", shape: "circle", label: "Strikes", short: "Strikes", isIncident: true }];
  const properties = [
    { name: "deaths", kind: "integer", label: "Deaths", vocabulary: null },
    { name: "coarsened", kind: "boolean", label: "Coarsened", vocabulary: null },
    { name: "channels", kind: "codes", label: "Channels", vocabulary: "channel" },
    { name: "location_precision", kind: "code", label: "Place shown to", vocabulary: "location_precision" },
  ];
  const terms = { channel: { police: "Police" }, channel_result: { refused: "Refused" }, location_precision: { prefecture: "Prefecture" } };
  const regions = { name: (/** @type {string} */ code) => ({ 44: "Guangdong", 4403: "Shenzhen", 11: "Beijing", 1101: "Beijing" })[code] ?? code };
  return new RecordWords(new Texts({ language, texts, layers, properties, terms }), regions);
}
const record = (/** @type {Record<string, any>} */ properties) => ({ id: "S-2016-000001", properties });

test("the reader's language comes first, else the other, and the text says which it is", () => {
  assert.deepEqual(findText({ title_en: "Strike", title_zh_hans: "罢工" }, "title", "zh-Hant"), { text: "罢工", language: "zh-Hans" });
  assert.deepEqual(findText({ title_en: null, title_zh_hans: "罢工" }, "title", "en"), { text: "罢工", language: "zh-Hans" });
});

test("a text in one language only has no other", () => {
  assert.equal(findOtherText({ title_zh_hans: "罢工" }, "title", "en"), null);
});

test("a place is read from the finest up in English, from the province down in Chinese", () => {
  const known = record({ province: "44", prefecture: "4403", county: null });
  assert.equal(makeWords("en").place(known), "Shenzhen, Guangdong");
  assert.equal(makeWords("zh-Hans").place(known), "GuangdongShenzhen");
});

test("a place is never named twice", () => {
  assert.equal(makeWords("en").place(record({ province: "11", prefecture: "1101" })), "Beijing");
});

test("several places and no place are told apart", () => {
  assert.equal(makeWords("en").place(record({ regions: ["44", "11"] })), "Several places");
  assert.equal(makeWords("en").place(record({ regions: [] })), "Place not known");
});

test("a date known to the month has no day", () => {
  assert.equal(makeWords("en").dates(record({ starts_on: "2020-05-01", ends_on: "2020-05-31", date_precision: "month" })), "May 2020");
});

test("unknown and false have no row; zero has one", () => {
  assert.deepEqual(makeWords("en").rows(record({ deaths: 0, coarsened: false, channels: null })), [{ name: "deaths", label: "Deaths", values: ["0"] }]);
});

test("each channel stands with its result", () => {
  assert.deepEqual(makeWords("en").rows(record({ channels: ["police", "letter"], channel_results: ["refused", null] })), [{ name: "channels", label: "Channels", values: ["Police: Refused", "letter"] }]);
});

test("how exactly a place is shown stands with how far off it may be", () => {
  assert.deepEqual(makeWords("en").rows(record({ location_precision: "prefecture", uncertainty_m: 39600 })), [{ name: "location_precision", label: "Place shown to", values: ["Prefecture, within 40 km"] }]);
});

test("only absolute web addresses without credentials are linked", () => {
  assert.equal(webAddress("https://example.org/a b")?.href, "https://example.org/a%20b");
  for (const wrong of ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "//evil", "https://a@evil", "java\nscript:x", "", null, 7]) {
    assert.equal(webAddress(wrong), null, String(wrong));
  }
});
