// The switches of the four layers, with the counts of the selected region.

import { all, byId } from "./dom.js";
import { formatNumber } from "./formats.js";
import { drawChanges, drawLine } from "./sparkline.js";

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
  const changes = drawChanges(months);
  for (const button of all("[data-layer]")) {
    const count = button.querySelector(".layer-count");
    const number = total[button.dataset.layer ?? ""] ?? 0;
    button.classList.toggle("nothing", !number);
    button.querySelector(".spark .line")?.setAttribute("d", drawLine(months, button.dataset.layer ?? ""));
    button.querySelector(".spark .method")?.setAttribute("d", changes);
    if (count) count.textContent = formatNumber(number);
  }
}
