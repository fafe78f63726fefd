// One record with everything public about it. Every text goes in as a text node.

import { element, glyph } from "./dom.js";
import { RecordWords, findOtherText, findText, webAddress } from "./record-words.js";

/** @typedef {import("./page-parts.js").PageParts} PageParts */
/** @typedef {import("./types.js").ApiRecord} ApiRecord */
/** @typedef {import("./record-words.js").CardRow} CardRow */

const OUTWARD = { rel: "noopener noreferrer nofollow", target: "_blank" };

/**
 * @param {PageParts} parts
 * @param {ApiRecord} record
 */
export function drawCard({ texts, regions, address }, record) {
  const { properties } = record;
  const words = new RecordWords(texts, regions);
  const layer = texts.layer(properties.layer);
  const title = words.title(record);
  const place = words.place(record);
  const worded = (/** @type {string} */ stem, /** @type {string} */ name) => {
    const found = findText(properties, stem, texts.language);
    return found && found.text !== place && element(name === "p" ? "p" : "span", { class: stem === "place_text" ? "reported" : "description", lang: found.language }, found.text);
  };
  const other = findOtherText(properties, "title", texts.language);
  const linked = (/** @type {string} */ name) => (properties[name] ?? []).length > 0 && [
    element("h3", {}, texts.get(`card.${name}`)),
    element("ul", { class: "linked" }, ...properties[name].map((/** @type {string} */ id) => element("li", {}, element("a", { href: address({ record: id, tab: "list" }), "data-page": true }, id)))),
  ];
  return element(
    "article",
    { class: "card" },
    element("a", { class: "back", href: address({ record: null }), "data-page": true }, texts.get("card.back")),
    element("p", { class: "kind" }, glyph(layer), layer.label, " ", element("span", { class: "number" }, record.id)),
    element("h2", { lang: title.language, tabindex: "-1" }, title.text),
    other && element("p", { class: "other-title", lang: other.language }, other.text),
    worded("description", "p"),
    worded("summary", "p"),
    element(
      "dl",
      {},
      ...row({ label: texts.get("card.date"), values: [words.dates(record)] }),
      element("dt", {}, texts.get("card.place")),
      element("dd", {}, place, worded("place_text", "span")),
      ...words.rows(record).flatMap(row),
    ),
    ...[drawContacts(texts, words, properties.contacts ?? []), linked("cases"), linked("incidents")].flat(),
    element("h3", {}, texts.get("card.sources")),
    ...((properties.sources ?? []).length ? properties.sources.map((/** @type {any} */ source) => drawSource(texts, words, source)) : [element("p", { class: "source" }, texts.get("card.no_sources"))]),
  );
}

/** @param {CardRow} given */
function row({ label, values }) {
  return [element("dt", {}, label), element("dd", {}, ...values.map((value) => element("span", {}, value)))];
}

/**
 * @param {import("./texts.js").Texts} texts
 * @param {RecordWords} words
 * @param {Record<string, any>[]} contacts
 */
function drawContacts(texts, words, contacts) {
  if (!contacts.length) return [];
  const items = contacts.map((contact) => {
    const name = findText(contact, "union_name", texts.language);
    const quote = findText(contact, "quote", texts.language);
    const when = contact.contacted === false ? texts.get("card.not_contacted") : contact.contacted_on && `${texts.get("card.contacted_on")}: ${texts.date(contact.contacted_on)}`;
    return element(
      "li",
      { class: "contact" },
      name && element("b", { lang: name.language }, name.text),
      element("small", {}, when),
      element("dl", {}, ...words.contactRows(contact).flatMap(row)),
      quote && element("blockquote", { lang: quote.language }, quote.text),
    );
  });
  return [element("h3", {}, texts.get("card.contacts")), element("ol", { class: "contacts" }, ...items)];
}

/**
 * @param {import("./texts.js").Texts} texts
 * @param {RecordWords} words
 * @param {Record<string, any>} source
 */
function drawSource(texts, words, source) {
  const url = webAddress(source.url);
  const archived = webAddress(source.archive_url);
  const said = source.title || source.publisher || url?.hostname || "";
  return element(
    "p",
    { class: "source" },
    url ? element("a", { href: url.href, ...OUTWARD }, said) : element("b", {}, said),
    element("small", {}, words.sourceFacts(source).join(" · ")),
    archived && element("a", { class: "archive", href: archived.href, ...OUTWARD }, texts.get("card.archive")),
  );
}
