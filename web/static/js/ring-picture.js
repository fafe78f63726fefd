// One ring as a picture: the disc, the mix of layers, the number, the name below.

import { graphic } from "./dom.js";
import { ROOM_FOR_NUMBER, ringArcs, ringWidth } from "./rings.js";

const LARGE_ROOM = 9.5;
const MEDIUM_ROOM = 7.2;
/** Half the side of what a finger must be able to hit. */
export const SMALLEST_TARGET = 12;

/**
 * The picture, and the side of its element: the square inside the ring. The ring reaches beyond it, so what can be hit
 * is the circle, and neighbours' elements never overlap where their circles do not.
 * @param {object} given
 * @param {number} given.radius
 * @param {{layer: string, count: number}[]} given.parts
 * @param {string} given.number
 * @param {string | null} given.label
 * @param {string | null} given.badge  the layer of the cases that stand beside
 * @param {boolean} given.isRemainder
 */
export function drawRing({ radius, parts, number, label, badge, isRemainder }) {
  const width = ringWidth(radius);
  const reach = Math.max(radius, SMALLEST_TARGET);
  const side = reach * Math.SQRT2;
  const arcs = ringArcs(parts.map((part) => part.count), radius);
  const at = (radius * 0.72).toFixed(1);
  const room = (2 * (radius - width)) / Math.max(number.length, 2);
  const size = room > LARGE_ROOM ? "large" : room > MEDIUM_ROOM ? "medium" : "small";
  const picture = graphic(
    "svg",
    { class: `ring${isRemainder ? " remainder" : ""}`, width: side, height: side, viewBox: `${-side / 2} ${-side / 2} ${side} ${side}`, "aria-hidden": "true" },
    graphic("circle", { class: "target", r: reach }),
    graphic("circle", { class: "disc", r: radius }),
    ...arcs.map((d, index) => d && graphic("path", { class: `stroke-${parts[index]?.layer}`, "stroke-width": width, d })),
    isRemainder && graphic("circle", { class: "dashes", r: radius + 1.5 }),
    radius >= ROOM_FOR_NUMBER && graphic("text", { class: `size-${size}`, dy: ".36em" }, number),
    label && graphic("text", { class: "ring-name", y: radius + 11 }, label),
    badge && graphic("path", { class: `badge fill-${badge}`, transform: `translate(${at} -${at})`, d: "M0-5.5L5.5 0 0 5.5-5.5 0z" }),
  );
  return { picture, size: side };
}
