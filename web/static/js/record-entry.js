// One record as lists show it.

import { element, glyph } from "./dom.js";
import { RecordWords } from "./record-words.js";

/** @typedef {import("./page-parts.js").PageParts} PageParts */
/** @typedef {import("./types.js").ApiRecord} ApiRecord */

/**
 * @param {PageParts} parts
 * @param {ApiRecord} record
 */
export function drawEntry({ texts, regions, address }, record) {
  const words = new RecordWords(texts, regions);
  const title = words.title(record);
  return element(
    "a",
    { class: "entry", href: address({ record: record.id, tab: "list" }), "data-page": true },
    glyph(texts.layer(record.properties.layer)),
    element(
      "span",
      {},
      element("span", { class: "entry-title", lang: title.language }, title.text),
      element("span", { class: "entry-meta" }, `${words.dates(record)} · ${words.place(record)}`),
      element("span", { class: "tags" }, ...words.tags(record).map((tag) => element("span", { class: "tag" }, tag))),
    ),
  );
}
