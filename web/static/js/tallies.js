// Counts by layer, read from the API's answers. Totals count incidents; cases stand beside them.

/** @typedef {import("./types.js").Tally} Tally */
/** @typedef {{by: string[], total: number, counts: Record<string, any>[], remainder: {reason: string, layer?: string, count: number}[]}} CountsAnswer */
/** @typedef {{rows: Map<string, Tally>, remainder: Map<string, Tally>, total: Tally}} Figures */

/**
 * @param {Tally | undefined} tally
 * @param {readonly string[]} layers
 */
export function sum(tally, layers) {
  return tally ? layers.reduce((total, layer) => total + (tally[layer] ?? 0), 0) : 0;
}

/**
 * Read an answer that is counted by `dimension` and layer, or by layer alone.
 * @param {CountsAnswer} answer
 * @param {string | null} dimension
 * @returns {Figures}
 */
export function readCounts(answer, dimension) {
  /** @type {Figures} */
  const figures = { rows: new Map(), remainder: new Map(), total: {} };
  for (const cell of answer.counts) {
    if (dimension) add(figures.rows, cell[dimension], cell.layer, cell.count);
    figures.total[cell.layer] = (figures.total[cell.layer] ?? 0) + cell.count;
  }
  for (const rest of answer.remainder) {
    const layer = rest.layer ?? "";
    add(figures.remainder, rest.reason, layer, rest.count);
    figures.total[layer] = (figures.total[layer] ?? 0) + rest.count;
  }
  return figures;
}

/**
 * What of `whole` is in none of `parts`: records known to the region but to no region inside it.
 * @param {Tally} whole
 * @param {Iterable<Tally>} parts
 * @returns {Tally}
 */
export function subtract(whole, parts) {
  const rest = { ...whole };
  for (const part of parts) {
    for (const [layer, count] of Object.entries(part)) rest[layer] = (rest[layer] ?? 0) - count;
  }
  return Object.fromEntries(Object.entries(rest).filter(([, count]) => count > 0));
}

/**
 * @param {Map<string, Tally>} tallies
 * @param {string} key
 * @param {string} layer
 * @param {number} count
 */
function add(tallies, key, layer, count) {
  const tally = tallies.get(key) ?? {};
  tally[layer] = (tally[layer] ?? 0) + count;
  tallies.set(key, tally);
}
