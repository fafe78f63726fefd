// Decoding, borders and outlines, on two squares that share an edge: A to the west, B to the east of longitude 1.

import assert from "node:assert/strict";
import test from "node:test";

import { decodeArcs, decodeRegions, findBorders } from "../../web/static/js/topology.js";

/** @type {import("../../web/static/js/topology.js").Topology} */
const squares = {
  transform: { scale: [0.5, 0.5], translate: [0, 10] },
  arcs: [
    [[2, 0], [0, 2]],
    [[2, 2], [-2, 0], [0, -2], [2, 0]],
    [[2, 0], [2, 0], [0, 2], [-2, 0]],
  ],
  objects: {
    regions: {
      geometries: [
        { type: "Polygon", id: "A", arcs: [[0, 1]], properties: { parent: "P", point: [0.5, 10.5] } },
        { type: "MultiPolygon", id: "B", arcs: [[[2, ~0]]], properties: { parent: "P", point: [1.5, 10.5] } },
      ],
    },
  },
};
const arcs = decodeArcs(squares);

test("arcs are longitude, latitude in degrees", () => {
  assert.deepEqual(arcs[0], [[1, 10], [1, 11]]);
});

test("regions keep code, level, parent and point, and know their box", () => {
  const [west, east] = decodeRegions(squares, arcs, "county");
  assert.deepEqual([west?.code, west?.level, west?.parent, west?.point], ["A", "county", "P", [0.5, 10.5]]);
  assert.deepEqual(east?.box, [1, 10, 2, 11]);
});

test("a ring is closed, without doubled points", () => {
  const [west] = decodeRegions(squares, arcs, "county");
  assert.deepEqual(west?.polygons, [[[[1, 10], [1, 11], [0, 11], [0, 10], [1, 10]]]]);
});

test("an arc between two regions of one group is no border", () => {
  assert.deepEqual(findBorders(squares, arcs, (geometry) => geometry.properties.parent), [arcs[1], arcs[2]]);
});

test("the outline of one region has the arcs that it does not share with itself", () => {
  assert.deepEqual(findBorders(squares, arcs, (geometry) => geometry.id, "B"), [arcs[0], arcs[2]]);
});
