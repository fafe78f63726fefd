// The filters of a selection in the reader's words.

/** @typedef {import("./texts.js").Texts} Texts */

/**
 * "Industry: Construction, Mining; Time: 2016-01-01/.."
 * @param {Texts} texts
 * @param {[string, string][]} filters
 */
export function sayFilters(texts, filters) {
  const colon = texts.language === "en" ? ": " : "：";
  const comma = texts.language === "en" ? ", " : "、";
  return filters
    .map(([name, value]) => {
      const prop = texts.words.properties.find((one) => one.name === name);
      const values = prop?.vocabulary ? value.split(",").map((code) => texts.term(prop.vocabulary, code)) : [value];
      return `${prop?.label ?? name}${colon}${values.join(comma)}`;
    })
    .join(texts.language === "en" ? "; " : "；");
}
