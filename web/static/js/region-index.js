// The regions by bare code: names in the reader's language, the way up and the way down.

/** @typedef {[name: string, parent: string | null, level: string]} Entry */

export class RegionIndex {
  /** @param {Record<string, Entry>} entries */
  constructor(entries) {
    this.entries = entries;
    /** @type {Map<string | null, string[]>} */
    this.children = new Map();
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
