// The table: the equal alternative to the map.

import { element } from "./dom.js";
import { formatNumber, formatRate } from "./formats.js";
import { rankRows } from "./overview.js";
import { regionAddress } from "./region-address.js";
import { findRate } from "./shades.js";
import { sum } from "./tallies.js";

/** @typedef {import("./types.js").Tally} Tally */

/**
 * @param {import("./page-parts.js").PageParts} parts
 * @param {import("./figures.js").RegionFigures} figures
 */
export function drawTable(parts, figures) {
  const { config, texts, store, regions } = parts;
  const { layers, region } = store.selection;
  const level = regions.childLevel(region);
  if (!level) return [];
  const ranked = rankRows(parts, figures);
  const [counted, beside] = [texts.counted(layers), texts.beside(layers)];
  const hasRates = ranked.some(([code]) => code in config.residents);
  const rate = (/** @type {Tally} */ tally, /** @type {string | null} */ code) => {
    const found = code && findRate(sum(tally, counted), config.residents[code]);
    return found ? formatRate(found) : found === 0 ? "0" : "–";
  };
  const numbers = (/** @type {Tally} */ tally, /** @type {string | null} */ code) => [
    ...countCells(tally, counted),
    hasRates && element("td", {}, rate(tally, code)),
    ...beside.map((layer) => element("td", {}, formatNumber(tally[layer] ?? 0))),
  ];
  const rows = ranked.map(([code, tally]) => {
    const link = element("a", { href: regionAddress(parts, code), "data-page": true }, regions.name(code));
    return element("tr", {}, element("th", { scope: "row" }, link), ...numbers(tally, code));
  });
  const rests = [...figures.remainder]
    .filter(([, tally]) => sum(tally, layers))
    .map(([reason, tally]) => element("tr", { class: "remainder" }, element("th", { scope: "row" }, texts.get(`remainder.${reason}`)), ...numbers(tally, null)));
  const place = region ? regions.name(region) : texts.get("country");
  return [
    element(
      "table",
      { class: "regions" },
      element("caption", {}, texts.get("table.caption", { place, by: texts.get(`table.by.${level}`) })),
      drawHead(texts, layers, texts.get("table.region"), hasRates),
      element("tbody", {}, ...rows, ...rests),
      element("tfoot", {}, element("tr", {}, element("th", { scope: "row" }, texts.get("table.total")), ...numbers(figures.total, null))),
    ),
  ];
}

/**
 * The headings: what rows are, a column for each layer, the total, the rate, and cases beside.
 * @param {import("./texts.js").Texts} texts
 * @param {readonly string[]} layers
 * @param {string} first
 * @param {boolean} hasRates
 */
export function drawHead(texts, layers, first, hasRates) {
  const short = (/** @type {string} */ layer) => element("th", { scope: "col" }, texts.layer(layer).short);
  return element(
    "thead",
    {},
    element(
      "tr",
      {},
      element("th", { scope: "col" }, first),
      ...texts.counted(layers).map(short),
      element("th", { scope: "col", "data-total-column": true }, texts.get("table.total")),
      hasRates && element("th", { scope: "col" }, texts.get("table.rate")),
      ...texts.beside(layers).map(short),
    ),
  );
}

/**
 * @param {Tally} tally
 * @param {readonly string[]} counted
 */
export function countCells(tally, counted) {
  return [...counted.map((layer) => tally[layer] ?? 0), sum(tally, counted)].map((count) => element("td", {}, formatNumber(count)));
}
