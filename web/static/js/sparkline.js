// A layer's small line, by year, in a box of 100 by 14. The twin of web/sparkline.py.

import { METHOD_CHANGES } from "./method-changes.js";

/** @typedef {[string, import("./types.js").Tally][]} Months */

const EMPTY = "M0 13H100";

/**
 * The path of a layer's records by year.
 * @param {Months} months
 * @param {string} layer
 */
export function drawLine(months, layer) {
  /** @type {Map<string, number>} */
  const years = new Map(listYears(months).map((year) => [year, 0]));
  for (const [month, tally] of months) years.set(month.slice(0, 4), (years.get(month.slice(0, 4)) ?? 0) + (tally[layer] ?? 0));
  const values = [...years.values()];
  const [largest, last] = [Math.max(1, ...values), Math.max(1, values.length - 1)];
  const points = values.map((value, index) => `${Math.round((100 * index) / last)} ${(13 - (12 * value) / largest).toFixed(1)}`);
  return points.length ? `M${points.join("L")}` : EMPTY;
}

/**
 * The path of upright lines where the method changed: between the years that do not compare.
 * @param {Months} months
 */
export function drawChanges(months) {
  const years = listYears(months);
  const places = METHOD_CHANGES.map((month) => years.indexOf(month.slice(0, 4))).filter((place) => place > 0);
  return places.map((place) => `M${Math.round((1000 * (place - 0.5)) / (years.length - 1)) / 10} 0V14`).join("");
}

/** The years of some months, in order. @param {Months} months */
function listYears(months) {
  return [...new Set(months.map(([month]) => month.slice(0, 4)))];
}
