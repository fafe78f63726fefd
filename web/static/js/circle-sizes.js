// Which circles the legend shows. The twin of web/circle_sizes.py: tests/web/circle-cases.json holds for both.

import { DESKTOP, LEAST_LARGEST, ringRadius } from "./rings.js";

/**
 * Up to three circles as the map draws them, the largest first, for a map whose largest count is given. `isMost` says
 * that smaller counts are drawn as large.
 * @param {number} largest
 * @param {{smallest: number, largest: number}} [sizes]
 */
export function chooseCircles(largest, sizes = DESKTOP) {
  if (largest < 1) return [];
  const smallest = Math.max(LEAST_LARGEST, largest) * (sizes.smallest / sizes.largest) ** 2;
  const [top, bottom] = [floorToNice(largest), floorToNice(Math.max(1, smallest))];
  const counts = [...new Set([top, floorToNice(Math.sqrt(top * bottom)), bottom])].sort((a, b) => b - a);
  return counts.map((count) => ({ count, radius: ringRadius(count, largest, sizes), isMost: count === bottom && count > 1 }));
}

/**
 * The largest whole number of one digit and zeros that is not above `number`.
 * @param {number} number
 */
function floorToNice(number) {
  const scale = 10 ** (String(Math.floor(number)).length - 1);
  return Math.floor(number / scale) * scale;
}
