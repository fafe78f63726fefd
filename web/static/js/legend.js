// What shades, circles and signs mean. The twin of web/legend.py.

import { chooseCircles } from "./circle-sizes.js";
import { SHADES } from "./class-breaks.js";
import { all, element, glyph, graphic } from "./dom.js";
import { DESKTOP, PHONE } from "./rings.js";

/** @typedef {import("./texts.js").Texts} Texts */
/**
 * @typedef {object} Shown  what the map shows
 * @property {import("./shades.js").Shading} shading
 * @property {string} wanted  what shades were asked to stand for
 * @property {number} largest  count of a ring; 0 without rings
 * @property {boolean} isPhone
 * @property {boolean} hasUnrated  a region has a record, and no rate
 * @property {boolean} hasUnplaced  a region has no record, and one around it has records known no more exactly
 * @property {string} noun  key of what is counted
 * @property {boolean} isNear  the land is neutral
 * @property {readonly string[]} marked  layers that have marks
 * @property {boolean} hasRemainder
 * @property {string | null} badge  layer of the cases that stand beside
 */

const SHORT_FROM = 1000;

/**
 * @param {Texts} texts
 * @param {Shown} shown
 */
export function showLegend(texts, shown) {
  for (const place of all("[data-legend]")) {
    place.replaceChildren(
      element("div", { class: "legend", role: "group", "aria-label": texts.get("legend") }, ...drawShades(texts, shown), ...drawMarks(texts, shown), drawKeys(texts, shown), ...drawCircles(texts, shown)),
    );
  }
}

/**
 * @param {Texts} texts
 * @param {Shown} shown
 */
function drawShades(texts, { shading: { measure, breaks }, wanted, largest, noun }) {
  if (measure === "none" || !largest) return [];
  const bounds = [measure === "rate" ? "0" : "1", ...breaks.map((bound) => (bound < SHORT_FROM ? String(bound) : texts.short(bound)))];
  const shades = (SHADES[breaks.length] ?? []).map((shade, index) =>
    element("li", {}, element("i", { class: `k${shade}` }), `${bounds[index]}${index === breaks.length ? "+" : ""}`),
  );
  return [
    element("b", {}, texts.get(measure === "rate" ? `legend.rate.${noun}` : `legend.${noun}`)),
    element("ol", { class: "ramp" }, ...shades),
    wanted !== measure && element("p", {}, texts.get("legend.no_rate")),
  ];
}

/**
 * @param {Texts} texts
 * @param {Shown} shown
 */
function drawMarks(texts, { marked }) {
  const rows = marked.map((id) => element("li", {}, glyph(texts.layer(id)), texts.layer(id).label));
  return rows.length ? [element("b", {}, texts.get("legend.marks")), element("ul", { class: "keys marks" }, ...rows)] : [];
}

/**
 * @param {Texts} texts
 * @param {Shown} shown
 */
function drawKeys(texts, { isNear, hasUnrated, hasUnplaced, hasRemainder, badge }) {
  const pattern = (/** @type {string} */ name) =>
    element("i", {}, graphic("svg", { "aria-hidden": "true" }, graphic("rect", { width: "100%", height: "100%", fill: `url(#${name})` })));
  const sign = (/** @type {SVGElement} */ drawn, /** @type {string} */ className) =>
    element("i", { class: "sign" }, graphic("svg", { class: className, viewBox: "-8 -8 16 16", "aria-hidden": "true" }, drawn));
  const key = (/** @type {HTMLElement} */ mark, /** @type {string} */ text) => element("li", {}, mark, texts.get(text));
  return element(
    "ul",
    { class: "keys" },
    !isNear && key(pattern("hatch"), "legend.no_record"),
    key(pattern("crosses"), "legend.outside"),
    hasUnrated && key(element("i", { class: "plain" }), "legend.unrated"),
    hasUnplaced && key(pattern("dots"), "legend.unplaced"),
    hasRemainder && key(sign(graphic("circle", { class: "dashes", r: 6 }), "ring remainder"), "legend.remainder"),
    badge && key(sign(graphic("path", { class: `fill-${badge}`, d: "M0-5.5L5.5 0 0 5.5-5.5 0z" }), ""), "legend.case"),
  );
}

/**
 * @param {Texts} texts
 * @param {Shown} shown
 */
function drawCircles(texts, { largest, isPhone, noun }) {
  const circles = chooseCircles(largest, isPhone ? PHONE : DESKTOP).map(({ count, radius, isMost }) => {
    const side = Math.round(radius * 2 + 2);
    const picture = { width: side, height: side, viewBox: `-${side / 2} -${side / 2} ${side} ${side}`, "aria-hidden": "true" };
    return element("li", {}, graphic("svg", picture, graphic("circle", { r: radius.toFixed(1) }), !isMost && graphic("text", { dy: ".36em" }, texts.short(count))), isMost && `≤\u202f${texts.short(count)}`);
  });
  return circles.length ? [element("b", {}, texts.get(`legend.circles.${noun}`)), element("ul", { class: "circles" }, ...circles)] : [];
}
