// The table: the equal alternative to the map.

import { element } from "./dom.js";
import { formatNumber } from "./formats.js";
import { rankRows } from "./overview.js";
import { regionAddress } from "./region-address.js";
import { sum } from "./tallies.js";

/** @typedef {import("./types.js").Tally} Tally */

/**
 * @param {import("./page-parts.js").PageParts} parts
 * @param {import("./figures.js").RegionFigures} figures
 */
export function drawTable(parts, figures) {
  const { texts, store, regions } = parts;
  const { layers, region } = store.selection;
  const level = regions.childLevel(region);
  if (!level) return [];
  const [counted, beside] = [texts.counted(layers), texts.beside(layers)];
  const place = region ? regions.name(region) : texts.get("country");
  const numbers = (/** @type {Tally} */ tally) =>
    [...counted.map((layer) => tally[layer] ?? 0), sum(tally, counted), ...beside.map((layer) => tally[layer] ?? 0)].map((count) =>
      element("td", {}, formatNumber(count)),
    );
  const heading = (/** @type {string} */ text) => element("th", { scope: "col" }, text);
  const rows = rankRows(parts, figures).map(([code, tally]) => {
    const link = element("a", { href: regionAddress(parts, code), "data-page": true }, regions.name(code));
    return element("tr", {}, element("th", { scope: "row" }, link), ...numbers(tally));
  });
  const rests = [...figures.remainder]
    .filter(([, tally]) => sum(tally, layers))
    .map(([reason, tally]) => element("tr", { class: "remainder" }, element("th", { scope: "row" }, texts.get(`remainder.${reason}`)), ...numbers(tally)));
  const short = (/** @type {string} */ layer) => heading(texts.layer(layer).short);
  const head = [heading(texts.get("table.region")), ...counted.map(short), heading(texts.get("table.total")), ...beside.map(short)];
  return [
    element(
      "table",
      {},
      element("caption", {}, texts.get("table.caption", { place, by: texts.get(`table.by.${level}`) })),
      element("thead", {}, element("tr", {}, ...head)),
      element("tbody", {}, ...rows, ...rests),
      element("tfoot", {}, element("tr", {}, element("th", { scope: "row" }, texts.get("table.total")), ...numbers(figures.total))),
    ),
  ];
}
