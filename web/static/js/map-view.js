// The map: what is drawn at which zoom, and what a click on it means.

import { findBreaks } from "./class-breaks.js";
import { byId } from "./dom.js";
import { LandLayer } from "./land-layer.js";
import { L, toBounds } from "./leaflet.js";
import { showLegend } from "./legend.js";
import { MapFit } from "./map-fit.js";
import { readTallies } from "./map-figures.js";
import { levelAt, ringsOf, LEVELS } from "./map-levels.js";
import { RingLayer } from "./ring-layer.js";
import { sum } from "./tallies.js";

/** @typedef {import("./page-parts.js").PageParts} PageParts */
/** @typedef {import("./types.js").Tally} Tally */
/** @typedef {import("./map-levels.js").RingItem} RingItem */

const SETTLE_MS = 60;

export class MapView {
  /**
   * @param {L.Map} map
   * @param {PageParts} parts
   */
  constructor(map, parts) {
    this.map = map;
    this.parts = parts;
    this.fit = new MapFit(map, parts.config.home);
    this.land = new LandLayer(map, {
      onOpen: (region) => parts.open(region.code, null, false),
      onPoint: (region, event) => this.#pointAtLand(region, event),
    });
    this.rings = new RingLayer(map, {
      onOpen: (item, byKeyboard) => parts.open(item.code, item.isRemainder ? item.level : null, byKeyboard),
      onPoint: (item, at) => this.#pointAtRing(item, at),
    });
    this.sequence = 0;
    this.waiting = new AbortController();
    /** @type {Record<string, Map<string, Tally>>} */
    this.tallies = {};
    this.level = "";
    this.settle = 0;
    map.on("moveend", () => {
      clearTimeout(this.settle);
      this.settle = window.setTimeout(() => parts.attempt(() => this.draw()), SETTLE_MS);
    });
  }

  /** Draw what the selection and the view ask for. What is drawn stays until the new is ready; late answers are dropped. */
  async draw() {
    const turn = (this.sequence += 1);
    clearTimeout(this.settle);
    this.waiting.abort();
    this.waiting = new AbortController();
    const { api, ground, regions, store } = this.parts;
    const { selection } = store;
    const level = levelAt(this.map.getZoom(), regions.childLevel(selection.region), this.fit.zoom);
    const provinces = await this.#provincesInView();
    const wanted = LEVELS.slice(0, LEVELS.indexOf(level) + 1);
    const [tallies, ...sheets] = await Promise.all([
      readTallies(api, selection, level, provinces, this.waiting.signal),
      ...wanted.map((name) => ground.load(name, provinces)),
    ]);
    if (turn !== this.sequence) return;
    this.tallies = tallies;
    this.level = level;
    this.#drawLand(level, sheets.at(-1) ?? []);
    const features = Object.fromEntries(wanted.map((name, index) => [name, (sheets[index] ?? []).flatMap((s) => s.features)]));
    this.#drawRings(ringsOf(level, features, tallies));
    document.documentElement.dataset.level = level;
    byId("fit-box").classList.add("replaced");
  }

  /** @param {string} code */
  async boundsOf(code) {
    const { ground, regions } = this.parts;
    const found = await ground.find(code, regions.level(code) ?? "province", regions.path(code)[0] ?? code);
    return found ? toBounds(found.box) : null;
  }

  async #provincesInView() {
    const sheets = await this.parts.ground.load("province", []);
    const bounds = this.map.getBounds().pad(0.05);
    const features = sheets.flatMap((sheet) => sheet.features);
    return features.filter((feature) => bounds.intersects(toBounds(feature.box))).map((feature) => feature.code);
  }

  /**
   * @param {string} level
   * @param {import("./ground.js").Sheet[]} sheets
   */
  #drawLand(level, sheets) {
    const { config, regions, store, texts } = this.parts;
    const { selection } = store;
    const counted = texts.counted(selection.layers);
    const isShaded = selection.shade !== "none" && counted.length > 0;
    const valueOf = (/** @type {string} */ code) => (isShaded ? sum(this.tallies[level]?.get(code), counted) : 0);
    const breaks = findBreaks(sheets.flatMap((sheet) => sheet.features.map((feature) => valueOf(feature.code))));
    const isOutside = (/** @type {string} */ code) => this.#isOutside(code);
    this.land.draw(level, sheets, (code) => ({ value: valueOf(code), isOutside: isOutside(code) }), breaks);
    const selected = selection.region;
    const groups = selected ? (/** @type {any} */ geometry) => (regions.path(geometry.id).includes(selected) ? selected : geometry.id) : null;
    this.land.drawOutline(sheets, groups, selected ?? "");
    this.shown = { breaks, isShaded: isShaded && sheets.length > 0, config };
  }

  /** @param {RingItem[]} items */
  #drawRings(items) {
    const { regions, store, texts } = this.parts;
    const { layers } = store.selection;
    const named = items
      .map((item) => {
        const shown = texts.shown(item.tally, layers);
        const name = regions.name(item.code);
        const title = item.isRemainder ? texts.get("remainder.of", { place: name }) : name;
        const hasCases = sum(item.tally, layers) > sum(item.tally, shown);
        const badge = hasCases ? (texts.beside(layers)[0] ?? null) : null;
        return { ...item, layers: shown, count: sum(item.tally, shown), name, title, said: texts.say(item.tally, layers), badge };
      })
      .filter((item) => item.count);
    const isPhone = matchMedia("(max-width: 720px)").matches;
    this.rings.draw(named, { isPhone, mayDrop: this.level !== "province", write: (count) => texts.short(count) });
    showLegend(texts, {
      breaks: this.shown?.breaks ?? [],
      isShaded: this.shown?.isShaded ?? false,
      noun: texts.noun(layers),
      hasRemainder: named.some((item) => item.isRemainder),
      badge: named.find((item) => item.badge)?.badge ?? null,
    });
  }

  /** @param {string} code */
  #isOutside(code) {
    const province = this.parts.regions.path(code)[0] ?? code;
    return this.parts.config.outside.includes(province) && !this.tallies.province?.has(province);
  }

  /**
   * @param {import("./types.js").RegionFeature | null} region
   * @param {L.LeafletMouseEvent | null} event
   */
  #pointAtLand(region, event) {
    const { tooltip, regions, store } = this.parts;
    if (!region || !event || matchMedia("(hover: none)").matches) return tooltip.hide();
    const tally = this.#isOutside(region.code) ? null : (this.tallies[this.level]?.get(region.code) ?? {});
    tooltip.fill(regions.name(region.code), tally, store.selection.layers);
    return tooltip.show(event.containerPoint.x, event.containerPoint.y);
  }

  /**
   * @param {import("./ring-layer.js").NamedRing | null} item
   * @param {HTMLElement | null} at
   */
  #pointAtRing(item, at) {
    const { tooltip, store } = this.parts;
    if (!item || !at) return tooltip.hide();
    const stage = this.map.getContainer().getBoundingClientRect();
    const box = at.getBoundingClientRect();
    tooltip.fill(item.title, item.tally, store.selection.layers);
    return tooltip.show(box.left + box.width / 2 - stage.left, box.top + box.height / 2 - stage.top, box.height / 2 + 8);
  }
}
