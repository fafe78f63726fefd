// A range of time among the months that have data. The twin of web/time_range.py: tests/web/time-cases.json holds for both.

/** @typedef {[string, string][]} Filters */
/** @typedef {{start: string | null, end: string | null}} Days  first and last day; null leaves that end open */
/** @typedef {{first: number, end: number}} Span  months from `first` up to, but without, `end` */

const PRESET_MONTHS = /** @type {const} */ ({ years: 60, year: 12 });
const PRESET_DAYS = 90;
const DAY_MS = 86_400_000;

/** @param {Filters} filters */
export function withoutTime(filters) {
  return filters.filter(([name]) => name !== "datetime");
}

/**
 * The filters with another range of time; null asks for all times.
 * @param {Filters} filters
 * @param {string | null} datetime
 * @returns {Filters}
 */
export function withTime(filters, datetime) {
  return datetime ? [...withoutTime(filters), ["datetime", datetime]] : withoutTime(filters);
}

/**
 * The days that a filter asks for. A single day is a range of that day.
 * @param {Filters} filters
 * @returns {Days}
 */
export function readDays(filters) {
  const text = filters.find(([name]) => name === "datetime")?.[1] ?? "../..";
  const [start = "", end = start] = text.split("/").map((part) => part.slice(0, 10));
  const known = (/** @type {string} */ day) => (day.length === 10 ? day : null);
  return { start: known(start), end: known(end) };
}

/** Months from the year 0. @param {string} month  days after it are left out */
export function monthNumber(month) {
  return Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1;
}

/** @param {number} number */
export function monthName(number) {
  return `${String(Math.floor(number / 12)).padStart(4, "0")}-${String((number % 12) + 1).padStart(2, "0")}`;
}

/** @param {string} month */
export function lastDay(month) {
  const next = monthNumber(month) + 1;
  return new Date(Date.UTC(Math.floor(next / 12), next % 12, 0)).toISOString().slice(0, 10);
}

/**
 * The months, of `count` from `first` on, that days lie in; an empty span where they lie elsewhere.
 * @param {Days} days
 * @param {string} first
 * @param {number} count
 * @returns {Span}
 */
export function findSpan({ start, end }, first, count) {
  const zero = monthNumber(first);
  const within = (/** @type {number} */ at) => Math.max(0, Math.min(count, at));
  const from = start ? within(monthNumber(start) - zero) : 0;
  return { first: from, end: Math.max(from, end ? within(monthNumber(end) + 1 - zero) : count) };
}

/**
 * The value of `datetime` for some months; null for all of `count`.
 * @param {Span} span
 * @param {string} first
 * @param {number} count
 */
export function writeSpan(span, first, count) {
  if (span.first <= 0 && span.end >= count) return null;
  const zero = monthNumber(first);
  return `${monthName(zero + span.first)}-01/${lastDay(monthName(zero + span.end - 1))}`;
}

/** Whether days are whole months. @param {Days} days */
export function isWholeMonths({ start, end }) {
  return (start?.endsWith("-01") ?? true) && (!end || end === lastDay(end.slice(0, 7)));
}

/**
 * The values of `datetime` that the presets stand for, counted back from the last month with a record.
 * @param {string} last
 * @returns {[name: string, datetime: string | null][]}
 */
export function findPresets(last) {
  const end = lastDay(last);
  const months = (/** @type {number} */ count) => `${monthName(monthNumber(last) + 1 - count)}-01/${end}`;
  const start = new Date(Date.parse(end) - (PRESET_DAYS - 1) * DAY_MS).toISOString().slice(0, 10);
  return [["all", null], ["years", months(PRESET_MONTHS.years)], ["year", months(PRESET_MONTHS.year)], ["days", `${start}/${end}`]];
}
