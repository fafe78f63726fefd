// What is drawn on the page, copied as SVG that stands alone: shapes with their computed look, in pixels of the page.

import { graphic } from "./dom.js";

/** @typedef {{left: number, top: number, width: number, height: number}} Area  in pixels of the window */

const SHAPES = "path, circle, rect, text, line, polygon, polyline";
const GEOMETRY = ["d", "cx", "cy", "r", "x1", "y1", "x2", "y2", "points", "dx", "dy", "x", "y", "rx"];
export const LOOK = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-linejoin", "stroke-linecap", "stroke-dasharray", "opacity", "paint-order"];
const OF_TEXT = ["font-family", "font-size", "font-weight", "letter-spacing", "text-anchor", "font-variant-numeric"];
const DEFAULTS = /** @type {Record<string, string>} */ ({
  "fill-opacity": "1", "stroke-opacity": "1", "stroke-linejoin": "miter", "stroke-linecap": "butt", "stroke-dasharray": "none",
  opacity: "1", "paint-order": "normal", "letter-spacing": "normal", "text-anchor": "start", "font-variant-numeric": "normal",
});

/**
 * Copies of all shapes and canvases inside `root` that are seen in `area`, moved so that its corner is 0, 0.
 * @param {Element} root
 * @param {Area} area
 * @returns {SVGElement[]}
 */
export function copyShapes(root, area) {
  /** @type {SVGElement[]} */
  const copies = [];
  for (const found of root.querySelectorAll(`${SHAPES}, canvas, use`)) {
    const box = found.getBoundingClientRect();
    if (!isSeen(box, area) || found.closest("defs, pattern, symbol")) continue;
    if (found instanceof HTMLCanvasElement) copies.push(copyCanvas(found, box, area));
    else if (found instanceof SVGUseElement) copies.push(...copySymbol(found, area));
    else copies.push(...copyShape(/** @type {SVGGraphicsElement} */ (found), area));
  }
  return copies;
}

/**
 * @param {SVGGraphicsElement} shape
 * @param {Area} area
 */
function copyShape(shape, area) {
  const matrix = shape.getScreenCTM();
  const look = getComputedStyle(shape);
  const isDrawn = look.visibility === "visible" && look.opacity !== "0" && (paints(look.fill, look.fillOpacity) || paints(look.stroke, look.strokeOpacity));
  if (!matrix || !isDrawn) return [];
  const copy = copyGeometry(shape);
  if (shape instanceof SVGRectElement) {
    const { x, y, width, height } = shape.getBBox(); // the page may say it in percent
    for (const [name, value] of Object.entries({ x, y, width, height })) copy.setAttribute(name, round(value));
  }
  move(copy, matrix, area);
  const isText = shape.localName === "text";
  if (isText) copy.textContent = shape.textContent;
  return [dress(copy, shape, isText ? [...LOOK, ...OF_TEXT] : LOOK)];
}

/**
 * The shapes of a symbol where it is used, in the colours of the place. Our symbols are as large as their use.
 * @param {SVGUseElement} use
 * @param {Area} area
 */
function copySymbol(use, area) {
  const matrix = use.getScreenCTM();
  const symbol = document.querySelector(use.getAttribute("href") ?? "");
  if (!matrix || !(symbol instanceof SVGSymbolElement)) return [];
  return [...symbol.children].map((part) => {
    const copy = copyGeometry(part);
    move(copy, matrix, area);
    return dress(copy, use, LOOK);
  });
}

/** @param {Element} shape */
function copyGeometry(shape) {
  const copy = graphic(/** @type {"path"} */ (shape.localName));
  for (const name of GEOMETRY) {
    const value = shape.getAttribute(name);
    if (value !== null) copy.setAttribute(name, value);
  }
  return copy;
}

/**
 * @param {SVGElement} copy
 * @param {DOMMatrix} matrix  to the window
 * @param {Area} area
 */
function move(copy, matrix, area) {
  const [a, b, c, d, e, f] = [matrix.a, matrix.b, matrix.c, matrix.d, matrix.e - area.left, matrix.f - area.top].map(round);
  if (`${a} ${b} ${c} ${d} ${e} ${f}` !== "1 0 0 1 0 0") copy.setAttribute("transform", `matrix(${a} ${b} ${c} ${d} ${e} ${f})`);
}

/**
 * Give a copy the computed look of the original.
 * @template {SVGElement} T
 * @param {T} copy
 * @param {Element} from
 * @param {string[]} names
 */
export function dress(copy, from, names) {
  const look = getComputedStyle(from);
  const hasLine = look.stroke !== "none";
  for (const name of names) {
    const value = look.getPropertyValue(name).replaceAll('"', name === "font-family" ? "'" : "");
    if (value && value !== DEFAULTS[name] && (hasLine || !name.startsWith("stroke-"))) copy.setAttribute(name, value);
  }
  return copy;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {DOMRect} box
 * @param {Area} area
 */
function copyCanvas(canvas, box, area) {
  const place = { x: round(box.left - area.left), y: round(box.top - area.top), width: round(box.width), height: round(box.height) };
  return graphic("image", { ...place, href: canvas.toDataURL("image/png") });
}

/**
 * @param {string} paint
 * @param {string} opacity
 */
function paints(paint, opacity) {
  return paint !== "none" && opacity !== "0" && !/rgba\([^)]*, 0\)|transparent/.test(paint);
}

/**
 * @param {DOMRect} box
 * @param {Area} area
 */
function isSeen(box, { left, top, width, height }) {
  return box.right > left && box.left < left + width && box.bottom > top && box.top < top + height && box.width + box.height > 0;
}

/** @param {number} value */
function round(value) {
  return String(Math.round(value * 1000) / 1000);
}
