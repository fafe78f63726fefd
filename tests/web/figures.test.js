// Reading the API's counts: the parts and the remainder make the whole.

import assert from "node:assert/strict";
import test from "node:test";

import { withoutGaps } from "../../web/static/js/figures.js";
import { answerFromPage } from "../../web/static/js/map-figures.js";
import { stackMonths } from "../../web/static/js/histogram.js";
import { readCounts, subtract, sum } from "../../web/static/js/tallies.js";

const answer = {
  by: ["province", "layer"],
  total: 9,
  counts: [{ province: "440000", layer: "strikes", count: 5 }, { province: "440000", layer: "accidents", count: 1 }],
  remainder: [{ reason: "several_places", layer: "strikes", count: 3 }],
};

test("rows and remainder sum to the total", () => {
  const { rows, remainder, total } = readCounts(answer, "province");
  assert.deepEqual(total, { strikes: 8, accidents: 1 });
  assert.deepEqual(rows.get("440000"), { strikes: 5, accidents: 1 });
  assert.deepEqual(remainder.get("several_places"), { strikes: 3 });
});

test("counts by layer alone have no rows", () => {
  const { rows, total } = readCounts({ by: ["layer"], total: 2, counts: [{ layer: "strikes", count: 2 }], remainder: [] }, null);
  assert.deepEqual([rows.size, total], [0, { strikes: 2 }]);
});

test("what is left of a region leaves out layers of which nothing is left", () => {
  assert.deepEqual(subtract({ strikes: 3, accidents: 2 }, [{ strikes: 1 }, { accidents: 2 }]), { strikes: 2 });
});

test("only the layers asked for are summed", () => {
  assert.equal(sum({ strikes: 3, accountability: 2 }, ["strikes"]), 3);
});

test("the counts in the page read like the API's answer", () => {
  const inPage = { provinces: [["440000", 5, 1]], outsideProvinces: [["several_places", 3, 0]] };
  assert.deepEqual(answerFromPage(inPage, ["strikes", "accidents"]), answer);
});

test("months begin with a January and have no gaps", () => {
  const months = withoutGaps(new Map([["2015-03", { strikes: 1 }], ["2014-11", { strikes: 2 }]]));
  assert.deepEqual([months[0]?.[0], months.length, months.at(-1)], ["2014-01", 15, ["2015-03", { strikes: 1 }]]);
});

test("no month known means no histogram", () => {
  assert.deepEqual(withoutGaps(new Map()), []);
});

test("columns are stacked in the order of the layers, the fullest month to the top", () => {
  const paths = stackMonths([{ strikes: 1, accidents: 3 }, {}], ["strikes", "accidents"]);
  assert.deepEqual(paths, [["strikes", "M0 75.0h.85v25.0h-.85z"], ["accidents", "M0 0.0h.85v75.0h-.85z"]]);
});
