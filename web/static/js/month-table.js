// The months below the table of regions: a fold for each year. The twin of web/month_table.py.

import { countsAddress } from "./api.js";
import { element } from "./dom.js";
import { withoutGaps } from "./figures.js";
import { formatNumber } from "./formats.js";
import { METHOD_CHANGES } from "./method-changes.js";
import { countCells, drawHead } from "./region-table.js";
import { readCounts, subtract, sum } from "./tallies.js";
import { findSpan, readDays } from "./time-range.js";

/** @typedef {import("./types.js").Tally} Tally */
/** @typedef {import("./page-parts.js").PageParts} PageParts */

/**
 * Records by month of the range that is shown.
 * @param {PageParts} parts
 * @param {AbortSignal} signal
 * @returns {Promise<[string, Tally][]>}
 */
export async function readMonths({ api, store }, signal) {
  const { region, filters } = store.selection;
  const answer = await api.read(countsAddress(["month", "layer"], region, filters), signal);
  const months = withoutGaps(readCounts(answer, "month").rows);
  const { first, end } = findSpan(readDays(filters), months[0]?.[0] ?? "0000-01", months.length);
  return months.slice(first, end);
}

/**
 * @param {PageParts} parts
 * @param {[string, Tally][]} months
 * @param {Tally} total
 */
export function drawMonths({ texts, store }, months, total) {
  const { layers } = store.selection;
  const counted = texts.counted(layers);
  const beside = texts.beside(layers);
  const cells = (/** @type {Tally} */ tally) => [...countCells(tally, counted), ...beside.map((layer) => element("td", {}, formatNumber(tally[layer] ?? 0)))];
  const years = [...new Set(months.map(([month]) => month.slice(0, 4)))].map((year) => {
    const ours = months.filter(([month]) => month.startsWith(year));
    const count = ours.reduce((all, [, tally]) => all + sum(tally, counted), 0);
    const rows = ours.map(([month, tally]) => element("tr", {}, element("th", { scope: "row" }, texts.month(month)), ...cells(tally)));
    const change = METHOD_CHANGES.find((month) => month.startsWith(year));
    return element(
      "details",
      {},
      element("summary", {}, element("b", {}, year), change && element("small", {}, texts.get(`time.method.${change}`)), element("span", {}, formatNumber(count))),
      element("table", {}, drawHead(texts, layers, texts.get("table.month"), false), element("tbody", {}, ...rows)),
    );
  });
  const rest = sum(subtract(total, months.map(([, tally]) => tally)), counted);
  return element(
    "section",
    { class: "months" },
    element("h2", {}, texts.get("by.month")),
    ...years,
    rest > 0 && element("p", {}, texts.get("table.no_month"), element("span", {}, formatNumber(rest))),
  );
}
