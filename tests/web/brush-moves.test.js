// What keys, drags and the play button do to the months that a brush chooses.

import assert from "node:assert/strict";
import { test } from "node:test";
import { moveEnd, moveWindow, playStep, spanBetween, stepOfKey } from "../../web/static/js/brush-moves.js";

const COUNT = 84;

test("arrows move by a month, page keys by a year, Home and End as far as there is room", () => {
  assert.deepEqual(["ArrowLeft", "ArrowUp", "PageDown", "PageUp", "Enter"].map(stepOfKey), [-1, 1, -12, 12, null]);
  assert.deepEqual(moveEnd({ first: 10, end: 20 }, "first", stepOfKey("Home") ?? 0, COUNT), { first: 0, end: 20 });
  assert.deepEqual(moveEnd({ first: 10, end: 20 }, "last", stepOfKey("End") ?? 0, COUNT), { first: 10, end: COUNT });
});

test("the ends never pass each other", () => {
  assert.deepEqual(moveEnd({ first: 10, end: 20 }, "first", Infinity, COUNT), { first: 19, end: 20 });
  assert.deepEqual(moveEnd({ first: 10, end: 20 }, "last", -12, COUNT), { first: 10, end: 11 });
});

test("a window that is moved keeps its length and stays within the data", () => {
  assert.deepEqual(moveWindow({ first: 10, end: 20 }, 5, COUNT), { first: 15, end: 25 });
  assert.deepEqual(moveWindow({ first: 10, end: 20 }, -99, COUNT), { first: 0, end: 10 });
  assert.deepEqual(moveWindow({ first: 10, end: 20 }, 99, COUNT), { first: 74, end: COUNT });
});

test("months are chosen from either side, and one month is a choice", () => {
  assert.deepEqual(spanBetween(20, 10, COUNT), { first: 10, end: 21 });
  assert.deepEqual(spanBetween(7, 7, COUNT), { first: 7, end: 8 });
  assert.deepEqual(spanBetween(-3, 999, COUNT), { first: 0, end: COUNT });
});

test("all times play year by year from the first, and stop at the last", () => {
  let span = playStep({ first: 0, end: COUNT }, COUNT, true);
  const years = [];
  while (span) {
    years.push(span.first);
    span = playStep(span, COUNT, false);
  }
  assert.deepEqual(years, [0, 12, 24, 36, 48, 60, 72]);
});

test("a short range plays month by month, and begins anew when it stood at the end", () => {
  assert.deepEqual(playStep({ first: 10, end: 13 }, COUNT, true), { first: 11, end: 14 });
  assert.deepEqual(playStep({ first: 81, end: COUNT }, COUNT, true), { first: 0, end: 3 });
  assert.equal(playStep({ first: 81, end: COUNT }, COUNT, false), null);
});
