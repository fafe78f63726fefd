// What typed characters may mean.

import assert from "node:assert/strict";
import test from "node:test";

import { findCompanies, findPlaces, fold, readFound, readRecordId } from "../../web/static/js/search-finds.js";

/** @type {Record<string, import("../../web/static/js/region-index.js").Entry>} */
const entries = {
  440000: ["Guangdong", null, "province"],
  440100: ["Guangzhou", "440000", "prefecture"],
  211300: ["Chaoyang", "210000", "prefecture"],
  110105: ["Chaoyang", "110000", "county"],
  610100: ["Xi'an", "610000", "prefecture"],
};

test("a name as a whole comes first, then its beginning, then the coarse before the fine", () => {
  assert.deepEqual(findPlaces(entries, "guang", 5).map(({ code }) => code), ["440000", "440100"]);
  assert.deepEqual(findPlaces(entries, "CHAOYANG", 5), [{ code: "211300", fit: 0 }, { code: "110105", fit: 0 }]);
  assert.deepEqual(findPlaces(entries, "zhou", 5), [{ code: "440100", fit: 2 }]);
});

test("a code is a place, and signs alone are none", () => {
  assert.deepEqual(findPlaces(entries, "440100", 5), [{ code: "440100", fit: 0 }]);
  assert.deepEqual(findPlaces(entries, "'", 5), []);
});

test("apostrophes, spaces and accents do not matter", () => {
  assert.equal(fold("Xī’ān "), fold("xi'an"));
  assert.equal(findPlaces(entries, "xian", 5)[0]?.code, "610100");
});

test("companies are those whose own name has the text, the most often named first", () => {
  const records = [{ employers: ["Foxconn Wuhan"] }, { employers: ["Foxconn", "Apple"] }, { employers: ["Foxconn"] }, { employers: null }, {}];
  assert.deepEqual(findCompanies(records.map((properties) => ({ properties })), "foxconn", 5), ["Foxconn", "Foxconn Wuhan"]);
});

test("a region of the past leads to where it is drawn today, and to nothing where that is nowhere", () => {
  const found = [{ is_retired: false, code: "440300" }, { is_retired: true, code: "520222", name_zh_hans: "盘县", drawn_at: { code: "520281" } }, { is_retired: true, code: "1", drawn_at: null }];
  assert.deepEqual(readFound(found), [{ code: "440300", once: null }, { code: "520281", once: "盘县" }]);
});

test("the number of a record is known whatever its case", () => {
  assert.deepEqual([readRecordId(" s-2016-000123 "), readRecordId("S-2016-12"), readRecordId("440100")], ["S-2016-000123", null, null]);
});
