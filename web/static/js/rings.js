// Rings that count: their size, their arcs, and places where they do not cover each other. Lengths in screen pixels.
// The twin of web/rings.py: tests/web/ring-cases.json holds for both.

/** @typedef {{x: number, y: number, radius: number, anchorX: number, anchorY: number}} Ring */

export const DESKTOP = { smallest: 12.5, largest: 31 };
export const PHONE = { smallest: 9, largest: 24 };
/** From this radius on a ring has room for its number. */
export const ROOM_FOR_NUMBER = 12.5;
/** Where the largest count is smaller than this no ring is drawn at full size: three incidents are not many. */
export const LEAST_LARGEST = 12;
const GAP = 1.5;
/** With more rings than this fewer rounds are made, so that a frame is not missed. */
const MANY = 60;
/** Signs after this code point are counted as broad as Chinese ones. */
const LAST_LATIN = 255;

/**
 * The radius that gives the ring an area in proportion to its count, but never one too small to hit.
 * @param {number} count
 * @param {number} largest
 * @param {{smallest: number, largest: number}} [sizes]
 */
export function ringRadius(count, largest, sizes = DESKTOP) {
  return Math.max(sizes.smallest, sizes.largest * Math.sqrt(count / Math.max(largest, LEAST_LARGEST)));
}

/** How broad the coloured band is. @param {number} radius */
export function ringWidth(radius) {
  return Math.max(3.2, Math.min(5.5, radius * 0.2));
}

/**
 * One SVG path for each count, clockwise from twelve o'clock; empty for a count of zero.
 * @param {number[]} counts
 * @param {number} radius
 */
export function ringArcs(counts, radius) {
  const total = counts.reduce((all, count) => all + count, 0);
  const middle = radius - ringWidth(radius) / 2;
  let start = -Math.PI / 2;
  return counts.map((count) => {
    const turn = total ? (2 * Math.PI * count) / total : 0;
    const from = start;
    start += turn;
    if (!count) return "";
    return count === total ? circle(middle) : arc(middle, from, from + Math.max(0.02, turn - 0.05));
  });
}

/** @param {number} radius */
function circle(radius) {
  const size = radius.toFixed(1);
  const half = `A${size} ${size} 0 0 1 0 `;
  return `M0 -${size}${half}${size}${half}-${size}`;
}

/**
 * @param {number} radius
 * @param {number} start
 * @param {number} end
 */
function arc(radius, start, end) {
  const at = (/** @type {number} */ angle) =>
    `${(radius * Math.cos(angle)).toFixed(1)} ${(radius * Math.sin(angle)).toFixed(1)}`;
  const size = radius.toFixed(1);
  return `M${at(start)}A${size} ${size} 0 ${Number(end - start > Math.PI)} 1 ${at(end)}`;
}

/**
 * Push rings apart until they no longer cover each other, each tied to its anchor. Small ones give way to big.
 * @param {Ring[]} rings
 */
export function partRings(rings) {
  const rounds = rings.length > MANY ? 16 : 40;
  for (let round = 0; round < rounds; round += 1) {
    rings.forEach((one, index) => {
      for (let next = index + 1; next < rings.length; next += 1) part(one, /** @type {Ring} */ (rings[next]));
    });
    for (const ring of rings) {
      ring.x += (ring.anchorX - ring.x) * 0.04;
      ring.y += (ring.anchorY - ring.y) * 0.04;
    }
  }
}

/**
 * @param {Ring} one
 * @param {Ring} other
 */
function part(one, other) {
  let dx = other.x - one.x;
  let dy = other.y - one.y;
  const reach = one.radius + other.radius + GAP;
  if (Math.abs(dx) >= reach || Math.abs(dy) >= reach) return;
  let distance = Math.hypot(dx, dy);
  const covered = reach - distance;
  if (covered <= 0) return;
  if (distance === 0) [dx, dy, distance] = [0, 1, 1];
  const weight = other.radius ** 2 / (one.radius ** 2 + other.radius ** 2);
  const pushX = (dx / distance) * covered * 0.8;
  const pushY = (dy / distance) * covered * 0.8;
  one.x -= pushX * weight;
  one.y -= pushY * weight;
  other.x += pushX * (1 - weight);
  other.y += pushY * (1 - weight);
}

/**
 * Which rings have room for their name below: it covers no other ring and no other name.
 * @param {Ring[]} rings
 * @param {string[]} names
 * @returns {Set<number>}
 */
export function findLabelled(rings, names) {
  /** @type {Set<number>} */
  const labelled = new Set();
  /** @type {[number, number, number, number][]} */
  const boxes = [];
  rings.forEach((ring, index) => {
    const name = names[index] ?? "";
    const half = [...name].reduce((width, sign) => width + (sign > String.fromCharCode(LAST_LATIN) ? 11.5 : 6.2), 0) / 2 + 2;
    const [left, right, top] = [ring.x - half, ring.x + half, ring.y + ring.radius + 2];
    const bottom = top + 13;
    const coversRing = rings.some(
      (other) =>
        other !== ring &&
        left < other.x + other.radius &&
        right > other.x - other.radius &&
        top < other.y + other.radius &&
        bottom > other.y - other.radius,
    );
    const coversName = boxes.some((box) => left < box[2] && right > box[0] && top < box[3] && bottom > box[1]);
    if (!name || coversRing || coversName) return;
    labelled.add(index);
    boxes.push([left, top, right, bottom]);
  });
  return labelled;
}
