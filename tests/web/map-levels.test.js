// What the map draws at which zoom, and that every record is in exactly one ring.

import assert from "node:assert/strict";
import test from "node:test";

import { levelAt, ringsOf, wideRegions } from "../../web/static/js/map-levels.js";

/**
 * @param {string} level
 * @param {string} code
 * @param {string | null} parent
 * @returns {import("../../web/static/js/types.js").RegionFeature}
 */
const region = (level, code, parent) => ({ level, code, parent, point: [0, 0], polygons: [], box: [0, 0, 1, 1] });
const features = {
  province: [region("province", "44", null), region("province", "11", null)],
  prefecture: [region("prefecture", "4401", "44"), region("prefecture", "4403", "44"), region("prefecture", "11", "11")],
};
/** @param {Record<string, import("../../web/static/js/types.js").Tally>} tallies */
const counted = (tallies) => new Map(Object.entries(tallies));
const tallies = {
  province: counted({ 44: { strikes: 10, accountability: 1 }, 11: { strikes: 4 } }),
  prefecture: counted({ 4401: { strikes: 3 }, 4403: { strikes: 2 }, 11: { strikes: 4 } }),
};

test("the zoom alone chooses the level of the whole country", () => {
  assert.deepEqual([3.9, 5.74, 5.75, 7.99, 8, 12].map((zoom) => levelAt(zoom, null, 0)), ["province", "province", "prefecture", "prefecture", "county", "county"]);
});

test("the inside of a selected region is drawn even where it is so large that the zoom stays small", () => {
  assert.equal(levelAt(5.2, "prefecture", 5.2), "prefecture");
});

test("far away from a selected region the zoom alone decides again", () => {
  assert.equal(levelAt(4, "prefecture", 5.2), "province");
});

test("records known to a province and no finer are a ring of their own", () => {
  const rests = ringsOf("prefecture", features, tallies).filter((item) => item.isRemainder);
  assert.deepEqual(rests.map(({ code, level, tally }) => ({ code, level, tally })), [{ code: "44", level: "province", tally: { strikes: 5, accountability: 1 } }]);
});

test("a region whose records are not all known to its parts is wide", () => {
  assert.deepEqual(wideRegions(ringsOf("prefecture", features, tallies)), new Set(["44"]));
});

test("the rings of a level count every record of the provinces once", () => {
  const total = ringsOf("prefecture", features, tallies).reduce((sum, item) => sum + (item.tally.strikes ?? 0), 0);
  assert.equal(total, 14);
});

test("a region without a record has no ring", () => {
  const codes = ringsOf("province", features, { province: new Map([["11", { strikes: 1 }]]) }).map((item) => item.code);
  assert.deepEqual(codes, ["11"]);
});
