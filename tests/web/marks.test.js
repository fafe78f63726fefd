// Records at places of their own: which may have a mark, how they are grouped, and how tiles are read.

import assert from "node:assert/strict";
import test from "node:test";

import { groupPlaces, listTiles, markFilters, placeOf, SIDE } from "../../web/static/js/mark-groups.js";
import { mayHaveMarks } from "../../web/static/js/map-levels.js";
import { readTile } from "../../web/static/js/vector-tile.js";

test("marks are for near views, and a little farther inside an opened region", () => {
  assert.deepEqual([[9.99, false], [10, false], [8, true], [7.99, true]].map(([zoom, opened]) => mayHaveMarks(Number(zoom), Boolean(opened))), [false, true, true, false]);
});

test("only records known exactly or by street may have a mark, whatever else is asked for", () => {
  assert.deepEqual(markFilters([["industry", "mining"]]), [["industry", "mining"], ["location_precision", "exact,street"]]);
  assert.deepEqual(markFilters([["location_precision", "street,county"]]), [["location_precision", "street"]]);
  assert.equal(markFilters([["location_precision", "county"]]), null);
});

test("a group counts what lies in its square, and stands in the middle of it", () => {
  const zoom = 11;
  const step = 360 / (256 * 2 ** zoom);
  const near = [0, 10, 20].map((pixels) => ({ lon: 112.5 + pixels * step, lat: 22.5, tally: { strikes: 1 } }));
  const groups = groupPlaces([...near, { lon: 112.5 + 3 * SIDE * step, lat: 22.5, tally: { accidents: 4 } }], zoom);
  assert.equal(groups.reduce((all, { tally }) => all + (tally.strikes ?? 0) + (tally.accidents ?? 0), 0), 7);
  assert.ok(groups.length >= 2 && groups.length <= 3);
  const alone = groups.find(({ tally }) => tally.accidents);
  assert.deepEqual([alone?.tally.accidents, Math.abs((alone?.lat ?? 0) - 22.5) < 1e-9], [4, true]);
});

test("tiles cover the view, and their points lie where they were", () => {
  const tiles = listTiles([113.9, 22.5, 114.3, 22.7], 10.25);
  assert.ok(tiles.length >= 1 && tiles.length <= 4);
  assert.ok(tiles.every(({ zoom }) => zoom === 9));
  const [tile] = listTiles([113.95, 22.55, 113.95, 22.55], 14);
  const west = placeOf(tile ?? { zoom: 0, x: 0, y: 0 }, { x: 0, y: 0 });
  const east = placeOf(tile ?? { zoom: 0, x: 0, y: 0 }, { x: 1, y: 1 });
  assert.ok(west.lon <= 113.95 && 113.95 <= east.lon && east.lat <= 22.55 && 22.55 <= west.lat);
});

test("a tile gives its points with their properties", () => {
  const bytes = Buffer.from("GmF4AgoFY2VsbHMSDRIEAAABAxgBIgMJABQSDxIEAAEBBBgBIgUJ/j+AIBIOEgQAAgEDGAEiBAnYBAoaBWNvdW50GgVsYXllciICKAMiAigBIgMorAIiAwoBYSIDCgFiKIAg", "base64");
  const { cells } = readTile(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  assert.deepEqual(
    cells?.map(({ x, y, properties }) => [x * 4096, y * 4096, properties.count, properties.layer]),
    [[0, 10, 3, "a"], [4095, 2048, 1, "b"], [300, 5, 300, "a"]],
  );
  assert.deepEqual(readTile(new ArrayBuffer(0)), {});
});
