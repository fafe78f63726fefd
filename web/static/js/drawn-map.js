// The map as it stands first: the server's picture drawn anew by Leaflet, without asking what it stands for. Fills, rings
// and what they say are taken from the picture; only the outlines are fetched. What the page needs beyond that comes later.

import { byId } from "./dom.js";
import { LandLayer } from "./land-layer.js";
import { keepStill } from "./leaflet.js";
import { MapFit, prefersStillness } from "./map-fit.js";
import { RingLayer } from "./ring-layer.js";
import { decodeArcs, decodeRegions } from "./topology.js";

/** @typedef {import("./types.js").MapConfig} MapConfig */
/** @typedef {import("./types.js").RegionFeature} RegionFeature */
/** @typedef {import("./ground.js").Sheet} Sheet */
/** @typedef {import("./ring-layer.js").NamedRing} NamedRing */

/** Where the order of layers begins in a row of counts. */
const COUNTS_FROM = 1;

export class DrawnMap {
  /**
   * @param {L.Map} map
   * @param {Pick<MapConfig, "home">} config
   * @param {(code: string, byKeyboard: boolean) => void} onOpen  a region; until the page hears the map itself
   */
  constructor(map, config, onOpen = () => {}) {
    this.map = map;
    if (prefersStillness()) keepStill(map);
    this.fit = new MapFit(map, config.home);
    this.land = new LandLayer(map, { onOpen: (region) => onOpen(region.code, false), onPoint: () => {} });
    this.rings = new RingLayer(map, { onOpen: (item, byKeyboard) => onOpen(item.code, byKeyboard), onPoint: () => {} });
    /** The outlines of the provinces, once they were drawn. @type {Sheet | null} */
    this.sheet = null;
  }

  /**
   * Draw what the server's picture shows. Returns false when the outlines cannot be had: the page then asks again, and
   * tells its reader.
   * @param {MapConfig} config
   */
  async drawPicture(config) {
    this.fit.show(null, false);
    const answer = await fetch(config.firstTopology).catch(() => null);
    if (!answer?.ok) return false;
    /** @type {import("./topology.js").Topology} */
    const topology = await answer.json();
    const arcs = decodeArcs(topology);
    const sheet = { topology, arcs, features: decodeRegions(topology, arcs, "province") };
    const fills = readFills(config.provinceNames);
    const isPhone = matchMedia("(max-width: 720px)").matches;
    const { rings, write } = readRings(config, sheet.features);
    await this.land.draw("province", [sheet], (code) => fills.get(code) ?? "none", () => true);
    await this.rings.draw(rings, { isPhone, mayDrop: false, write }, () => true);
    this.replacePicture("province");
    this.sheet = sheet;
    return true;
  }

  /** The map stands where the picture was. @param {string} level  that is drawn */
  replacePicture(level) {
    document.documentElement.dataset.level = level;
    byId("fit-box").classList.add("replaced");
  }
}

/**
 * The class of each province's fill, in the picture.
 * @param {MapConfig["provinceNames"]} provinces  in the picture's order
 */
function readFills(provinces) {
  const shapes = byId("first-frame").querySelectorAll(".land");
  return new Map(provinces.map(([code], index) => [code, shapes[index]?.classList[1]]));
}

/**
 * The rings of the picture, with what stands in them and what they say aloud.
 * @param {MapConfig} config
 * @param {RegionFeature[]} features
 */
function readRings(config, features) {
  const names = new Map(config.provinceNames);
  const rows = new Map(config.provinces.map((row) => [row[0], row]));
  const points = new Map(features.map(({ code, point }) => [code, point]));
  /** @type {Map<number, string>} */
  const written = new Map();
  /** @type {NamedRing[]} */
  const rings = [];
  for (const link of byId("first-frame").querySelectorAll("a")) {
    const code = new URLSearchParams(link.getAttribute("href")?.split("?")[1]).get("region") ?? "";
    const point = points.get(code);
    const row = rows.get(code);
    if (!point || !row) continue;
    const layers = config.layers.filter((layer) => link.querySelector(`.stroke-${layer}`));
    const tally = Object.fromEntries(config.layers.map((layer, index) => [layer, Number(row[index + COUNTS_FROM])]));
    const count = layers.reduce((total, layer) => total + (tally[layer] ?? 0), 0);
    const [title = "", said = ""] = (link.getAttribute("aria-label") ?? "").split(": ");
    const badge = link.querySelector(".badge")?.classList[1]?.replace("fill-", "") ?? null;
    written.set(count, link.querySelector("text")?.textContent ?? "");
    rings.push({ code, level: "province", isRemainder: false, tally, point, layers, count, name: names.get(code) ?? code, title, said, badge });
  }
  return { rings, write: (/** @type {number} */ count) => written.get(count) ?? "" };
}
