// The filters of a selection in the reader's words, as the chips have them.

import { listChips } from "./filter-chips.js";

/** @typedef {Pick<import("./page-parts.js").PageParts, "regions" | "texts">} Words */

/**
 * What chips are worded with.
 * @param {Words} parts
 * @returns {import("./filter-chips.js").Speech}
 */
export function speechOf({ regions, texts }) {
  return {
    properties: texts.words.properties,
    get: texts.get.bind(texts),
    term: texts.term.bind(texts),
    region: regions.name.bind(regions),
    date: texts.date.bind(texts),
    month: texts.month.bind(texts),
  };
}

/**
 * "Industry: Construction, Mining; Province: Hebei"
 * @param {Words} parts
 * @param {[string, string][]} filters
 */
export function sayFilters(parts, filters) {
  const isChinese = parts.texts.language.startsWith("zh");
  /** @type {Map<string, string[]>} */
  const said = new Map();
  for (const { label, text } of listChips(speechOf(parts), null, filters)) said.set(label, [...(said.get(label) ?? []), text]);
  const one = (/** @type {[string, string[]]} */ [label, values]) => `${label}${isChinese ? "：" : ": "}${values.join(isChinese ? "、" : ", ")}`;
  return [...said].map(one).join(isChinese ? "；" : "; ");
}
