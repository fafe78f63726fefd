// What only the printed page shows: layers, filters, address and day; and how large the map is on the screen, so that
// the whole of it stands on paper.

import { all, byId } from "./dom.js";
import { listChips } from "./filter-chips.js";
import { speechOf } from "./filter-words.js";

/** @typedef {import("./page-parts.js").PageParts} PageParts */

const MM = 96 / 25.4;
/** The map on paper: an upright A4 page without its margins, as the style has it. */
const PAPER = { width: 180 * MM, height: 150 * MM };

/** Keep what is printed true. @param {PageParts} parts */
export function wirePrint(parts) {
  const map = byId("fit-box").parentElement?.querySelector(".folium-map");
  const measure = () => {
    if (!(map instanceof HTMLElement) || matchMedia("print").matches) return;
    const { clientWidth: width, clientHeight: height } = map;
    if (!width || !height) return;
    map.style.setProperty("--screen-width", `${width}px`);
    map.style.setProperty("--screen-height", `${height}px`);
    map.style.setProperty("--print-scale", Math.min(PAPER.width / width, PAPER.height / height).toFixed(3));
  };
  const show = () => {
    measure();
    fill(parts);
  };
  addEventListener("beforeprint", show);
  addEventListener("resize", measure);
  parts.store.listen(() => fill(parts));
  show();
}

/** @param {PageParts} parts */
function fill({ address, regions, store, texts }) {
  const { layers, region, filters } = store.selection;
  const isChinese = texts.language.startsWith("zh");
  const write = (/** @type {string} */ name, /** @type {string} */ text) => {
    for (const place of all(`[data-print="${name}"]`)) place.textContent = text;
  };
  const chips = listChips(speechOf({ regions, texts }), region, filters);
  write("layers", layers.map((layer) => texts.layer(layer).label).join(isChinese ? "、" : ", ") || "–");
  write("filters", chips.map(({ label, text }) => `${label}${isChinese ? "：" : ": "}${text}`).join(isChinese ? "；" : "; ") || "–");
  write("address", location.origin + address({ theme: null }) + location.hash);
  const today = new Date();
  const day = [today.getFullYear(), today.getMonth() + 1, today.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
  write("day", texts.date(day));
  for (const place of all("[data-print-day], [data-print=day]")) place.hidden = false;
}
