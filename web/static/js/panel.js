// The panel of figures: head, tabs and the tab that is open.

import { itemAddress } from "./api.js";
import { drawBar } from "./bars.js";
import { all, byId, glyph, element } from "./dom.js";
import { readFigures } from "./figures.js";
import { formatNumber } from "./formats.js";
import { openTab } from "./open-tab.js";
import { drawOverview } from "./overview.js";
import { drawCard } from "./record-card.js";
import { drawList, readList } from "./record-list.js";
import { drawTable } from "./region-table.js";
import { sum } from "./tallies.js";
import { loadTime } from "./time.js";

/** @typedef {import("./page-parts.js").PageParts} PageParts */
/** @typedef {import("./figures.js").RegionFigures} RegionFigures */

export class Panel {
  /**
   * @param {PageParts} parts
   * @param {string | null} record  whose card the page came with
   */
  constructor(parts, record) {
    this.parts = parts;
    this.sequence = 0;
    this.waiting = new AbortController();
    this.record = record;
  }

  /** Show the selection. What is shown stays until the new is ready; late answers are dropped. */
  async draw() {
    const { api, regions, store, texts } = this.parts;
    const turn = (this.sequence += 1);
    this.waiting.abort();
    this.waiting = new AbortController();
    const { signal } = this.waiting;
    const { selection } = store;
    openTab(selection);
    const [figures, list, record, showTime, charts] = await Promise.all([
      readFigures(api, selection, regions.childLevel(selection.region), signal),
      readList(this.parts, signal),
      selection.record ? api.read(itemAddress(selection.record), signal) : null,
      loadTime(this.parts),
      import("./charts.js").then(({ readCharts }) => readCharts(this.parts, signal)),
    ]);
    if (turn !== this.sequence) return;
    const hadFocus = byId("panel").contains(document.activeElement);
    this.#drawHead(figures);
    showTime(figures.months);
    replace("view-overview", [...drawOverview(this.parts, figures, list.features, charts), this.legend]);
    replace("view-table", drawTable(this.parts, figures));
    replace("view-list", record ? [drawCard(this.parts, record)] : drawList(this.parts, list));
    this.#keepFocus(hadFocus, record?.id ?? null);
    this.onFigures?.(figures);
    byId("announcement").textContent = `${this.#place()}, ${texts.say(figures.total, selection.layers)}`;
  }

  /** Told the figures of each selection. @type {((figures: RegionFigures) => void) | undefined} */
  onFigures;

  /** The legend that phones have in the overview; it is kept through every drawing. */
  get legend() {
    return document.querySelector("#view-overview [data-legend]") ?? element("div", { class: "block phone-only", "data-legend": true });
  }

  #place() {
    const { regions, store, texts } = this.parts;
    return store.selection.region ? regions.name(store.selection.region) : texts.get("country");
  }

  /** @param {RegionFigures} figures */
  #drawHead({ total }) {
    const { regions, store, texts } = this.parts;
    const { layers, region } = store.selection;
    const [counted, beside] = [texts.counted(layers), texts.beside(layers)];
    const count = sum(total, counted);
    const number = sum(total, beside);
    const above = regions.path(region).slice(0, -1).map((code) => regions.name(code));
    const write = (/** @type {string} */ name, /** @type {(Node | string)[]} */ ...content) =>
      all(`[data-${name}]`).forEach((place) => place.replaceChildren(...content));
    write("eyebrow", region ? [texts.get("country"), ...above].join(" › ") : texts.get("country.all"));
    write("place", this.#place());
    write("total", formatNumber(count));
    write("total-word", texts.get(texts.noun(layers) + (count === 1 ? ".one" : "")));
    const note = number
      ? [glyph(texts.layer(beside[0] ?? "")), element("b", {}, texts.count("cases.count", number)), " ", element("span", {}, texts.get("cases.beside"))]
      : [];
    write("beside", ...note);
    write("mix", drawBar(total, counted, count, "mix"));
  }

  /**
   * What had the focus may be gone: a record that was opened gets it, else the open tab.
   * @param {boolean} hadFocus
   * @param {string | null} record
   */
  #keepFocus(hadFocus, record) {
    const isNew = record !== this.record;
    this.record = record;
    if (!hadFocus || (document.activeElement !== document.body && !(record && isNew))) return;
    const title = document.querySelector("#view-list .card h2");
    const open = document.querySelector("[role=tabpanel]:not([hidden])");
    const next = record && isNew ? title : open;
    if (next instanceof HTMLElement) next.focus({ preventScroll: true });
  }
}

/**
 * @param {string} id
 * @param {(Node | false | null | undefined | "")[]} content
 */
function replace(id, content) {
  byId(id).replaceChildren(...content.flatMap((node) => (node ? [node] : [])));
}
