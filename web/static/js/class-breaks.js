// Where the shades change. The twin of web/class_breaks.py: tests/web/class-break-cases.json holds for both.

const QUANTILES = [0.25, 0.5, 0.72, 0.9];
const NICE = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];
/** Which of the five shades the classes take, by the number of breaks. */
export const SHADES = [[2], [1, 3], [0, 2, 4], [0, 1, 3, 4], [0, 1, 2, 3, 4]];

/**
 * Round a positive number to one a person would choose; to a whole one for counts.
 * @param {number} value
 * @param {boolean} isWhole
 */
export function roundToNice(value, isWhole) {
  const scale = 10 ** Math.floor(Math.log10(value));
  const steps = isWhole && scale === 1 ? NICE.filter(Number.isInteger) : NICE;
  const distance = (/** @type {number} */ step) => Math.abs(step - value / scale);
  const nearest = steps.reduce((best, step) => (distance(step) < distance(best) ? step : best));
  return Number((nearest * scale).toPrecision(12));
}

/**
 * Up to four rising lower bounds of the classes above the first; values of zero or less are left out. Where two
 * quantiles become the same round number, the second keeps two digits of its own.
 * @param {Iterable<number>} values
 * @returns {number[]}
 */
export function findBreaks(values) {
  const positive = [...values].filter((value) => value > 0).sort((a, b) => a - b);
  /** @type {number[]} */
  const breaks = [];
  if (!positive.length) return breaks;
  const isWhole = positive.every(Number.isInteger);
  const places = new Set(QUANTILES.map((quantile) => Math.floor(quantile * (positive.length - 1))));
  for (const place of places) {
    const value = positive[place] ?? 0;
    const nice = roundToNice(value, isWhole);
    const exact = Number(value.toPrecision(2));
    const above = breaks.at(-1) ?? positive[0] ?? 0;
    if (Math.max(nice, exact) > above) breaks.push(nice > above ? nice : exact);
  }
  return breaks;
}

/**
 * The shade, 0 (lightest) to 4, of a value; null where there is nothing to shade.
 * @param {number} value
 * @param {number[]} breaks
 * @returns {number | null}
 */
export function findShade(value, breaks) {
  if (!(value > 0)) return null;
  return SHADES[breaks.length]?.[breaks.filter((bound) => bound <= value).length] ?? 0;
}
