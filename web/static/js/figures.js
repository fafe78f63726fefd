// The figures of the selected region: its parts, what is in none of them, and the months.

import { countsAddress } from "./api.js";
import { readCounts } from "./tallies.js";
import { withoutTime } from "./time-range.js";

/** @typedef {import("./types.js").Tally} Tally */
/**
 * @typedef {object} RegionFigures
 * @property {Tally} total
 * @property {Map<string, Tally>} rows  by code
 * @property {Map<string, Tally>} remainder  by reason
 * @property {[string, Tally][]} months  of all times, in order, without gaps
 */

/**
 * @param {import("./api.js").Api} api
 * @param {import("./types.js").Selection} selection
 * @param {string | null} childLevel
 * @param {AbortSignal} signal
 * @returns {Promise<RegionFigures>}
 */
export async function readFigures(api, selection, childLevel, signal) {
  const { region, filters } = selection;
  const by = childLevel ? [childLevel, "layer"] : ["layer"];
  const [parts, months] = await Promise.all([
    api.read(countsAddress(by, region, filters), signal),
    api.read(countsAddress(["month", "layer"], region, withoutTime(filters)), signal),
  ]);
  return { ...readCounts(parts, childLevel), months: withoutGaps(readCounts(months, "month").rows) };
}

/**
 * Months from the January of the first year to the last month, those without a record too.
 * @param {Map<string, Tally>} tallies
 * @returns {[string, Tally][]}
 */
export function withoutGaps(tallies) {
  const known = [...tallies.keys()].sort();
  const [first, last] = [known[0], known.at(-1)];
  if (!first || !last) return [];
  /** @type {[string, Tally][]} */
  const months = [];
  for (let number = Number(first.slice(0, 4)) * 12; ; number += 1) {
    const month = `${String(Math.floor(number / 12)).padStart(4, "0")}-${String((number % 12) + 1).padStart(2, "0")}`;
    months.push([month, tallies.get(month) ?? {}]);
    if (month >= last) return months;
  }
}
