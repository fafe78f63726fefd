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

/** @param {import("./types.js").Tally} total */
export function showLayerCounts(total) {
  for (const button of all("[data-layer]")) {
    const count = button.querySelector(".layer-count");
    const number = total[button.dataset.layer ?? ""] ?? 0;
    button.classList.toggle("nothing", !number);
    if (count) count.textContent = formatNumber(number);
  }
}
