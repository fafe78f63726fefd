// The counts that the map needs at each level, under the filters that are set.

import { countsAddress } from "./api.js";
import { readCounts } from "./tallies.js";
import { withoutKnownTo } from "./url-state.js";
import { LEVELS } from "./map-levels.js";

/** @typedef {import("./types.js").Tally} Tally */
/** @typedef {import("./types.js").Selection} Selection */

/**
 * Tallies by level and code, from provinces down to `level`; counties of the given provinces only.
 * @param {import("./api.js").Api} api
 * @param {Selection} selection
 * @param {string} level
 * @param {string[]} provinces
 * @param {AbortSignal} signal
 * @returns {Promise<Record<string, Map<string, Tally>>>}
 */
export async function readTallies(api, selection, level, provinces, signal) {
  const filters = withoutKnownTo(selection.filters);
  const ask = async (/** @type {string} */ by, /** @type {string | null} */ region) =>
    readCounts(await api.read(countsAddress([by, "layer"], region, filters), signal), by).rows;
  const wanted = LEVELS.slice(0, LEVELS.indexOf(level) + 1);
  const answers = await Promise.all(
    wanted.map(async (name) => {
      const parts = name === "county" ? provinces.map((code) => ask(name, code)) : [ask(name, null)];
      return new Map((await Promise.all(parts)).flatMap((rows) => [...rows]));
    }),
  );
  return Object.fromEntries(wanted.map((name, index) => [name, answers[index] ?? new Map()]));
}

/**
 * The provinces' counts that came with the page, as the API would have answered.
 * @param {Pick<import("./types.js").MapConfig, "provinces" | "outsideProvinces">} config
 * @param {string[]} layers
 * @returns {import("./tallies.js").CountsAnswer}
 */
export function answerFromPage({ provinces, outsideProvinces }, layers) {
  const read = (/** @type {(string | number)[][]} */ rows) =>
    rows.flatMap(([key, ...numbers]) =>
      layers.map((layer, index) => ({ key: String(key), layer, count: Number(numbers[index]) })).filter((cell) => cell.count),
    );
  const counts = read(provinces).map(({ key, ...cell }) => ({ province: key, ...cell }));
  const remainder = read(outsideProvinces).map(({ key, ...cell }) => ({ reason: key, ...cell }));
  const total = [...counts, ...remainder].reduce((all, cell) => all + cell.count, 0);
  return { by: ["province", "layer"], total, counts, remainder };
}
