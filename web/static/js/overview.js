// The first tab: parts of the region, what is in none of them, and the latest records.

import { drawBar, drawCases } from "./bars.js";
import { element } from "./dom.js";
import { emptyState } from "./empty-state.js";
import { formatNumber } from "./formats.js";
import { drawEntry } from "./record-entry.js";
import { regionAddress } from "./region-address.js";
import { sum } from "./tallies.js";

/** @typedef {import("./page-parts.js").PageParts} PageParts */
/** @typedef {import("./types.js").Tally} Tally */
/** @typedef {import("./figures.js").RegionFigures} RegionFigures */

const ROWS = 8;
const LATEST = 8;

/**
 * Rows with a record of the layers that are on, the most incidents first.
 * @param {PageParts} parts
 * @param {RegionFigures} figures
 * @returns {[string, Tally][]}
 */
export function rankRows({ texts, store }, figures) {
  const { layers } = store.selection;
  const [counted, beside] = [texts.counted(layers), texts.beside(layers)];
  return [...figures.rows]
    .filter(([, tally]) => sum(tally, layers))
    .sort(([a, one], [b, other]) => sum(other, counted) - sum(one, counted) || sum(other, beside) - sum(one, beside) || (a < b ? -1 : 1));
}

/**
 * @param {PageParts} parts
 * @param {RegionFigures} figures
 * @param {import("./types.js").ApiRecord[]} latest
 * @param {HTMLElement[]} charts
 */
export function drawOverview(parts, figures, latest, charts) {
  const { texts, store, regions } = parts;
  const { layers, region } = store.selection;
  if (!sum(figures.total, layers)) return [emptyState(parts)];
  const [counted, beside] = [texts.counted(layers), texts.beside(layers)];
  const rows = rankRows(parts, figures);
  const level = regions.childLevel(region);
  const whole = Math.max(0, ...[...figures.rows.values(), ...figures.remainder.values()].map((tally) => sum(tally, counted)));
  const line = (/** @type {string} */ name, /** @type {Tally} */ tally) => [
    element("span", { class: "bar-name" }, name),
    drawBar(tally, counted, whole),
    element("span", { class: "bar-count" }, drawCases(texts, tally, beside), formatNumber(sum(tally, counted))),
  ];
  const bars = rows
    .slice(0, ROWS)
    .map(([code, tally]) => element("a", { class: "bar", href: regionAddress(parts, code), "data-page": true }, ...line(regions.name(code), tally)));
  const rests = [...figures.remainder]
    .filter(([, tally]) => sum(tally, layers))
    .map(([reason, tally]) => element("p", { class: "bar remainder" }, ...line(texts.get(`remainder.${reason}`), tally)));
  const more =
    rows.length > ROWS &&
    element("a", { class: "more", href: parts.address({ tab: "table" }), "data-page": true }, texts.get("rows.all", { count: formatNumber(rows.length) }));
  return [
    level && (rows.length > 0 || rests.length > 0) && element("section", { class: "block" }, element("h2", {}, texts.get(`by.${level}`)), ...bars, more, ...rests),
    ...charts,
    element("section", { class: "block flush" }, element("h2", {}, texts.get("list.latest")), ...latest.slice(0, LATEST).map((record) => drawEntry(parts, record))),
  ];
}

/** What brings the focus back to the bar of a chart that has it, when the chart was drawn anew. */
export function rememberBar() {
  const chart = document.activeElement?.closest("[data-chart]")?.getAttribute("data-chart");
  const name = document.activeElement?.querySelector(".bar-name")?.textContent;
  if (!chart || !name) return null;
  return () => {
    const bars = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(`[data-chart="${chart}"] .bar`)]);
    bars.find((bar) => bar.querySelector(".bar-name")?.textContent === name)?.focus({ preventScroll: true });
  };
}
