// Addresses of the page. The twin of web/links.py: the same names, the same order, defaults left out.

/** @typedef {import("./types.js").Selection} Selection */
/** @typedef {import("./types.js").View} View */
/**
 * @typedef {{layers: string[], filters: string[], lists: string[], defaultLanguage: string}} Known  layer ids, names of
 *   filters, and of those among them whose values are codes
 */

/** The value of `layer` with every layer switched off. */
const NO_LAYER = "none";
const TABS = /** @type {const} */ (["overview", "list", "table", "filters"]);
/** What regions are shaded by; the first is the default. */
export const SHADES = /** @type {const} */ (["rate", "count", "none"]);

/**
 * What addresses of this page may name.
 * @param {Pick<import("./types.js").MapConfig, "filters" | "defaultLanguage">} config
 * @param {Pick<import("./types.js").Words, "layers" | "properties">} words
 * @returns {Known}
 */
export function listKnown({ filters, defaultLanguage }, { layers, properties }) {
  const lists = properties.filter(({ kind }) => kind === "code" || kind === "codes").map(({ name }) => name);
  return { layers: layers.map(({ id }) => id), filters, lists, defaultLanguage };
}

/**
 * What an address asks for. Parameters nobody knows are left out; values that cannot be used become the default.
 * @param {string} search
 * @param {Known} known
 * @returns {Selection}
 */
export function readSearch(search, known) {
  const given = new URLSearchParams(search);
  const asked = given.getAll("layer").flatMap((text) => text.split(",")).filter(Boolean);
  const tab = TABS.find((name) => name === given.get("tab"));
  const theme = given.get("theme");
  return {
    language: given.get("lang") ?? known.defaultLanguage,
    layers: known.layers.filter((layer) => !asked.length || asked.includes(layer)),
    region: given.get("region") || null,
    record: given.get("record") || null,
    tab: tab ?? (given.get("record") ? "list" : "overview"),
    shade: SHADES.find((name) => name === given.get("shade")) ?? SHADES[0],
    theme: theme === "dark" || theme === "light" ? theme : null,
    filters: joinLists([...given].filter(([name, value]) => known.filters.includes(name) && value !== ""), known.lists),
  };
}

/**
 * Filters with one pair for each name of `lists`, whose values are codes: in order, none of them twice.
 * @param {[string, string][]} filters
 * @param {readonly string[]} lists
 */
export function joinLists(filters, lists) {
  /** @type {Map<string, Set<string>>} */
  const codes = new Map();
  const kept = filters.filter(([name, value]) => {
    if (!lists.includes(name)) return true;
    for (const part of value.split(",")) codes.set(name, (codes.get(name) ?? new Set()).add(part.trim()));
    return false;
  });
  return [...kept, ...[...codes].map(([name, values]) => /** @type {[string, string]} */ ([name, [...values].sort().join(",")]))];
}

/**
 * The address of a selection, from the root on.
 * @param {Selection} selection
 * @param {Known} known
 */
export function writeAddress(selection, known) {
  /** @type {[string, string][]} */
  const pairs = [];
  if (selection.layers.length !== known.layers.length) {
    pairs.push(["layer", known.layers.filter((layer) => selection.layers.includes(layer)).join(",") || NO_LAYER]);
  }
  pairs.push(...[...selection.filters].sort());
  if (selection.region) pairs.push(["region", selection.region]);
  if (selection.record) pairs.push(["record", selection.record]);
  if (selection.tab !== "overview") pairs.push(["tab", selection.tab]);
  if (selection.shade !== SHADES[0]) pairs.push(["shade", selection.shade]);
  if (selection.language !== known.defaultLanguage) pairs.push(["lang", selection.language]);
  if (selection.theme) pairs.push(["theme", selection.theme]);
  const search = new URLSearchParams(pairs).toString().replaceAll("%2C", ",");
  return search ? `/?${search}` : "/";
}

/**
 * Where the map looks, from an address's fragment.
 * @param {string} hash  "#6.5/22.65/114.05"
 * @returns {View | null}
 */
export function readHash(hash) {
  const [zoom, lat, lon] = hash.replace("#", "").split("/").map(Number);
  const ok = [zoom, lat, lon].every(Number.isFinite) && Math.abs(lat ?? 0) <= 85 && Math.abs(lon ?? 0) <= 180;
  return ok && hash.length > 1 ? { zoom: zoom ?? 0, lat: lat ?? 0, lon: lon ?? 0 } : null;
}

/** @param {View} view */
export function writeHash({ zoom, lat, lon }) {
  return `#${zoom.toFixed(2)}/${lat.toFixed(3)}/${lon.toFixed(3)}`;
}

/**
 * Filters without "place known no more exactly".
 * @param {[string, string][]} filters
 */
export function withoutKnownTo(filters) {
  return filters.filter(([name]) => name !== "prefecture" && name !== "county");
}
