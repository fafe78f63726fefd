// What shades and marks mean.

import { all, element, graphic } from "./dom.js";
import { SHADES } from "./class-breaks.js";

/** @typedef {import("./texts.js").Texts} Texts */

/**
 * @param {Texts} texts
 * @param {{breaks: number[], isShaded: boolean, noun: string, hasRemainder: boolean, badge: string | null}} shown
 */
export function showLegend(texts, shown) {
  for (const place of all("[data-legend]")) {
    place.replaceChildren(
      element("div", { class: "legend", role: "group", "aria-label": texts.get("legend") }, ...parts(texts, shown)),
    );
  }
}

/**
 * @param {Texts} texts
 * @param {{breaks: number[], isShaded: boolean, noun: string, hasRemainder: boolean, badge: string | null}} shown
 */
function parts(texts, { breaks, isShaded, noun, hasRemainder, badge }) {
  const bounds = [1, ...breaks].map((bound) => texts.short(bound));
  const shades = (SHADES[breaks.length] ?? []).map((shade, index) =>
    element("li", {}, element("i", { class: `k${shade}` }), `${bounds[index]}${index === breaks.length ? "+" : ""}`),
  );
  const hatch = graphic("svg", { "aria-hidden": "true" }, graphic("rect", { width: "100%", height: "100%", fill: "url(#hatch)" }));
  const dashes = graphic("svg", { class: "ring remainder", viewBox: "-8 -8 16 16", "aria-hidden": "true" }, graphic("circle", { class: "dashes", r: 6 }));
  const mark = graphic("svg", { viewBox: "-8 -8 16 16", "aria-hidden": "true" }, graphic("path", { class: `fill-${badge}`, d: "M0-5.5L5.5 0 0 5.5-5.5 0z" }));
  return [
    isShaded && element("b", {}, texts.get(`legend.${noun}`)),
    isShaded && element("ol", { class: "ramp" }, ...shades),
    element(
      "ul",
      { class: "keys" },
      element("li", {}, element("i", { class: "none" }), texts.get("legend.no_record")),
      element("li", {}, element("i", { class: "outside" }, hatch), texts.get("legend.outside")),
      hasRemainder && element("li", {}, element("i", { class: "sign" }, dashes), texts.get("legend.remainder")),
      badge && element("li", {}, element("i", { class: "sign" }, mark), texts.get("legend.case")),
    ),
  ];
}
