// The regions by bare code: names in the reader's language, the way up and the way down.

/** @typedef {[en: string, zhHans: string, zhHant: string, parent: string | null, level: string]} Entry */

const PLACE_OF_NAME = /** @type {Record<string, number>} */ ({ en: 0, "zh-Hans": 1, "zh-Hant": 2 });

export class RegionIndex {
  /**
   * @param {Record<string, Entry>} entries
   * @param {string} language
   */
  constructor(entries, language) {
    this.entries = entries;
    this.language = language;
    /** @type {Map<string | null, string[]>} */
    this.children = new Map();
    for (const [code, entry] of Object.entries(entries)) {
      this.children.set(entry[3], [...(this.children.get(entry[3]) ?? []), code]);
    }
  }

  /** @param {string} code */
  name(code) {
    const entry = this.entries[code];
    return entry ? String(entry[PLACE_OF_NAME[this.language] ?? 0]) : code;
  }

  /** @param {string} code */
  level(code) {
    return this.entries[code]?.[4] ?? null;
  }

  /**
   * Codes from the province down to `code`; empty for the whole country.
   * @param {string | null} code
   */
  path(code) {
    /** @type {string[]} */
    const steps = [];
    for (let step = code; step && this.entries[step]; step = this.entries[step]?.[3] ?? null) steps.unshift(step);
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
