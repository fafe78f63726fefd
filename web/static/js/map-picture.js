// The map as a picture of its own: what the page shows of it, under a title, with legend, filters, date, licence and
// source. The PNG is drawn by the browser from the SVG.

import { byId, element, graphic } from "./dom.js";
import { sayFilters } from "./filter-words.js";
import { saveFile } from "./picture-file.js";
import { writeLines } from "./picture-lines.js";
import { copyPatterns, copyShapes } from "./picture-shapes.js";
import { copyBox } from "./picture-texts.js";
import { withoutTime } from "./time-range.js";

/** @typedef {import("./ways.js").DialogParts} DialogParts */
/** @typedef {import("./picture-shapes.js").Area} Area */

const MARGIN = 16;
const LEGEND_WIDTH = 230;
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
  const legend = copyLegend(area);
  const look = getComputedStyle(document.body);
  const head = writeLines(headLines(parts), area.width, { colour: look.color, family: look.fontFamily });
  const foot = writeLines(footLines(parts, status), area.width, { colour: token("--ink2"), family: look.fontFamily });
  const height = head.height + area.height + foot.height;
  const size = { width: area.width, height, viewBox: `0 0 ${area.width} ${height}` };
  const map = { y: head.height, width: area.width, height: area.height, viewBox: `0 0 ${area.width} ${area.height}`, overflow: "hidden" };
  return graphic(
    "svg",
    { ...size, lang: parts.texts.language },
    graphic("title", {}, headLines(parts).map((line) => line.words).join(". ")),
    graphic("desc", {}, footLines(parts, status).map((line) => line.words).join(" ")),
    graphic("defs", {}, ...copyPatterns([...shapes, ...legend])),
    graphic("rect", { width: area.width, height, fill: token("--panel") }),
    graphic("svg", map, graphic("rect", { width: area.width, height: area.height, fill: token("--sea") }), ...shapes, ...legend),
    graphic("g", {}, ...head.texts),
    graphic("g", { transform: `translate(0 ${head.height + area.height})` }, ...foot.texts),
  );
}

/** The part of the map that no sheet covers. @param {HTMLElement} container @returns {Area} */
function findArea(container) {
  const { left, top, width, bottom } = container.getBoundingClientRect();
  const panel = byId("panel").getBoundingClientRect();
  const covers = panel.left < left + width && panel.right > left && panel.top > top + 80;
  return { left, top, width, height: (covers ? Math.min(bottom, panel.top) : bottom) - top };
}

/** @param {Element | undefined} pane */
function order(pane) {
  return pane ? Number(getComputedStyle(pane).zIndex) || 0 : 0;
}

/** The legend in the lower left corner, wherever the page has it. @param {Area} area @returns {SVGElement[]} */
function copyLegend(area) {
  const legend = document.querySelector("[data-legend] .legend");
  if (!legend) return [];
  const box = element("div", { class: "floating legend-card" }, legend.cloneNode(true));
  Object.assign(box.style, { display: "block", position: "fixed", left: "-2000px", top: "0", bottom: "auto", width: "max-content", minWidth: `${LEGEND_WIDTH}px`, maxWidth: "300px" });
  document.body.append(box);
  const { left, top, width, height } = box.getBoundingClientRect();
  const copied = copyBox(box, { left, top, width, height });
  box.remove();
  return [graphic("g", { transform: `translate(${MARGIN} ${area.height - height - MARGIN})` }, ...copied)];
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
