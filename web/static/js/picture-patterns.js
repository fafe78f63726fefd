// The patterns with which shapes of a picture are filled.

import { LOOK, dress } from "./picture-shapes.js";

/**
 * The patterns that copied shapes are filled with.
 * @param {SVGElement[]} copies
 */
export function copyPatterns(copies) {
  const filled = copies.flatMap((copy) => [copy, ...copy.querySelectorAll("[fill]")]);
  const names = new Set(filled.flatMap((copy) => /^url\(.*#([\w-]+)/.exec(copy.getAttribute("fill") ?? "")?.[1] ?? []));
  return [...names].flatMap((name) => {
    const pattern = document.getElementById(name);
    if (!(pattern instanceof SVGPatternElement)) return [];
    const copy = /** @type {SVGPatternElement} */ (pattern.cloneNode(false));
    for (const part of pattern.children) copy.append(dress(/** @type {SVGElement} */ (part.cloneNode(false)), part, LOOK));
    return [copy];
  });
}
