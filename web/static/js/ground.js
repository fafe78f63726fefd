// The land of each level: topologies, fetched when first needed and decoded once.

import { decodeArcs, decodeRegion } from "./topology.js";
import { inPieces } from "./turns.js";

/** @typedef {import("./types.js").RegionFeature} RegionFeature */
/** @typedef {import("./topology.js").Topology} Topology */
/** @typedef {{topology: Topology, arcs: import("./types.js").Position[][], features: RegionFeature[]}} Sheet */

/** Regions that are decoded before the browser may draw a frame. */
const PIECE = 60;

export class Ground {
  /**
   * @param {import("./api.js").Api} api
   * @param {string} first  address of the provinces' topology
   * @param {() => Promise<Record<string, string>>} addresses  of all topologies by name
   */
  constructor(api, first, addresses) {
    this.api = api;
    this.first = first;
    this.addresses = addresses;
    /** @type {Map<string, Promise<Sheet>>} */
    this.sheets = new Map();
  }

  /**
   * The sheets of a level; counties come in one sheet a province.
   * @param {string} level
   * @param {string[]} provinces
   * @returns {Promise<Sheet[]>}
   */
  async load(level, provinces) {
    if (level === "province") return [await this.#sheet(this.first, level)];
    const addresses = await this.addresses();
    const names = level === "county" ? provinces.map((code) => `county-${code}`) : [level];
    return Promise.all(names.flatMap((name) => (addresses[name] ? [this.#sheet(addresses[name], level)] : [])));
  }

  /**
   * The region with a bare code; null when no topology has it.
   * @param {string} code
   * @param {string} level
   * @param {string} province
   * @returns {Promise<RegionFeature | null>}
   */
  async find(code, level, province) {
    const sheets = await this.load(level, [province]);
    return sheets.flatMap((sheet) => sheet.features).find((feature) => feature.code === code) ?? null;
  }

  /**
   * @param {string} address
   * @param {string} level
   */
  #sheet(address, level) {
    const known = this.sheets.get(address);
    if (known) return known;
    const made = this.api.read(address).then(async (/** @type {Topology} */ topology) => {
      const arcs = decodeArcs(topology);
      /** @type {RegionFeature[]} */
      const features = [];
      const decode = (/** @type {import("./topology.js").TopoGeometry[]} */ piece) => {
        for (const geometry of piece) features.push(decodeRegion(geometry, arcs, level));
      };
      await inPieces(topology.objects.regions.geometries, PIECE, decode, () => true);
      return { topology, arcs, features };
    });
    this.sheets.set(address, made);
    made.catch(() => this.sheets.delete(address));
    return made;
  }
}
