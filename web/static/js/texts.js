// The texts of the reader's language, and what they say about numbers, dates and counts.

import { formatDate, formatMonth, formatNumber, formatShort } from "./formats.js";
import { sum } from "./tallies.js";

/** @typedef {import("./types.js").Words} Words */
/** @typedef {import("./types.js").Tally} Tally */

export class Texts {
  /** @param {Words} words */
  constructor(words) {
    this.words = words;
    this.language = words.language;
    this.incidentLayers = words.layers.filter((layer) => layer.isIncident).map((layer) => layer.id);
  }

  /**
   * The text `key` with its {places} filled. Throws for a key that no language file has.
   * @param {string} key
   * @param {Record<string, string>} [values]
   */
  get(key, values = {}) {
    const text = this.words.texts[key];
    if (text === undefined) throw new Error(`No text is called ${key}`);
    return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  }

  /**
   * A text about `number` things; `key.one` is the form for one.
   * @param {string} key
   * @param {number} number
   */
  count(key, number) {
    const one = number === 1 && `${key}.one` in this.words.texts;
    return this.get(one ? `${key}.one` : key, { count: formatNumber(number) });
  }

  /** @param {number} number */
  short(number) {
    return formatShort(number, this.language);
  }

  /** @param {string} day */
  date(day) {
    return formatDate(day, this.language);
  }

  /** @param {string} month */
  month(month) {
    return formatMonth(month, this.language);
  }

  /** @param {string} id */
  layer(id) {
    const found = this.words.layers.find((layer) => layer.id === id);
    if (!found) throw new Error(`No layer is called ${id}`);
    return found;
  }

  /**
   * A term's label, or the code where no list has it.
   * @param {string | null} vocabulary
   * @param {string} code
   */
  term(vocabulary, code) {
    return this.words.terms[vocabulary ?? ""]?.[code] ?? code;
  }

  /** The layers that are counted: incidents among `layers`; where there is none, the cases. @param {readonly string[]} layers */
  counted(layers) {
    const incidents = layers.filter((layer) => this.incidentLayers.includes(layer));
    return incidents.length ? incidents : layers;
  }

  /** The layers of cases that stand beside incidents and are not in the total. @param {readonly string[]} layers */
  beside(layers) {
    const counted = this.counted(layers);
    return layers.filter((layer) => !counted.includes(layer));
  }

  /** The key of what is counted. @param {readonly string[]} layers */
  noun(layers) {
    const [first] = this.counted(layers);
    return !first || this.incidentLayers.includes(first) ? "incidents" : "cases";
  }

  /**
   * What a ring counts: what is counted, or the cases where a region has nothing else.
   * @param {Tally} tally
   * @param {readonly string[]} layers
   */
  shown(tally, layers) {
    const counted = this.counted(layers);
    return sum(tally, counted) ? counted : this.beside(layers);
  }

  /**
   * Counts as words: incidents, and cases beside them.
   * @param {Tally} tally
   * @param {readonly string[]} layers
   */
  say(tally, layers) {
    const cases = sum(tally, this.beside(layers));
    const said = [this.count(`${this.noun(layers)}.count`, sum(tally, this.counted(layers)))];
    if (cases) said.push(this.count("cases.count", cases));
    return said.join(", ");
  }
}
