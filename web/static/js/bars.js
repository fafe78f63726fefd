// Bars of counts by layer: drawn as SVG, whose lengths are attributes and need no inline style.

import { element, glyph, graphic } from "./dom.js";
import { formatNumber } from "./formats.js";
import { sum } from "./tallies.js";

/** @typedef {import("./types.js").Tally} Tally */
/** @typedef {import("./texts.js").Texts} Texts */

/**
 * @param {Tally} tally
 * @param {readonly string[]} layers
 * @param {number} whole  the count that fills the bar
 * @param {string} className
 */
export function drawBar(tally, layers, whole, className = "bar-track") {
  let start = 0;
  const parts = layers.map((layer) => {
    const length = whole ? (100 * (tally[layer] ?? 0)) / whole : 0;
    const at = start;
    start += length;
    return length > 0 && graphic("rect", { class: `fill-${layer}`, x: `${at.toFixed(2)}%`, width: `${length.toFixed(2)}%`, height: "100%" });
  });
  return graphic("svg", { class: className, "aria-hidden": "true" }, ...parts);
}

/**
 * Cases beside a count: their glyph and number.
 * @param {Texts} texts
 * @param {Tally} tally
 * @param {readonly string[]} cases  layers of cases that are on
 */
export function drawCases(texts, tally, cases) {
  const [layer] = cases;
  const number = sum(tally, cases);
  if (!layer || !number) return null;
  const said = texts.count("cases.count", number);
  return element(
    "span",
    { class: "cases", title: said },
    glyph(texts.layer(layer)),
    element("span", { class: "visually-hidden" }, said),
    element("span", { "aria-hidden": "true" }, formatNumber(number)),
  );
}
