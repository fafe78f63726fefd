// Words and boxes of the page, copied as SVG: backgrounds as rectangles, each line of text where it stands.

import { graphic } from "./dom.js";
import { copyShapes } from "./picture-shapes.js";

/** @typedef {import("./picture-shapes.js").Area} Area */

/**
 * A box of the page with all that is in it. Text stays text.
 * @param {HTMLElement} root
 * @param {Area} area
 * @returns {SVGElement[]}
 */
export function copyBox(root, area) {
  const boxes = [root, ...root.querySelectorAll("*")].flatMap((part) => (part instanceof HTMLElement ? copyBackground(part, area) : []));
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  /** @type {SVGElement[]} */
  const lines = [];
  while (walker.nextNode()) {
    const text = /** @type {Text} */ (walker.currentNode);
    if (text.data.trim() && text.parentElement instanceof HTMLElement) lines.push(...copyLines(text, text.parentElement, area));
  }
  return [...boxes, ...copyShapes(root, area), ...lines];
}

/**
 * @param {HTMLElement} part
 * @param {Area} area
 */
function copyBackground(part, area) {
  const look = getComputedStyle(part);
  const { left, top, width, height } = part.getBoundingClientRect();
  if (/rgba\([^)]*, 0\)|transparent/.test(look.backgroundColor) || !width || !height) return [];
  return [graphic("rect", { x: left - area.left, y: top - area.top, width, height, rx: Number.parseFloat(look.borderTopLeftRadius) || 0, fill: look.backgroundColor })];
}

/**
 * @param {Text} text
 * @param {HTMLElement} parent
 * @param {Area} area
 */
function copyLines(text, parent, area) {
  const look = getComputedStyle(parent);
  /** @type {Map<number, {words: string, box: DOMRect}>} */
  const lines = new Map();
  const range = document.createRange();
  for (const found of text.data.matchAll(/[\u2e80-\uffee]|[^\s\u2e80-\uffee]+\s*/g)) {
    range.setStart(text, found.index);
    range.setEnd(text, found.index + found[0].trimEnd().length);
    const box = range.getBoundingClientRect();
    const at = Math.round(box.top);
    const line = lines.get(at) ?? { words: "", box };
    lines.set(at, { ...line, words: line.words + found[0] });
  }
  return [...lines.values()].map(({ words, box }) =>
    writeText(words.trimEnd(), box.left - area.left, box.top - area.top + box.height / 2 + Number.parseFloat(look.fontSize) * 0.35, {
      size: Number.parseFloat(look.fontSize), weight: look.fontWeight, colour: look.color, family: look.fontFamily,
    }),
  );
}

/**
 * A line of text; `y` is its foot.
 * @param {string} words
 * @param {number} x
 * @param {number} y
 * @param {{size: number, weight: string, colour: string, family: string}} how
 */
export function writeText(words, x, y, { size, weight, colour, family }) {
  const place = { x: x.toFixed(1), y: y.toFixed(1) };
  return graphic("text", { ...place, "font-family": family.replaceAll('"', "'"), "font-size": size, "font-weight": weight, fill: colour }, words);
}
