// The small box beside what is pointed at or focused: counts by layer, and the rate.

import { byId, element, glyph } from "./dom.js";
import { formatNumber, formatRate } from "./formats.js";

/** @typedef {import("./types.js").Tally} Tally */

export class Tooltip {
  /** @param {import("./texts.js").Texts} texts */
  constructor(texts) {
    this.texts = texts;
    this.box = byId("tooltip");
  }

  /**
   * @param {string} title
   * @param {Tally | null} tally  null: outside the data's coverage
   * @param {readonly string[]} layers
   * @param {number | null} [rate]  per million residents, where they were read
   */
  fill(title, tally, layers, rate) {
    const rows = tally
      ? layers.map((id) => {
          const layer = this.texts.layer(id);
          return element("div", {}, glyph(layer), element("span", {}, layer.short), element("b", {}, formatNumber(tally[id] ?? 0)));
        })
      : [element("small", {}, this.texts.get("outside"))];
    const said = rate && element("small", {}, this.texts.get("map.rate", { rate: formatRate(rate) }));
    this.box.replaceChildren(element("strong", {}, title), ...rows, ...(said ? [said] : []));
  }

  /**
   * Show the box above a point of the stage, or below it near the upper edge.
   * @param {number} x
   * @param {number} y
   * @param {number} [gap]
   */
  show(x, y, gap = 12) {
    this.box.hidden = false;
    const stage = /** @type {HTMLElement} */ (this.box.offsetParent ?? this.box.parentElement);
    const { offsetWidth: width, offsetHeight: height } = this.box;
    const left = Math.max(8, Math.min(stage.clientWidth - width - 8, x - width / 2));
    const top = y - height - gap < 8 ? y + gap : y - height - gap;
    this.box.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }

  hide() {
    this.box.hidden = true;
  }
}
