// The regions by bare code: names in the reader's language, the way up and the way down. Provinces come with the page;
// the others when first needed, because they are thousands.

/** @typedef {[name: string, parent: string | null, level: string]} Entry */
/** @typedef {{topologies: Record<string, string>, regions: Record<string, Entry>}} Index */

export class RegionIndex {
  /**
   * @param {[code: string, name: string][]} provinces
   * @param {() => Promise<Index>} read
   */
  constructor(provinces, read) {
    this.read = read;
    /** @type {Record<string, string> | null} */
    this.topologies = null;
    /** @type {Record<string, Entry>} */
    this.entries = {};
    /** @type {Map<string | null, string[]>} */
    this.children = new Map();
    this.#take(Object.fromEntries(provinces.map(([code, name]) => [code, [name, null, "province"]])));
  }

  /** Have all regions. Returns the addresses of topologies by name. @returns {Promise<Record<string, string>>} */
  async whole() {
    if (this.topologies) return this.topologies;
    const { topologies, regions } = await this.read();
    this.#take(regions);
    this.topologies = topologies;
    return topologies;
  }

  /** @param {Record<string, Entry>} entries */
  #take(entries) {
    this.entries = entries;
    this.children.clear();
    for (const [code, entry] of Object.entries(entries)) {
      this.children.set(entry[1], [...(this.children.get(entry[1]) ?? []), code]);
    }
  }

  /** @param {string} code */
  name(code) {
    return this.entries[code]?.[0] ?? code;
  }

  /** @param {string} code */
  level(code) {
    return this.entries[code]?.[2] ?? null;
  }

  /**
   * Codes from the province down to `code`; empty for the whole country.
   * @param {string | null} code
   */
  path(code) {
    /** @type {string[]} */
    const steps = [];
    for (let step = code; step && this.entries[step]; step = this.entries[step]?.[1] ?? null) steps.unshift(step);
    return steps;
  }

  /**
   * The level of the regions inside `code`; null when there are none.
   * @param {string | null} code
   */
  childLevel(code) {
    const [first] = this.children.get(code) ?? [];
    return first ? this.level(first) : null;
  }
}
