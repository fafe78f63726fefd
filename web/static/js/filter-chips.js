// What each filter that is set is called, and how it is taken out. The twin of web/filter_chips.py:
// tests/web/chip-cases.json holds for both.

import { isWholeMonths, readDays } from "./time-range.js";

/** @typedef {[string, string][]} Filters */
/** @typedef {{name: string, value: string, label: string, text: string}} Chip */

/**
 * @typedef {object} Speech  what chips are worded with
 * @property {import("./types.js").PropertyWords[]} properties
 * @property {(key: string, values?: Record<string, string>) => string} get  a text
 * @property {(vocabulary: string | null, code: string) => string} term
 * @property {(code: string) => string} region  its name
 * @property {(day: string) => string} date
 * @property {(month: string) => string} month
 */

export const UNKNOWN = "unknown";
const CODED = ["code", "codes"];
const PLACES = ["region", "regions"];

/** Parameters that only say how another one is to be read. */
const WITH_ANOTHER = ["filter-lang", "filter-crs", "bbox-crs"];

/**
 * One chip for each value that is set: the region, then the filters by name.
 * @param {Speech} speech
 * @param {string | null} region
 * @param {Filters} filters
 * @returns {Chip[]}
 */
export function listChips(speech, region, filters) {
  const named = filters.filter(([name]) => !WITH_ANOTHER.includes(name)).sort();
  const values = named.flatMap(([name, value]) => partsOf(speech, name, value).map((part) => [name, part]));
  return [...(region ? [["region", region]] : []), ...values]
    .filter(([, value]) => value)
    .map(([name = "", value = ""]) => ({ name, value, label: labelOf(speech, name), text: textOf(speech, name, value) }));
}

/**
 * The filters without one value.
 * @param {Speech} speech
 * @param {Filters} filters
 * @param {Chip} chip
 * @returns {Filters}
 */
export function withoutChip(speech, filters, chip) {
  const kept = filters
    .map(([name, value]) => /** @type {[string, string]} */ ([name, partsOf(speech, name, value).filter((part) => name !== chip.name || part !== chip.value).join(",")]))
    .filter(([, value]) => value);
  const asked = kept.map(([name]) => name);
  return kept.filter(([name]) => !WITH_ANOTHER.includes(name) || asked.includes(name.split("-")[0] ?? ""));
}

/**
 * @param {Speech} speech
 * @param {string} name
 */
function propertyOf({ properties }, name) {
  return properties.find((property) => property.name === name);
}

/**
 * @param {Speech} speech
 * @param {string} name
 * @param {string} value
 */
function partsOf(speech, name, value) {
  return [...CODED, ...PLACES].includes(propertyOf(speech, name)?.kind ?? "") ? value.split(",") : [value];
}

/**
 * @param {Speech} speech
 * @param {string} name
 */
function labelOf(speech, name) {
  return propertyOf(speech, name)?.label ?? speech.get(`filter.${name}`);
}

/**
 * @param {Speech} speech
 * @param {string} name
 * @param {string} value
 */
function textOf(speech, name, value) {
  const property = propertyOf(speech, name);
  const kind = property?.kind ?? "";
  if (value === UNKNOWN) return speech.get("filter.unknown");
  if (name === "datetime" || kind === "date") return timeOf(speech, value);
  if (name === "updated_since") return speech.date(value);
  if (name === "region" || PLACES.includes(kind)) return speech.region(value);
  return CODED.includes(kind) ? speech.term(property?.vocabulary ?? null, value) : value;
}

/**
 * @param {Speech} speech
 * @param {string} value
 */
function timeOf(speech, value) {
  const days = readDays([["datetime", value]]);
  const write = isWholeMonths(days) ? speech.month : speech.date;
  const [first, last] = [days.start && write(days.start), days.end && write(days.end)];
  if (first && last) return first === last ? first : speech.get("time.range", { first, last });
  if (first) return speech.get("filter.from", { first });
  return last ? speech.get("filter.until", { last }) : value;
}
