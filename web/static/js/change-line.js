// The line below the total: the change of a year against the year before, where both have records.

import { findChange } from "./change.js";
import { all, element } from "./dom.js";
import { formatNumber } from "./formats.js";
import { readDays } from "./time-range.js";

/**
 * @param {import("./texts.js").Texts} texts
 * @param {import("./types.js").Selection} selection
 * @param {[string, import("./types.js").Tally][]} months
 */
export function showChange(texts, { layers, filters }, months) {
  const change = findChange(months, texts.counted(layers), readDays(filters));
  for (const line of all("[data-change]")) {
    line.hidden = !change;
    line.replaceChildren(...(change ? drawChange(texts, change) : []));
  }
}

/**
 * @param {import("./texts.js").Texts} texts
 * @param {import("./change.js").Change} change
 */
function drawChange(texts, { percent, later, earlier, month, brokenOn }) {
  const way = percent > 0 ? "up" : percent < 0 ? "down" : "same";
  const counts = { later: formatNumber(later), earlier: formatNumber(earlier), month: texts.month(month) };
  const sign = element("span", { "aria-hidden": "true" }, { up: "▲ ", down: "▼ ", same: "" }[way]);
  return [
    sign,
    element("b", {}, texts.get(`change.${way}`, { percent: formatNumber(Math.abs(percent)) })),
    element("small", {}, texts.get("change.counts", counts)),
    ...(brokenOn ? [element("small", { class: "warning" }, texts.get("change.broken", { year: brokenOn.slice(0, 4) }))] : []),
  ];
}
