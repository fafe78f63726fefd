// Where on the stage a region is fitted: beside the legend or above it, not under it.

/** @typedef {{left: number, top: number, right: number, bottom: number}} Box */

const GAP = 10;
/** As high as the legend may become once the region is drawn. */
const TALLEST = 330;
/** A room narrower or lower than this is none. */
const LEAST = 200;

/**
 * The rooms in which a region can stand whole.
 * @param {Box} free  where nothing floats but the legend, perhaps
 * @param {Box | null} legend  null: it is not on the stage
 * @param {Box} time  the card below
 * @returns {Box[]}
 */
export function findRooms(free, legend, time) {
  if (!legend || legend.right === legend.left) return [free];
  const { left: west, top: north, right: east } = free; // a box of the browser has nothing of its own to spread
  const beside = { left: legend.right + GAP, top: north, right: east, bottom: time.top - GAP };
  const above = { left: west, top: north, right: east, bottom: Math.min(legend.top, legend.bottom - TALLEST) - GAP };
  const rooms = [beside, above].filter(({ left, top, right, bottom }) => right - left >= LEAST && bottom - top >= LEAST);
  return rooms.length ? rooms : [free];
}
