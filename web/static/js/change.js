// The change of a year against the year before. The twin of web/change.py: tests/web/change-cases.json holds for both.

import { METHOD_CHANGES } from "./method-changes.js";
import { sum } from "./tallies.js";
import { monthName, monthNumber } from "./time-range.js";

/** @typedef {import("./types.js").Tally} Tally */
/**
 * @typedef {object} Change
 * @property {string} month  the last of the 12 months
 * @property {number} later
 * @property {number} earlier
 * @property {number} percent
 * @property {string | null} brokenOn  the month from which on the method was another: then the years do not compare
 */

const YEAR = 12;

/**
 * The change of the year to the end of a range; null unless both years lie in the months and have records.
 * @param {[string, Tally][]} months
 * @param {readonly string[]} layers
 * @param {import("./time-range.js").Days} days
 * @returns {Change | null}
 */
export function findChange(months, layers, days) {
  const first = monthNumber(months[0]?.[0] ?? "0000-01");
  const last = Math.min(days.end ? monthNumber(days.end) : Infinity, first + months.length - 1);
  if (last - first + 1 < 2 * YEAR) return null;
  const count = (/** @type {number} */ from, /** @type {number} */ to) =>
    months.slice(from - first, to - first).reduce((total, [, tally]) => total + sum(tally, layers), 0);
  const later = count(last - YEAR + 1, last + 1);
  const earlier = count(last - 2 * YEAR + 1, last - YEAR + 1);
  if (!later || !earlier) return null;
  const isInside = (/** @type {string} */ month) => monthNumber(month) > last - 2 * YEAR + 1 && monthNumber(month) <= last;
  const percent = Math.floor((200 * later + earlier) / (2 * earlier)) - 100;
  return { month: monthName(last), later, earlier, percent, brokenOn: METHOD_CHANGES.find(isInside) ?? null };
}
