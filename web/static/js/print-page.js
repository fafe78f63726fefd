// What only the printed page shows: layers, filters, address and day; and how large the map is on the screen, so that
// all of it that is not under the time card stands on paper.

import { all, byId } from "./dom.js";
import { listChips } from "./filter-chips.js";
import { speechOf } from "./filter-words.js";

/** @typedef {import("./page-parts.js").PageParts} PageParts */

const MM = 96 / 25.4;
/** The map on paper: an upright A4 page without its margins, as the style has it. */
const PAPER = { width: 180 * MM, height: 150 * MM };
/** What the names of the southernmost rings need below the box that the map is fitted to. */
const MARGIN = 20;

/** Keep what is printed true. @param {PageParts} parts */
export function wirePrint(parts) {
  const free = byId("fit-box");
  const map = free.parentElement?.querySelector(".folium-map");
  const measure = () => {
    if (!(map instanceof HTMLElement) || matchMedia("print").matches) return;
    const { clientWidth: width, clientHeight: height } = map;
    if (!width || !height) return;
    const seen = Math.min(height, free.getBoundingClientRect().bottom - map.getBoundingClientRect().top + MARGIN);
    const scale = Math.min(PAPER.width / width, PAPER.height / seen);
    map.style.setProperty("--screen-width", `${width}px`);
    map.style.setProperty("--screen-height", `${height}px`);
    map.style.setProperty("--print-scale", scale.toFixed(3));
    map.style.setProperty("--print-left", `${((PAPER.width - width * scale) / 2).toFixed(0)}px`);
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
