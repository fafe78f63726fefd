// Which changes are steps that Back takes out again.

import { withoutTime } from "./time-range.js";

/** @typedef {import("./types.js").Selection} Selection */

/**
 * A region, a card and filters are steps; a brush over time, a tab, shades and colours only change the address.
 * @param {Selection} after
 * @param {Selection} before
 */
export function isStep(after, before) {
  return after.region !== before.region || after.record !== before.record || write(after) !== write(before);
}

/** @param {Selection} selection */
function write({ filters, layers }) {
  return JSON.stringify([[...withoutTime(filters)].sort(), layers]);
}
