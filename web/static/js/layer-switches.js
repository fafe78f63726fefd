// The switches of the four layers, with the counts of the selected region.

import { all, byId } from "./dom.js";
import { formatNumber } from "./formats.js";

/** @typedef {import("./page-parts.js").PageParts} PageParts */

/** Let the switches change the selection without loading the page. @param {PageParts} parts */
export function wireLayerSwitches({ store, texts }) {
  byId("layers-form").addEventListener("submit", (event) => {
    const pressed = /** @type {SubmitEvent} */ (event).submitter?.dataset.layer;
    if (!pressed) return;
    event.preventDefault();
    const { layers } = store.selection;
    const ids = texts.words.layers.map((layer) => layer.id);
    store.change({ layers: ids.filter((id) => layers.includes(id) !== (id === pressed)) });
  });
  const show = () => {
    for (const button of all("[data-layer]")) {
      button.setAttribute("aria-pressed", String(store.selection.layers.includes(button.dataset.layer ?? "")));
    }
  };
  store.listen(show);
  show();
}

/** @param {import("./figures.js").RegionFigures} figures */
export function showLayerCounts({ total, months }) {
  for (const button of all("[data-layer]")) {
    const count = button.querySelector(".layer-count");
    const number = total[button.dataset.layer ?? ""] ?? 0;
    button.classList.toggle("nothing", !number);
    button.querySelector(".spark path")?.setAttribute("d", sparkPath(months, button.dataset.layer ?? ""));
    if (count) count.textContent = formatNumber(number);
  }
}

/**
 * A layer's small line: records by year, in a box of 100 by 14. The twin is `spark` in web/view.py.
 * @param {[string, import("./types.js").Tally][]} months
 * @param {string} layer
 */
export function sparkPath(months, layer) {
  /** @type {Map<string, number>} */
  const years = new Map();
  for (const [month, tally] of months) years.set(month.slice(0, 4), (years.get(month.slice(0, 4)) ?? 0) + (tally[layer] ?? 0));
  const values = [...years.values()];
  const [largest, last] = [Math.max(1, ...values), Math.max(1, values.length - 1)];
  const points = values.map((value, index) => `${Math.round((100 * index) / last)} ${(13 - (12 * value) / largest).toFixed(1)}`);
  return points.length ? `M${points.join("L")}` : "M0 13H100";
}
