// The map as a picture of its own: what the page shows of it, under a title, with legend, filters, date, licence and
// source. The PNG is drawn by the browser from the SVG.

import { byId, element, graphic } from "./dom.js";
import { sayFilters } from "./filter-words.js";
import { saveFile } from "./picture-file.js";
import { writeLines } from "./picture-lines.js";
import { copyPatterns } from "./picture-patterns.js";
import { copyShapes } from "./picture-shapes.js";
import { copyBox } from "./picture-texts.js";
import { withoutTime } from "./time-range.js";

/** @typedef {import("./ways.js").DialogParts} DialogParts */
/** @typedef {import("./picture-shapes.js").Area} Area */

const MARGIN = 16;
/** Below this width the legend stands under the map, where it hides nothing. */
const NARROW = 600;
const NOT_THE_MAP = ["tooltip", "popup", "shadow"];

/**
 * Draw the map and hand it to the reader as a file.
 * @param {DialogParts} parts
 * @param {"svg" | "png"} form
 * @param {{datasetVersion: number, changedAt: string, licence: string}} status  the API's
 */
export async function savePicture(parts, form, status) {
  await saveFile(drawPicture(parts, status), form, `labour-map-v${status.datasetVersion}`);
}

/**
 * @param {DialogParts} parts
 * @param {{datasetVersion: number, changedAt: string, licence: string}} status
 */
export function drawPicture(parts, status) {
  const area = findArea(parts.map.getContainer());
  const panes = Object.entries(parts.map.getPanes())
    .filter(([name, pane]) => pane && !NOT_THE_MAP.some((other) => name.startsWith(other)) && name !== "mapPane")
    .sort(([, one], [, other]) => order(one) - order(other));
  const shapes = panes.flatMap(([, pane]) => copyShapes(/** @type {Element} */ (pane), area));
  const legend = copyLegend();
  const isNarrow = area.width < NARROW;
  const look = getComputedStyle(document.body);
  const head = writeLines(headLines(parts), area.width, { colour: look.color, family: look.fontFamily });
  const foot = writeLines(footLines(parts, status), area.width, { colour: token("--ink2"), family: look.fontFamily });
  const below = head.height + area.height + (isNarrow ? legend.height : 0);
  const height = below + foot.height;
  const legendAt = isNarrow ? `translate(4 ${head.height + area.height})` : `translate(${MARGIN} ${head.height + area.height - legend.height - MARGIN})`;
  const size = { width: area.width, height, viewBox: `0 0 ${area.width} ${height}` };
  const map = { y: head.height, width: area.width, height: area.height, viewBox: `0 0 ${area.width} ${area.height}`, overflow: "hidden" };
  return graphic(
    "svg",
    { ...size, lang: parts.texts.language },
    graphic("title", {}, headLines(parts).map((line) => line.words).join(". ")),
    graphic("desc", {}, footLines(parts, status).map((line) => line.words).join(" ")),
    graphic("defs", {}, ...copyPatterns([...shapes, ...legend.shapes])),
    graphic("rect", { width: area.width, height, fill: token("--panel") }),
    graphic("svg", map, graphic("rect", { width: area.width, height: area.height, fill: token("--sea") }), ...shapes),
    graphic("g", { transform: legendAt }, ...legend.shapes),
    graphic("g", {}, ...head.texts),
    graphic("g", { transform: `translate(0 ${below})` }, ...foot.texts),
  );
}

/** The part of the map that is seen: on phones, between what floats above and the sheet. @param {HTMLElement} container @returns {Area} */
function findArea(container) {
  const { left, top, width, height } = container.getBoundingClientRect();
  const panel = byId("panel").getBoundingClientRect();
  const isCovered = panel.left < left + width && panel.right > left;
  if (!isCovered) return { left, top, width, height };
  const free = byId("fit-box").getBoundingClientRect();
  return { left, top: free.top - MARGIN, width, height: free.height + 2 * MARGIN };
}

/** @param {Element | undefined} pane */
function order(pane) {
  return pane ? Number(getComputedStyle(pane).zIndex) || 0 : 0;
}

/** The legend, wherever the page has it. */
function copyLegend() {
  const legend = document.querySelector("[data-legend] .legend");
  const box = element("div", { class: "floating legend-card" }, legend?.cloneNode(true) ?? "");
  Object.assign(box.style, { display: "block", position: "fixed", left: "-2000px", top: "0", bottom: "auto", width: "max-content", minWidth: "230px", maxWidth: "300px" });
  document.body.append(box);
  const { left, top, width, height } = box.getBoundingClientRect();
  const shapes = legend ? copyBox(box, { left, top, width, height }) : [];
  box.remove();
  return { shapes, height: legend ? Math.ceil(height) : 0 };
}

/** @param {DialogParts} parts */
function headLines(parts) {
  const { texts, store, regions } = parts;
  const { region, filters } = store.selection;
  const place = region ? regions.name(region) : texts.get("country");
  const total = document.querySelector(".total")?.textContent?.replace(/\s+/g, " ").trim() ?? "";
  const period = document.querySelector("[data-range]")?.textContent ?? "";
  const said = sayFilters(parts, withoutTime(filters));
  return [
    { words: `${place} – ${texts.get("site.name")}`, size: 22, weight: "650" },
    { words: [total, period].filter(Boolean).join(" · "), size: 14, weight: "400" },
    ...(said ? [{ words: texts.get("picture.filter", { filter: said }), size: 12, weight: "400" }] : []),
  ];
}

/**
 * @param {DialogParts} parts
 * @param {{datasetVersion: number, changedAt: string, licence: string}} status
 */
function footLines({ texts, address }, status) {
  const data = { version: String(status.datasetVersion), date: texts.date(status.changedAt.slice(0, 10)), licence: status.licence };
  const boundaries = document.querySelector(".attribution")?.textContent?.trim();
  const source = { address: location.origin + address({}) + location.hash };
  return [texts.get("picture.source", source), texts.get("picture.data", data), boundaries ?? ""].filter(Boolean).map((words) => ({ words, size: 12, weight: "400" }));
}

/** @param {string} name */
function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
