// How one record is put into words. The twin of web/records.py, which does the same on the server.

import { formatNumber } from "./formats.js";
import { PARTS, PERSONS, wordPersons } from "./person-counts.js";

/** @typedef {import("./types.js").ApiRecord} ApiRecord */
/** @typedef {import("./texts.js").Texts} Texts */
/** @typedef {{text: string, language: string}} Worded  a text with its own language, which may not be the page's */
/** @typedef {{name: string, label: string, values: string[]}} CardRow */

/** Properties that the card shows in places of their own. */
const SPECIAL = new Set(
  ("layer title_en title_zh_hans description_en description_zh_hans summary_en summary_zh_hans starts_on ends_on province " +
    "prefecture county uncertainty_m place_text_en place_text_zh_hans channel_results contacts incidents cases " +
    "sources legacy_url").split(" "),
);

/** Of what the unions of a case knew and did it is said too that it is not known. */
export const ALWAYS = ["awareness", "involvement"];

/**
 * The text `stem` in the reader's language, else in the other one.
 * @param {Record<string, any>} properties
 * @param {string} stem
 * @param {string} language
 * @returns {Worded | null}
 */
export function findText(properties, stem, language) {
  /** @type {[string | null, string][]} */
  const both = [[properties[`${stem}_en`], "en"], [properties[`${stem}_zh_hans`], "zh-Hans"]];
  if (language.startsWith("zh")) both.reverse();
  const found = both.find(([text]) => text);
  return found ? { text: String(found[0]), language: found[1] } : null;
}

/**
 * The text `stem` in the language the reader did not choose, if it exists in both.
 * @param {Record<string, any>} properties
 * @param {string} stem
 * @param {string} language
 */
export function findOtherText(properties, stem, language) {
  const first = findText(properties, stem, language);
  const other = findText(properties, stem, language.startsWith("zh") ? "en" : "zh-Hans");
  return other && other.language !== first?.language ? other : null;
}

export class RecordWords {
  /**
   * @param {Texts} texts
   * @param {{name: (code: string) => string}} regions
   */
  constructor(texts, regions) {
    this.texts = texts;
    this.regions = regions;
  }

  /** @param {ApiRecord} record @returns {Worded} */
  title(record) {
    const untitled = { text: this.texts.get("card.untitled", { id: record.id }), language: this.texts.language };
    return findText(record.properties, "title", this.texts.language) ?? untitled;
  }

  /** The place as exactly as it is public: from the finest region up in English, down in Chinese. @param {ApiRecord} record */
  place({ properties }) {
    const codes = ["province", "prefecture", "county"].map((level) => properties[level]).filter(Boolean);
    if (!codes.length) return this.texts.get(["regions", "incidents"].some((name) => properties[name]?.length > 1) ? "place.several" : "place.unknown");
    const names = [...new Set([...new Set(codes)].map((code) => this.regions.name(code)))];
    return this.texts.language.startsWith("zh") ? names.join("") : names.reverse().join(", ");
  }

  /** The day, or the first and the last, or the month where no more is known. @param {ApiRecord} record */
  dates({ properties: { starts_on: first, ends_on: last, date_precision: precision } }) {
    if (!first) return "";
    if (precision === "month") return this.texts.month(first);
    return !last || last === first ? this.texts.date(first) : `${this.texts.date(first)} – ${this.texts.date(last)}`;
  }

  /** The short facts a list shows. @param {ApiRecord} record */
  tags({ properties }) {
    return ["industry", "participants", "verification"].filter((name) => properties[name]).map((name) => this.texts.term(name, properties[name]));
  }

  /** Every public property that has a value and no place of its own on the card. @param {ApiRecord} record @returns {CardRow[]} */
  rows({ properties }) {
    return this.texts.words.properties.flatMap((property) => {
      const value = properties[property.name];
      if (property.name in PERSONS) return this.#persons(property, properties);
      if (value === null || value === undefined) return ALWAYS.includes(property.name) && properties.contacts?.length ? [this.unknown(property.name)] : [];
      if (PARTS.includes(property.name) || SPECIAL.has(property.name) || value === "" || value === false || value.length === 0) return [];
      if (property.name === "regions" && value.length === 1) return []; // it is the place
      const values = [value].flat().map((one) => this.#write(property, one, properties.uncertainty_m));
      const results = property.name === "channels" ? (properties.channel_results ?? []) : [];
      return [{ name: property.name, label: property.label, values: values.map((text, index) => this.#withResult(text, results[index])) }];
    });
  }

  /** The row that says that something is not known. @param {string} name @returns {CardRow} */
  unknown(name) {
    return { name, label: this.label(name), values: [this.texts.get("answer.unknown")] };
  }

  /**
   * @param {import("./types.js").PropertyWords} property
   * @param {Record<string, any>} properties
   * @returns {CardRow[]}
   */
  #persons({ name, label, vocabulary }, properties) {
    const band = vocabulary && properties[name] ? this.texts.term(vocabulary, properties[name]) : null;
    const said = wordPersons(this.texts, name, properties, band);
    return said === null ? [] : [{ name, label: vocabulary ? label : this.texts.get("card.persons"), values: [said] }];
  }

  /** What a property is called, or its name where it has no label. @param {string} name */
  label(name) {
    return this.texts.words.properties.find((property) => property.name === name)?.label ?? name;
  }

  /** The small print of a source: its kind, publisher, host and date. @param {Record<string, any>} source */
  sourceFacts(source) {
    const url = webAddress(source.url);
    return [
      source.type && this.texts.term("source_type", source.type),
      source.title && source.publisher,
      url && url.hostname,
      source.published_on && this.texts.date(source.published_on),
    ].filter(Boolean);
  }

  /**
   * How exactly the place is shown, and how far off it may be.
   * @param {string} code
   * @param {number | null} uncertainty
   */
  #precision(code, uncertainty) {
    const label = this.texts.term("location_precision", code);
    if (!uncertainty) return label;
    const km = formatNumber(Math.max(1, Math.round(uncertainty / 1000)));
    return this.texts.get("card.uncertainty", { label, km });
  }

  /**
   * @param {string} channel
   * @param {string | null | undefined} result
   */
  #withResult(channel, result) {
    return result ? `${channel}: ${this.texts.term("channel_result", result)}` : channel;
  }

  /**
   * @param {import("./types.js").PropertyWords} property
   * @param {any} value
   * @param {number | null} uncertainty  metres
   */
  #write({ name, kind, vocabulary }, value, uncertainty) {
    if (name === "source_system") return this.texts.words.texts[`card.data_set.${value}`] ?? value;
    if (name === "location_precision") return this.#precision(value, uncertainty);
    if (typeof value === "boolean") return this.texts.get(value ? "card.yes" : "card.no");
    if (typeof value === "number") return formatNumber(value);
    if (kind === "date") return this.texts.date(value);
    if (kind === "region" || kind === "regions") return this.regions.name(value);
    return vocabulary ? this.texts.term(vocabulary, value) : String(value);
  }
}

/**
 * An absolute http or https address without credentials; nothing else is ever linked.
 * @param {any} text
 * @returns {URL | null}
 */
export function webAddress(text) {
  if (typeof text !== "string" || !/^https?:\/\//i.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text);
  return url.hostname && !url.username && !url.password ? url : null;
}
