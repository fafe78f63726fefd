// What a few typed characters may mean: regions by name or code, and companies that records name.

/** @typedef {import("./region-index.js").Entry} Entry */
/** @typedef {{code: string, fit: number}} Place  0 fits as a whole, 1 at the beginning, 2 inside */
/** @typedef {{code?: string, name_zh_hans?: string, is_retired: boolean, drawn_at?: {code: string} | null}} FoundRegion */

const LEVELS = ["province", "prefecture", "county"];

/** Text as it is compared: without case, accents, spaces and marks. @param {string} text */
export function fold(text) {
  return text.normalize("NFKD").toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

/**
 * Regions whose name or code fits, the best first: as a whole before the beginning before the inside, then the coarse.
 * @param {Record<string, Entry>} entries
 * @param {string} text
 * @param {number} most
 * @returns {Place[]}
 */
export function findPlaces(entries, text, most) {
  const asked = fold(text);
  if (!asked) return [];
  return Object.entries(entries)
    .map(([code, [name, , level]]) => ({ code, level: LEVELS.indexOf(level), fit: code === asked ? 0 : fitOf(fold(name), asked) }))
    .filter(({ fit }) => fit < 3)
    .sort((one, other) => one.fit - other.fit || one.level - other.level || (one.code < other.code ? -1 : 1))
    .slice(0, most)
    .map(({ code, fit }) => ({ code, fit }));
}

/**
 * Employers whose name has the text, those of the most records first.
 * @param {{properties: {employers?: string[] | null}}[]} records
 * @param {string} text
 * @param {number} most
 */
export function findCompanies(records, text, most) {
  const asked = fold(text);
  /** @type {Map<string, number>} */
  const numbers = new Map();
  for (const { properties } of records) {
    for (const name of properties.employers ?? []) if (fold(name).includes(asked)) numbers.set(name, (numbers.get(name) ?? 0) + 1);
  }
  return [...numbers]
    .sort((one, other) => other[1] - one[1] || one[0].length - other[0].length || (one[0] < other[0] ? -1 : 1))
    .slice(0, most)
    .map(([name]) => name);
}

/**
 * Where regions that the API found are drawn today, with the name that is no longer in force.
 * @param {FoundRegion[]} found
 * @returns {{code: string, once: string | null}[]}
 */
export function readFound(found) {
  return found.flatMap((region) => {
    const code = region.is_retired ? region.drawn_at?.code : region.code;
    return code ? [{ code, once: region.is_retired ? (region.name_zh_hans ?? null) : null }] : [];
  });
}

/** The public id of a record that the text is; null if it is none. @param {string} text */
export function readRecordId(text) {
  return /^[a-z]-\d{4}-\d{6}$/i.test(text.trim()) ? text.trim().toUpperCase() : null;
}

/**
 * @param {string} name
 * @param {string} asked
 */
function fitOf(name, asked) {
  if (name === asked) return 0;
  return name.startsWith(asked) ? 1 : name.includes(asked) ? 2 : 3;
}
