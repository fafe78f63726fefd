// Which charts there are, and which bars: how many records each value of a property has.
// The twin of web/charts.py: tests/web/chart-cases.json holds for both.

/** @typedef {import("./types.js").PropertyWords} PropertyWords */
/** @typedef {{counted: number, counts: {value: string, count: number}[], unknown: number}} Facet  of the API's answer */
/** @typedef {{code: string, count: number}} Value */

export const UNKNOWN = "unknown";
const BARS_AT_ONCE = 7;

/**
 * The properties with a chart that fits the layers that are on, in their order.
 * @param {readonly PropertyWords[]} properties
 * @param {readonly string[]} on
 */
export function listCharts(properties, on) {
  const place = (/** @type {PropertyWords} */ { chart }) => chart ?? 0;
  return properties.filter((prop) => prop.chart && prop.layers?.some((layer) => on.includes(layer))).sort((a, b) => place(a) - place(b));
}

/**
 * The values that have a bar: those with a record or chosen, longest first unless they stay in order.
 * @param {Facet} facet
 * @param {string[]} chosen
 * @param {boolean} inOrder
 * @returns {Value[]}
 */
export function rankValues(facet, chosen, inOrder) {
  const values = facet.counts.map(({ value, count }) => ({ code: value, count }));
  const known = new Set(values.map(({ code }) => code));
  values.push(...chosen.filter((code) => !known.has(code) && code !== UNKNOWN).map((code) => ({ code, count: 0 })));
  return inOrder ? values : values.sort((a, b) => b.count - a.count);
}

/**
 * The length of a bar in percent: a record is never without a bar.
 * @param {number} count
 * @param {number} whole  the count that fills the bar
 */
export function barLength(count, whole) {
  return Math.max(Math.floor((200 * count + whole) / (2 * whole)), count ? 1 : 0);
}

/** How many of some bars are seen at once. @param {number} count */
export function seenAtOnce(count) {
  return count > BARS_AT_ONCE + 1 ? BARS_AT_ONCE : count;
}

/**
 * The number of different records, where bars add up to more; else null.
 * @param {Facet} facet
 */
export function countedOnce(facet) {
  return facet.counts.reduce((sum, { count }) => sum + count, 0) > facet.counted ? facet.counted : null;
}
