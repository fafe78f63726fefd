// The words above and below the map in its picture.

import { writeText } from "./picture-texts.js";

/** @typedef {{words: string, size: number, weight: string}} Line */

const MARGIN = 16;

/**
 * Lines of text below each other, broken where they would be too long, and how high they are together.
 * @param {Line[]} lines
 * @param {number} width
 * @param {{colour: string, family: string}} how
 */
export function writeLines(lines, width, { colour, family }) {
  const pen = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  /** @type {SVGElement[]} */
  const texts = [];
  let y = MARGIN - 4;
  for (const { words, size, weight } of lines) {
    pen.font = `${weight} ${size}px ${family}`;
    for (const line of breakWords(words, (part) => pen.measureText(part).width <= width - 2 * MARGIN)) {
      y += size * 1.4;
      texts.push(writeText(line, MARGIN, y, { size, weight, colour, family }));
    }
  }
  return { texts, height: Math.ceil(y + MARGIN - 4) };
}

/**
 * @param {string} words
 * @param {(part: string) => boolean} fits
 */
function breakWords(words, fits) {
  const lines = [""];
  for (const [piece] of words.matchAll(/[\u2e80-\uffee]|[^\s\u2e80-\uffee]{1,40}\s*|\s+/g)) {
    const line = lines.at(-1) ?? "";
    if (line && !fits((line + piece).trimEnd())) lines.push(piece);
    else lines[lines.length - 1] = line + piece;
  }
  return lines.map((line) => line.trimEnd());
}
