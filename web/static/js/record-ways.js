// Where a card leads outside the map: pages of records and of unions. The twin of web/record_ways.py.

/**
 * The query that keeps the reader's language and colours; the first language is left out.
 * @param {Pick<import("./page-parts.js").PageParts, "config" | "store">} parts
 */
export function lookQuery({ config, store }) {
  const { language, theme } = store.selection;
  const pairs = [...(language === config.defaultLanguage ? [] : [["lang", language]]), ...(theme ? [["theme", theme]] : [])];
  return pairs.length ? `?${new URLSearchParams(pairs)}` : "";
}
