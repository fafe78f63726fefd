// Months as stacked columns: one path a layer. The twin of what web/view.py draws for the first frame.

import { element, graphic } from "./dom.js";
import { formatNumber } from "./formats.js";
import { sum } from "./tallies.js";

/** @typedef {import("./types.js").Tally} Tally */

const MOST_YEARS = 14;

/**
 * One path a layer, one unit a month wide and 100 units high at `largest`.
 * @param {Tally[]} months
 * @param {readonly string[]} layers
 * @param {number} largest
 * @returns {[string, string][]}
 */
export function stackMonths(months, layers, largest) {
  /** @type {Map<string, string>} */
  const paths = new Map();
  months.forEach((tally, index) => {
    let top = 100;
    for (const layer of layers) {
      const height = (100 * (tally[layer] ?? 0)) / largest;
      if (!height) continue;
      top -= height;
      paths.set(layer, `${paths.get(layer) ?? ""}M${index} ${top.toFixed(1)}h.85v${height.toFixed(1)}h-.85z`);
    }
  });
  return layers.flatMap((layer) => (paths.has(layer) ? [/** @type {[string, string]} */ ([layer, paths.get(layer) ?? ""])] : []));
}

/**
 * @param {import("./texts.js").Texts} texts
 * @param {[string, Tally][]} months
 * @param {readonly string[]} on  the layers switched on
 */
export function drawHistogram(texts, months, on) {
  const layers = texts.counted(on);
  const totals = months.map(([, tally]) => sum(tally, layers));
  const largest = Math.max(0, ...totals);
  const [first, last, peak] = [months[0]?.[0], months.at(-1)?.[0], months[totals.indexOf(largest)]?.[0]];
  if (!largest || !first || !last || !peak) {
    return element("figure", { class: "histogram" }, element("figcaption", {}, element("b", {}, texts.get("time.none"))));
  }
  const range = { first: texts.month(first), last: texts.month(last) };
  const said = texts.get("time.picture", { ...range, peak: texts.month(peak), count: formatNumber(largest) });
  const tallies = months.map(([, tally]) => tally);
  const paths = stackMonths(tallies, layers, largest).map(([layer, d]) => graphic("path", { class: `fill-${layer}`, d }));
  const years = months.flatMap(([month], index) => (month.endsWith("-01") ? [{ year: month.slice(0, 4), at: (100 * index) / months.length }] : []));
  const step = Math.ceil(years.length / MOST_YEARS) || 1;
  const labels = years.filter((_, index) => index % step === 0).map(({ year, at }) => graphic("text", { x: `${at.toFixed(2)}%`, y: 12 }, year));
  return element(
    "figure",
    { class: "histogram" },
    element("figcaption", {}, element("b", {}, texts.get("time.range", range))),
    graphic("svg", { class: "bars", viewBox: `0 0 ${months.length} 100`, preserveAspectRatio: "none", role: "img", "aria-label": said }, ...paths),
    graphic("svg", { class: "years", "aria-hidden": "true" }, ...labels),
  );
}
