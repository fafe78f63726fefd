// What moves of a brush do to the months it chooses. Months are counted from 0; at least one is always chosen.

/** @typedef {import("./time-range.js").Span} Span */
/** @typedef {"first" | "last"} Handle */

const YEAR = 12;
const KEYS = /** @type {Record<string, number>} */ ({
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -YEAR,
  PageUp: YEAR,
  Home: -Infinity,
  End: Infinity,
});

/** By how many months a key moves a handle; null where it moves none. @param {string} key */
export function stepOfKey(key) {
  return KEYS[key] ?? null;
}

/**
 * Move one end, up to the other end and the ends of the data.
 * @param {Span} span
 * @param {Handle} handle
 * @param {number} by
 * @param {number} count
 * @returns {Span}
 */
export function moveEnd({ first, end }, handle, by, count) {
  if (handle === "first") return { first: Math.max(0, Math.min(end - 1, first + by)), end };
  return { first, end: Math.min(count, Math.max(first + 1, end + by)) };
}

/**
 * Move both ends, as far as there is room.
 * @param {Span} span
 * @param {number} by
 * @param {number} count
 * @returns {Span}
 */
export function moveWindow({ first, end }, by, count) {
  const step = Math.max(-first, Math.min(count - end, by));
  return { first: first + step, end: end + step };
}

/**
 * The months from one to another, both with it, whichever comes first.
 * @param {number} one
 * @param {number} other
 * @param {number} count
 * @returns {Span}
 */
export function spanBetween(one, other, count) {
  const within = (/** @type {number} */ month) => Math.max(0, Math.min(count - 1, month));
  return { first: within(Math.min(one, other)), end: within(Math.max(one, other)) + 1 };
}

/**
 * The step of the play button: a year where at least a year is shown, else a month. All times begin with their first
 * year, and a range that has come to the end begins anew; null where the range was the last.
 * @param {Span} span
 * @param {number} count
 * @param {boolean} isStart
 * @returns {Span | null}
 */
export function playStep(span, count, isStart) {
  const length = span.first === 0 && span.end === count ? Math.min(YEAR, count) : Math.max(1, span.end - span.first);
  const isWhole = span.first === 0 && span.end === count;
  if (isStart && (isWhole || span.end >= count)) return { first: 0, end: length };
  if (span.end >= count) return null;
  return moveWindow(span, length >= YEAR ? YEAR : 1, count);
}
