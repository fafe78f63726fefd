// A range of time in words. The twin of what web/time_view.py writes.

import { isWholeMonths, monthName, monthNumber } from "./time-range.js";

/**
 * Months where the range is made of whole ones, else days.
 * @param {import("./texts.js").Texts} texts
 * @param {import("./time-range.js").Days} days
 * @param {string} first  the first month that is drawn
 * @param {number} count
 */
export function rangeInWords(texts, days, first, count) {
  if (!count) return texts.get("time.none");
  const write = (/** @type {string} */ day) => (isWholeMonths(days) ? texts.month(day) : texts.date(day));
  const from = days.start ? write(days.start) : texts.month(first);
  const to = days.end ? write(days.end) : texts.month(monthName(monthNumber(first) + count - 1));
  return from === to ? from : texts.get("time.range", { first: from, last: to });
}
