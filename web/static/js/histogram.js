// Months as stacked columns: one path a layer. The twin of web/histogram.py, which draws them for the first frame.

import { METHOD_CHANGES } from "./method-changes.js";
import { sum } from "./tallies.js";

/** @typedef {import("./types.js").Tally} Tally */

const MOST_YEARS = 14;

/**
 * One path a layer, one unit a month wide; the fullest month is 100 units high.
 * @param {Tally[]} months
 * @param {readonly string[]} layers
 * @returns {[string, string][]}
 */
export function stackMonths(months, layers) {
  const largest = Math.max(1, ...months.map((tally) => sum(tally, layers)));
  /** @type {Map<string, string>} */
  const paths = new Map();
  months.forEach((tally, index) => {
    let top = 100;
    for (const layer of layers) {
      const height = (100 * (tally[layer] ?? 0)) / largest;
      if (!height) continue;
      top -= height;
      paths.set(layer, `${paths.get(layer) ?? ""}M${index} ${top.toFixed(1)}h.85v${height.toFixed(1)}h-.85z`);
    }
  });
  return layers.flatMap((layer) => (paths.has(layer) ? [/** @type {[string, string]} */ ([layer, paths.get(layer) ?? ""])] : []));
}

/**
 * The years that are written below the months, and where: in percent of the width.
 * @param {string[]} months
 * @returns {[year: string, at: number][]}
 */
export function placeYears(months) {
  const years = months.flatMap((month, index) => (month.endsWith("-01") ? [/** @type {[string, number]} */ ([month.slice(0, 4), (100 * index) / months.length])] : []));
  const step = Math.ceil(years.length / MOST_YEARS) || 1;
  return years.filter((_, index) => index % step === 0);
}

/**
 * Changes of method among some months, and where each begins: in percent of the width.
 * @param {string[]} months
 * @returns {[month: string, at: number][]}
 */
export function placeChanges(months) {
  return METHOD_CHANGES.filter((month) => months.includes(month)).map((month) => [month, (100 * months.indexOf(month)) / months.length]);
}
