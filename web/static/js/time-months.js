// The months of the time card, drawn anew when the selection changes.

import { all, graphic } from "./dom.js";
import { formatNumber } from "./formats.js";
import { placeChanges, placeYears, stackMonths } from "./histogram.js";
import { sum } from "./tallies.js";

/** @typedef {import("./texts.js").Texts} Texts */
/** @typedef {import("./types.js").Tally} Tally */

const TEXT_FITS_UP_TO = 85;

/**
 * @param {Texts} texts
 * @param {[string, Tally][]} months
 * @param {readonly string[]} on  the layers switched on
 */
export function showMonths(texts, months, on) {
  const layers = texts.counted(on);
  const names = months.map(([month]) => month);
  const paths = stackMonths(months.map(([, tally]) => tally), layers);
  const last = names.at(-1);
  const note = (/** @type {string} */ key) => (last ? texts.get(key, { month: texts.month(last) }) : "");
  for (const card of all("[data-time]")) {
    card.dataset.first = names[0] ?? "";
    card.dataset.number = `${names.length}`;
    const columns = card.querySelector("[data-columns]");
    columns?.setAttribute("viewBox", `0 0 ${names.length || 1} 100`);
    columns?.setAttribute("aria-label", picture(texts, months, layers));
    columns?.querySelector("g")?.replaceChildren(...paths.map(([layer, d]) => graphic("path", { class: `fill-${layer}`, d })));
    card.querySelector("[data-changes]")?.replaceChildren(...placeChanges(names).map(([month, at]) => drawChange(texts, month, at)));
    const years = placeYears(names).map(([year, at]) => graphic("text", { x: `${at.toFixed(2)}%`, y: 12 }, year));
    card.querySelector("[data-years]")?.replaceChildren(...years);
    card.querySelector("[data-back-from]")?.replaceChildren(note("time.back_from"));
    card.querySelector("[data-back-short]")?.replaceChildren(note("time.back_short"));
  }
}

/**
 * A line where the method changed.
 * @param {Texts} texts
 * @param {string} month
 * @param {number} at  percent of the width
 */
function drawChange(texts, month, at) {
  const side = at < TEXT_FITS_UP_TO ? { x: 4 } : { x: -4, "text-anchor": "end" };
  return graphic(
    "svg",
    { class: "method", x: `${at.toFixed(2)}%` },
    graphic("title", {}, texts.get(`time.method.${month}`)),
    graphic("line", { y2: "100%" }),
    graphic("text", { y: 9, ...side }, texts.get("time.method.short")),
  );
}

/**
 * What the columns show, in words.
 * @param {Texts} texts
 * @param {[string, Tally][]} months
 * @param {readonly string[]} layers
 */
function picture(texts, months, layers) {
  const totals = months.map(([, tally]) => sum(tally, layers));
  const largest = Math.max(0, ...totals);
  const [first, last, peak] = [months[0]?.[0], months.at(-1)?.[0], months[totals.indexOf(largest)]?.[0]];
  if (!largest || !first || !last || !peak) return texts.get("time.none");
  const ends = { first: texts.month(first), last: texts.month(last), peak: texts.month(peak) };
  return texts.get("time.picture", { ...ends, count: formatNumber(largest) });
}
