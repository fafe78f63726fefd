// The panel of figures: head, tabs and the tab that is open.

import { drawBar } from "./bars.js";
import { readCharts } from "./charts.js";
import { all, byId, glyph, element } from "./dom.js";
import { readFigures } from "./figures.js";
import { formatNumber } from "./formats.js";
import { watchList } from "./list-state.js";
import { openTab } from "./open-tab.js";
import { drawOverview, rememberBar } from "./overview.js";
import { drawMonths, readMonths } from "./month-table.js";
import { RecordList } from "./record-list.js";
import { drawTable } from "./region-table.js";
import { sum } from "./tallies.js";
import { makeSortable } from "./table-sort.js";
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
    this.list = new RecordList(parts);
    /** How far the list was scrolled when a record was opened from it. */
    this.scrolled = 0;
  }

  /** Show the selection. What is shown stays until the new is ready; late answers are dropped. */
  async draw() {
    const { selection } = this.parts.store;
    const turn = (this.sequence += 1);
    this.waiting.abort();
    this.waiting = new AbortController();
    const body = byId("panel").querySelector(".panel-body");
    if (selection.record && !this.record) this.scrolled = byId("view-list").hidden ? 0 : (body?.scrollTop ?? 0);
    openTab(selection);
    const [figures, list, record, showTime, charts, months] = await this.#read(selection, this.waiting.signal);
    if (turn !== this.sequence) return;
    const { texts } = this.parts;
    const hadFocus = byId("panel").contains(document.activeElement);
    const focusAgain = rememberBar();
    this.#drawHead(figures);
    showTime(figures.months);
    replace("view-overview", [...drawOverview(this.parts, figures, list.features, charts), this.legend]);
    replace("view-table", [...drawTable(this.parts, figures), months && drawMonths(this.parts, months, figures.total)]);
    if (months) makeSortable(texts.language);
    const isSameList = this.list.first === list;
    replace("view-list", record ? [record(this.list.neighbours(list, selection.record ?? ""))] : this.list.draw(list));
    if (selection.record !== this.record) body?.scrollTo(0, !selection.record && isSameList ? this.scrolled : 0);
    focusAgain?.();
    this.#keepFocus(hadFocus, selection.record);
    this.onFigures?.(figures);
    byId("announcement").textContent = `${this.#place()}, ${texts.say(figures.total, selection.layers)}`;
  }

  /**
   * All that the panel shows of a selection.
   * @param {import("./types.js").Selection} selection
   * @param {AbortSignal} signal
   */
  #read(selection, signal) {
    const { api, regions } = this.parts;
    const reading = this.list.read(signal);
    watchList(this.parts, reading, () => this.draw());
    return Promise.all([
      readFigures(api, selection, regions.childLevel(selection.region), signal),
      reading,
      selection.record ? this.#readCard(selection.record, signal) : null,
      loadTime(this.parts),
      readCharts(this.parts, signal),
      selection.tab === "table" ? readMonths(this.parts, signal) : null,
    ]);
  }

  /**
   * What is needed for a record's card only comes when one is opened.
   * @param {string} id
   * @param {AbortSignal} signal
   */
  async #readCard(id, signal) {
    const [{ drawCard }, { readDossier }] = await Promise.all([import("./record-card.js"), import("./record-reading.js")]);
    const dossier = await readDossier(this.parts, id, signal);
    return (/** @type {ReturnType<RecordList["neighbours"]>} */ neighbours) => drawCard(this.parts, dossier, neighbours);
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
   * What had the focus may be gone: a record that was opened gets it; one that was closed, its line in the list; else
   * the open tab.
   * @param {boolean} hadFocus
   * @param {string | null} record
   */
  #keepFocus(hadFocus, record) {
    const isNew = record !== this.record;
    const line = record ? undefined : this.list.entries.get(this.record ?? "");
    this.record = record;
    if (!hadFocus || (document.activeElement !== document.body && !(record && isNew))) return;
    const title = document.querySelector("#view-list .card h2");
    const open = document.querySelector("[role=tabpanel]:not([hidden])");
    const next = record && isNew ? title : line?.isConnected ? line : open;
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
