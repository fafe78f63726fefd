// The page around the map: hears its reader, keeps the address true, and has drawn what a change of the selection asks
// for. It comes when the map stands.

import { ApiError } from "./api.js";
import { nameFailure } from "./failures.js";
import { isStep } from "./history-steps.js";
import { whenIdle } from "./idle.js";
import { showLegend } from "./legend.js";
import { refreshLinks, wireLinks } from "./links.js";
import { MapView } from "./map-view.js";
import { makeToast, watchProgress } from "./notices.js";
import { makeParts } from "./page-parts.js";
import { wireSheet } from "./sheet.js";
import { recallTheme } from "./theme.js";
import { withoutKnownTo, writeHash } from "./url-state.js";

/** @typedef {import("./page-parts.js").WholeParts} WholeParts */
/** @typedef {import("./types.js").Selection} Selection */

/**
 * @param {L.Map} map
 * @param {import("./types.js").MapConfig} config
 * @param {import("./drawn-map.js").DrawnMap} drawn  the map as it stands
 */
export async function makePage(map, config, drawn) {
  const parts = await makeParts(map, config, drawn.sheet, {
    attempt: (work) => page.attempt(work),
    open: (code, knownTo, byKeyboard) => page.open(code, knownTo, byKeyboard),
  });
  const page = new WholePage(parts, new MapView(map, parts, drawn));
  return page;
}

export class WholePage {
  /**
   * @param {WholeParts} parts
   * @param {import("./map-view.js").MapView} view
   */
  constructor(parts, view) {
    this.parts = parts;
    this.view = view;
    this.toast = makeToast(parts.texts);
    this.sheet = wireSheet();
    this.firstRecord = parts.store.selection.record;
    this.isGoingBack = false;
    /** @type {import("./panel.js").Panel | null} */
    this.panel = null;
    /** @type {import("./case-lines.js").CaseLines | null} */
    this.lines = null;
    /** What failed and was not yet done again. @type {Set<() => Promise<void>>} */
    this.failed = new Set();
    parts.store.change({ theme: recallTheme(parts.store.selection.theme) }); // before it is followed: this is no step of the reader's
    parts.api.onPending = watchProgress();
    view.showWith((shown) => showLegend(parts.texts, shown));
    this.#listen();
  }

  /** Draw what the address asks for, or add what a map that stands as the server drew it does not know yet. */
  async look() {
    const { parts, view } = this;
    if (parts.store.selection.region) await parts.attempt(async () => void (await parts.regions.whole()));
    await parts.attempt(() => (view.drawn.sheet ? view.draw() : view.look()));
  }

  /** Bring to life what stands around the map. */
  async begin() {
    const { parts, view } = this;
    const { attempt, store, texts } = parts;
    refreshLinks(parts);
    await attempt(async () => (await import("./controls.js")).wireControls(parts, view, () => this.#retry()));
    if (store.selection.tab === "list" && !store.selection.record) await attempt(() => this.#drawPanel());
    attempt(async () => (await import("./print-page.js")).wirePrint(parts));
    if (store.selection.tab === "table") await attempt(async () => (await import("./table-sort.js")).makeSortable(texts.language));
    whenIdle(() => attempt(async () => void (await this.#loadPanel())));
    whenIdle(() => attempt(() => this.#drawLines()));
  }

  /**
   * @param {string} code
   * @param {string | null} knownTo  level of a region whose records known to nothing inside it are asked for
   * @param {boolean} byKeyboard
   */
  open(code, knownTo, byKeyboard) {
    const { map, store, tooltip } = this.parts;
    const { filters, record, tab } = store.selection;
    const finer = { province: "prefecture", prefecture: "county" }[knownTo ?? ""];
    const kept = withoutKnownTo(filters);
    tooltip.hide();
    store.change({
      region: code,
      record: null,
      filters: finer ? [...kept, [finer, "unknown"]] : kept,
      tab: finer ? "list" : record ? "overview" : tab,
    });
    if (byKeyboard) map.getContainer().focus();
  }

  /** @param {() => Promise<void>} work */
  async attempt(work) {
    try {
      await work();
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return;
      this.tell(error, work);
    }
  }

  /**
   * Tell the reader what failed, and offer to do it again. What is no fault of the line or the server goes on.
   * @param {unknown} error
   * @param {() => Promise<void>} work
   */
  tell(error, work) {
    this.failed.add(work);
    const why = nameFailure(error);
    this.toast.show(why, () => this.#retry());
    if (why === "error.load" && !(error instanceof ApiError)) throw error;
  }

  #retry() {
    const again = [...this.failed];
    this.failed.clear();
    for (const work of again) this.parts.attempt(work);
  }

  #listen() {
    const { config, map, read, store } = this.parts;
    store.listen((after, before) => this.#follow(after, before));
    addEventListener("popstate", () => this.#goBack());
    addEventListener("resize", () => this.view.fit.refit());
    wireLinks((search) => store.change({ ...read(search), language: config.language }));
    map.on("moveend", () => {
      if (this.view.fit.isFitted) return;
      const { lat, lng } = map.getCenter();
      history.replaceState(null, "", location.pathname + location.search + writeHash({ zoom: map.getZoom(), lat, lon: lng }));
      refreshLinks(this.parts);
    });
    map.getContainer().addEventListener("keydown", (event) => {
      const path = this.parts.regions.path(store.selection.region);
      if (event.key !== "Escape" || !path.length) return;
      store.change({ region: path.at(-2) ?? null, record: null, filters: withoutKnownTo(store.selection.filters) });
      map.getContainer().focus();
    });
  }

  /**
   * @param {Selection} after
   * @param {Selection} before
   */
  #follow(after, before) {
    const { parts, view } = this;
    const { address, attempt, regions } = parts;
    const moved = after.region !== before.region;
    const hash = moved ? "" : location.hash;
    if (!this.isGoingBack) history[isStep(after, before) ? "pushState" : "replaceState"](null, "", address({}) + hash);
    refreshLinks(parts);
    if (!regions.topologies) attempt(() => regions.whole().then(() => refreshLinks(parts)));
    if (after.tab !== before.tab || after.record) this.sheet.open();
    attempt(() => this.#drawPanel());
    attempt(() => this.#drawLines());
    if (this.isGoingBack) return;
    attempt(() => (moved ? view.fitSelection(true).then(() => view.draw()) : view.draw()));
  }

  #goBack() {
    const { address, attempt, config, read, store } = this.parts;
    this.isGoingBack = true;
    const { theme } = store.selection; // colours are no step: Back keeps them
    store.change({ ...read(location.search), language: config.language, theme });
    history.replaceState(null, "", address({}) + location.hash);
    this.isGoingBack = false;
    attempt(() => this.view.look());
  }

  /** The panel is drawn by the server first; its modules come when it changes. */
  async #loadPanel() {
    const { parts } = this;
    const [{ Panel }, { showLayerCounts }] = await Promise.all([import("./panel.js"), import("./layer-switches.js"), parts.regions.whole()]);
    this.panel ??= new Panel(parts, this.firstRecord);
    this.panel.onFigures = showLayerCounts;
    return this.panel;
  }

  /** A chosen case has lines to its incidents. */
  async #drawLines() {
    const { record } = this.parts.store.selection;
    const isCase = record?.startsWith("U-") ?? false;
    if (!this.lines && !isCase) return;
    const { CaseLines } = await import("./case-lines.js");
    this.lines ??= new CaseLines(this.parts);
    await this.lines.show(isCase ? record : null);
  }

  async #drawPanel() {
    const panel = await this.#loadPanel();
    await panel.draw();
  }
}
