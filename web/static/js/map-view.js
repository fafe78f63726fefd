// The map: what is drawn at which zoom, and what a click on it means.

import { DrawnMap } from "./drawn-map.js";
import { L, toBounds } from "./leaflet.js";
import { prefersStillness } from "./map-fit.js";
import { readTallies } from "./map-figures.js";
import { levelAt, mayHaveMarks, ringsOf, wideRegions, LEVELS, MARKS_FROM } from "./map-levels.js";
import { fillOf, findRate, shadeRegions } from "./shades.js";
import { sum } from "./tallies.js";
import { nextTurn } from "./turns.js";
import { readHash } from "./url-state.js";

/** @typedef {import("./page-parts.js").PageParts} PageParts */
/** @typedef {import("./types.js").Tally} Tally */
/** @typedef {import("./map-levels.js").RingItem} RingItem */

const SETTLE_MS = 60;

export class MapView {
  /**
   * @param {L.Map} map
   * @param {PageParts} parts
   * @param {DrawnMap} drawn  what stands already
   */
  constructor(map, parts, drawn = new DrawnMap(map, parts.config)) {
    this.map = map;
    this.parts = parts;
    this.drawn = drawn;
    this.fit = drawn.fit;
    this.land = drawn.land;
    this.rings = drawn.rings;
    this.land.heard = {
      onOpen: (region, event) => {
        if (!this.marks?.isAt(event.containerPoint)) parts.open(region.code, null, false);
      },
      onPoint: (region, event) => this.#pointAtLand(region, event),
    };
    this.rings.heard = {
      onOpen: (item, byKeyboard) => (item.isGroup ? this.#zoomTo(item) : parts.open(item.code, item.isRemainder ? item.level : null, byKeyboard)),
      onPoint: (item, at) => this.#pointAtRing(item, at),
    };
    this.shading = shadeRegions("none", new Map(), {}, () => false);
    this.hasUnrated = false;
    /** Regions that have records known to nothing inside them. @type {Set<string>} */
    this.wide = new Set();
    this.hasUnplaced = false;
    /** Layers that have marks. @type {Set<string>} */
    this.marked = new Set();
    this.sequence = 0;
    this.waiting = new AbortController();
    /** @type {Record<string, Map<string, Tally>>} */
    this.tallies = {};
    this.level = "";
    /** @type {import("./marks.js").Marks | null} */
    this.marks = null;
    this.isNear = false;
    this.settle = 0;
    this.isPhone = false;
    /** Told what the map shows after each drawing. @type {((shown: import("./legend.js").Shown) => void) | null} */
    this.onShown = null;
    /** @type {import("./legend.js").Shown | null} */
    this.shown = null;
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
    this.isPhone = matchMedia("(max-width: 720px)").matches; // asked now: what was drawn would have to be laid out for it
    const { api, ground, regions, store } = this.parts;
    const { selection } = store;
    if (selection.region) await regions.whole();
    const level = levelAt(this.map.getZoom(), regions.childLevel(selection.region), this.fit.zoom);
    const provinces = await this.#provincesInView();
    if (level !== "province") await regions.whole();
    const wanted = LEVELS.slice(0, LEVELS.indexOf(level) + 1);
    const zoom = this.map.getZoom();
    const [tallies, near, ...sheets] = await Promise.all([
      readTallies(api, selection, level, provinces, this.waiting.signal),
      mayHaveMarks(zoom, selection.region !== null) ? this.#readMarks(level, provinces) : null,
      ...wanted.map((name) => ground.load(name, provinces)),
    ]);
    if (turn !== this.sequence) return;
    this.tallies = tallies;
    this.level = level;
    this.isNear = zoom >= MARKS_FROM;
    this.marked = new Set((near?.records ?? []).map((record) => record.properties.layer));
    this.marks?.draw(near);
    const isWanted = () => turn === this.sequence;
    const features = Object.fromEntries(wanted.map((name, index) => [name, (sheets[index] ?? []).flatMap((s) => s.features)]));
    const rest = near && this.marks ? this.marks.rest(tallies, near) : tallies;
    const items = ringsOf(level, features, rest);
    this.wide = wideRegions(items);
    if (!(await this.#drawLand(level, sheets.at(-1) ?? [], isWanted))) return;
    const groups = (near?.groups ?? []).map(({ key, lon, lat, tally }) => ({ code: key, level, isRemainder: false, isGroup: true, tally, point: /** @type {[number, number]} */ ([lon, lat]) }));
    if (level !== "province") await nextTurn();
    if (!isWanted()) return;
    await this.#drawRings([...items, ...groups], isWanted);
    if (!isWanted()) return;
    this.drawn.replacePicture(level);
  }

  /**
   * @param {string} level
   * @param {string[]} provinces
   */
  async #readMarks(level, provinces) {
    if (!this.marks) {
      const { Marks } = await import("./marks.js");
      this.marks ??= new Marks(this.map, this.parts);
    }
    return this.marks.read(level, provinces, this.waiting.signal);
  }

  /** @param {RingItem} item  a group */
  #zoomTo({ point: [lon, lat] }) {
    this.parts.tooltip.hide();
    this.map.setView([lat, lon], this.map.getZoom() + 2, { animate: !prefersStillness() });
  }

  /**
   * Tell what the map shows, now and after each drawing.
   * @param {(shown: import("./legend.js").Shown) => void} onShown
   */
  showWith(onShown) {
    this.onShown = onShown;
    if (this.shown) onShown(this.shown);
  }

  /** Look where the address says, else at the selected region, and draw. */
  async look() {
    const { region } = this.parts.store.selection;
    const linked = readHash(location.hash);
    if (!linked) await this.fitSelection(false);
    else this.fit.look(linked, region ? await this.boundsOf(region) : null);
    await this.draw();
  }

  /** @param {boolean} animate */
  async fitSelection(animate) {
    const { region } = this.parts.store.selection;
    this.fit.show(region ? await this.boundsOf(region) : null, animate);
  }

  /** @param {string} code */
  async boundsOf(code) {
    const { ground, regions } = this.parts;
    await regions.whole();
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
   * @param {() => boolean} isWanted
   */
  async #drawLand(level, sheets, isWanted) {
    const { config, regions, store, texts } = this.parts;
    const { selection } = store;
    const counted = texts.counted(selection.layers);
    const codes = sheets.flatMap((sheet) => sheet.features.map((feature) => feature.code));
    const counts = new Map(codes.map((code) => [code, sum(this.tallies[level]?.get(code), counted)]));
    this.shading = shadeRegions(this.isNear ? "none" : selection.shade, counts, config.residents, (code) => this.#isUncovered(code));
    const fills = new Map([...counts].map(([code, count]) => [code, this.#fillOf(code, count)]));
    if (!(await this.land.draw(level, sheets, (code) => fills.get(code) ?? "none", isWanted))) return false;
    this.hasUnrated = this.shading.measure === "rate" && [...fills.values()].includes("plain");
    this.hasUnplaced = [...fills.values()].includes("unplaced");
    const selected = selection.region;
    const groups = selected ? (/** @type {any} */ geometry) => (regions.path(geometry.id).includes(selected) ? selected : geometry.id) : null;
    this.land.drawOutline(sheets, groups, selected ?? "");
    return true;
  }

  /**
   * @param {string} code
   * @param {number} count
   */
  #fillOf(code, count) {
    const isUncovered = this.#isUncovered(code);
    if (this.isNear && !isUncovered) return "plain";
    const fill = fillOf(this.shading, code, count, isUncovered);
    return fill === "none" && this.parts.regions.path(code).some((above) => this.wide.has(above)) ? "unplaced" : fill;
  }

  /**
   * @param {RingItem[]} items
   * @param {() => boolean} isWanted
   */
  async #drawRings(items, isWanted) {
    const { regions, store, texts } = this.parts;
    const { layers } = store.selection;
    const named = items
      .map((item) => {
        const shown = texts.shown(item.tally, layers);
        const name = item.isGroup ? texts.get("marks.group") : regions.name(item.code);
        const title = item.isRemainder ? texts.get("remainder.of", { place: name }) : name;
        const hasCases = sum(item.tally, layers) > sum(item.tally, shown);
        const badge = hasCases ? (texts.beside(layers)[0] ?? null) : null;
        return { ...item, layers: shown, count: sum(item.tally, shown), name, title, said: texts.say(item.tally, layers), badge };
      })
      .filter((item) => item.count);
    const { isPhone } = this;
    const largest = await this.rings.draw(named, { isPhone, mayDrop: this.level !== "province", write: (count) => texts.short(count) }, isWanted);
    if (!isWanted()) return;
    this.shown = {
      shading: this.shading,
      wanted: this.isNear ? "none" : store.selection.shade,
      isNear: this.isNear,
      marked: layers.filter((layer) => this.marked.has(layer)),
      largest: named.length ? largest : 0,
      isPhone,
      hasUnrated: this.hasUnrated,
      hasUnplaced: this.hasUnplaced,
      noun: texts.noun(layers),
      hasRemainder: named.some((item) => item.isRemainder),
      badge: named.find((item) => item.badge)?.badge ?? null,
    };
    this.onShown?.(this.shown);
  }

  /** @param {string} code */
  #isOutside(code) {
    const province = this.parts.regions.path(code)[0] ?? code;
    return this.#isUncovered(code) && !this.tallies.province?.has(province);
  }

  /** @param {string} code */
  #isUncovered(code) {
    return this.parts.config.outside.includes(this.parts.regions.path(code)[0] ?? code);
  }

  /**
   * @param {import("./types.js").RegionFeature | null} region
   * @param {L.LeafletMouseEvent | null} event
   */
  #pointAtLand(region, event) {
    const { config, tooltip, regions, store, texts } = this.parts;
    if (event && this.marks?.isAt(event.containerPoint)) return undefined;
    if (!region || !event || matchMedia("(hover: none)").matches) return tooltip.hide();
    const tally = this.#isOutside(region.code) ? null : (this.tallies[this.level]?.get(region.code) ?? {});
    const { layers } = store.selection;
    const rate = tally && findRate(sum(tally, texts.counted(layers)), config.residents[region.code]);
    tooltip.fill(regions.name(region.code), tally, layers, rate);
    return tooltip.show(event.containerPoint.x, event.containerPoint.y);
  }

  /**
   * @param {import("./ring-layer.js").NamedRing | null} item
   * @param {HTMLElement | null} at
   */
  #pointAtRing(item, at) {
    const { config, tooltip, store, texts } = this.parts;
    if (!item || !at) return tooltip.hide();
    const stage = this.map.getContainer().getBoundingClientRect();
    const box = at.getBoundingClientRect();
    const { layers } = store.selection;
    const residents = item.isRemainder ? undefined : config.residents[item.code];
    tooltip.fill(item.title, item.tally, layers, findRate(sum(item.tally, texts.counted(layers)), residents));
    return tooltip.show(box.left + box.width / 2 - stage.left, box.top + box.height / 2 - stage.top, box.height / 2 + 8);
  }
}
