import assert from "node:assert/strict";
import { test } from "node:test";

import { findRooms } from "../../web/static/js/fit-room.js";

/** As the browser gives boxes: nothing is a property of their own. */
class Rect {
  get left() { return 10; }
  get top() { return 60; }
  get right() { return 760; }
  get bottom() { return 610; }
}
const FREE = { left: 10, top: 60, right: 760, bottom: 610 };
const LEGEND = { left: 12, top: 500, right: 226, bottom: 690 };
const TIME = { left: 12, top: 700, right: 758, bottom: 830 };

test("a region is fitted beside the legend, down to the months, or above it", () => {
  const [beside, above] = findRooms(new Rect(), LEGEND, TIME);
  assert.deepEqual(beside, { left: 236, top: 60, right: 760, bottom: 690 });
  assert.deepEqual(above, { left: 10, top: 60, right: 760, bottom: 350 });
});

test("a legend that is not on the stage leaves all room", () => {
  assert.deepEqual(findRooms(FREE, null, TIME), [FREE]);
  assert.deepEqual(findRooms(FREE, { left: 0, top: 0, right: 0, bottom: 0 }, TIME), [FREE]);
});

test("where there is no room but under the legend, that is taken", () => {
  assert.deepEqual(findRooms({ ...FREE, right: 400, bottom: 300 }, { ...LEGEND, top: 100, bottom: 290 }, { ...TIME, top: 300 }), [
    { ...FREE, right: 400, bottom: 300 },
  ]);
});
