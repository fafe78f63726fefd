// Which level the map draws, and which rings stand for what: decided here, without a map.

import { subtract, sum } from "./tallies.js";

/** @typedef {import("./types.js").Tally} Tally */
/** @typedef {import("./types.js").RegionFeature} RegionFeature */
/**
 * @typedef {object} RingItem  a ring to draw
 * @property {string} code
 * @property {string} level  of the region
 * @property {boolean} isRemainder  the records of the region that are known to nothing inside it
 * @property {boolean} [isGroup]  records at places of their own, too many for one mark each
 * @property {Tally} tally
 * @property {import("./types.js").Position} point
 */

export const LEVELS = ["province", "prefecture", "county"];
/** From this zoom on records at places of their own have marks, and the land is neutral. */
export const MARKS_FROM = 10;
const FROM_ZOOM = [0, 5.75, 8];
/** How far below the zoom that shows a selected region whole its inside is still drawn. */
const SLACK = 0.3;

/**
 * The level by zoom. Around a selected region its inside is drawn even where the zoom alone would not: the largest
 * provinces fill a screen at a zoom where others are still small.
 * @param {number} zoom
 * @param {string | null} childLevel  of the selected region
 * @param {number} fitZoom  at which the selected region is seen whole
 */
export function levelAt(zoom, childLevel, fitZoom) {
  const byZoom = FROM_ZOOM.filter((from) => zoom >= from).length - 1;
  const bySelection = childLevel && zoom >= fitZoom - SLACK ? LEVELS.indexOf(childLevel) : 0;
  return LEVELS[Math.max(byZoom, bySelection)] ?? "county";
}

/**
 * Whether records at places of their own may have marks: near, or a little farther where a region is opened.
 * @param {number} zoom
 * @param {boolean} isOpened  a region
 */
export function mayHaveMarks(zoom, isOpened) {
  return zoom >= MARKS_FROM || (isOpened && zoom >= (FROM_ZOOM[2] ?? MARKS_FROM));
}

/**
 * The rings of a level: one for each region with records, and one more for each region above that has records known
 * to nothing finer. No record is in two rings, and none is put where it is not known to be.
 * @param {string} level
 * @param {Record<string, RegionFeature[]>} features  of the level and of all coarser ones
 * @param {Record<string, Map<string, Tally>>} tallies  by level and code
 * @returns {RingItem[]}
 */
export function ringsOf(level, features, tallies) {
  const items = (features[level] ?? []).flatMap((feature) => ring(feature, false, tallies[level]?.get(feature.code)));
  const drawn = new Set((features[level] ?? []).map((feature) => feature.code));
  for (const [place, coarser] of LEVELS.slice(0, LEVELS.indexOf(level)).entries()) {
    const finer = LEVELS[place + 1] ?? "";
    for (const feature of features[coarser] ?? []) {
      const whole = tallies[coarser]?.get(feature.code);
      if (!whole || drawn.has(feature.code)) continue;
      const inside = (features[finer] ?? []).filter((one) => one.parent === feature.code);
      const parts = inside.map((one) => tallies[finer]?.get(one.code) ?? {});
      items.push(...ring(feature, true, subtract(whole, parts)));
    }
  }
  return items;
}

/**
 * The regions that have records known to nothing inside them: what lies inside and has no record of its own may yet
 * have been the place of one.
 * @param {readonly RingItem[]} items
 */
export function wideRegions(items) {
  return new Set(items.filter((item) => item.isRemainder).map((item) => item.code));
}

/**
 * @param {RegionFeature} feature
 * @param {boolean} isRemainder
 * @param {Tally | undefined} tally
 * @returns {RingItem[]}
 */
function ring({ code, point, level }, isRemainder, tally) {
  return tally && sum(tally, Object.keys(tally)) ? [{ code, level, isRemainder, tally, point }] : [];
}
