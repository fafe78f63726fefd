// What a region's shade stands for: incidents per million residents, or their number where residents were not read.
// The twin of web/shades.py: tests/web/shade-cases.json holds for both.

import { findBreaks, findShade } from "./class-breaks.js";

/** @typedef {{measure: "rate" | "count" | "none", values: Map<string, number>, breaks: number[]}} Shading  values by code */

const MILLION = 1_000_000;

/**
 * How many there are per million residents; null where residents were not read.
 * @param {number} count
 * @param {number | undefined} residents
 */
export function findRate(count, residents) {
  return residents ? (count * MILLION) / residents : null;
}

/**
 * The shading of a level: `counts` has every region that is drawn, and what is counted there. A level is shaded by rate
 * only where the residents of all its regions inside the data's coverage were read.
 * @param {Shading["measure"]} wanted
 * @param {Map<string, number>} counts
 * @param {Record<string, number>} residents
 * @param {(code: string) => boolean} isOutside  the data's coverage
 * @returns {Shading}
 */
export function shadeRegions(wanted, counts, residents, isOutside) {
  const isUnknown = (/** @type {string} */ code) => !(code in residents) && !isOutside(code);
  const measure = wanted === "rate" && [...counts.keys()].some(isUnknown) ? "count" : wanted;
  /** @type {Map<string, number>} */
  const values = new Map();
  for (const [code, count] of counts) {
    const value = measure === "rate" ? findRate(count, residents[code]) : count;
    if (value && measure !== "none") values.set(code, value);
  }
  return { measure, values, breaks: findBreaks(values.values()) };
}

/**
 * The class of a region's fill: k0 to k4, plain (a record, but no shade), none or outside.
 * @param {Shading} shading
 * @param {string} code
 * @param {number} count
 * @param {boolean} isOutside
 */
export function fillOf({ values, breaks }, code, count, isOutside) {
  if (!count) return isOutside ? "outside" : "none";
  const shade = findShade(values.get(code) ?? 0, breaks);
  return shade === null ? "plain" : `k${shade}`;
}
