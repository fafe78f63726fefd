// One record with everything public about it. Every text goes in as a text node. The twin of web/card.py and card.html.

import { element, glyph } from "./dom.js";
import { drawAnswers, drawContacts, drawIncidents, drawRows } from "./record-links.js";
import { wordChanges } from "./record-history.js";
import { lookQuery } from "./record-ways.js";
import { RecordWords, findOtherText, findText, webAddress } from "./record-words.js";
import { reportLink } from "./report-links.js";

/** @typedef {import("./page-parts.js").PageParts} PageParts */
/** @typedef {import("./record-reading.js").Dossier} Dossier */
/** @typedef {import("./texts.js").Texts} Texts */

const OUTWARD = { rel: "noopener noreferrer nofollow", target: "_blank" };

/**
 * @param {PageParts} parts
 * @param {Dossier} dossier
 * @param {[id: string, name: "previous" | "next"][]} neighbours  beside it in the list
 */
export function drawCard(parts, dossier, neighbours) {
  const { texts, regions, address } = parts;
  const { record, linked } = dossier;
  const { properties } = record;
  const words = new RecordWords(texts, regions);
  const layer = texts.layer(properties.layer);
  const title = words.title(record);
  const other = findOtherText(properties, "title", texts.language);
  const ways = neighbours.map(([id, name]) => element("a", { href: address({ record: id }), "data-page": true, class: name }, texts.get(`card.${name}`)));
  const paragraphs = ["description", "summary"].map((stem) => findText(properties, stem, texts.language));
  return element(
    "article",
    { class: "card" },
    element("p", { class: "card-ways" }, element("a", { class: "back", href: address({ record: null }), "data-page": true }, texts.get("card.back")), ...ways),
    element("p", { class: "kind" }, glyph(layer), layer.label, " ", element("span", { class: "number" }, record.id)),
    element("h2", { lang: title.language, tabindex: "-1" }, title.text),
    other && element("p", { class: "other-title", lang: other.language }, other.text),
    ...paragraphs.map((text) => text && element("p", { class: "description", lang: text.language }, text.text)),
    drawFacts(words, record),
    ...drawAnswers(parts, words, linked),
    ...drawContacts(parts, words, properties.contacts ?? []),
    ...drawIncidents(parts, words, linked),
    ...drawSources(texts, words, properties),
    ...drawHistory(texts, dossier.changes),
    drawEnd(parts, record),
  );
}

/**
 * @param {RecordWords} words
 * @param {import("./types.js").ApiRecord} record
 */
function drawFacts(words, record) {
  const { texts } = words;
  const place = words.place(record);
  const reported = findText(record.properties, "place_text", texts.language);
  return element(
    "dl",
    {},
    element("dt", {}, texts.get("card.date")),
    element("dd", {}, words.dates(record)),
    element("dt", {}, texts.get("card.place")),
    element("dd", {}, place, reported && reported.text !== place && element("span", { class: "reported", lang: reported.language }, reported.text)),
    ...drawRows(words.rows(record)),
  );
}

/**
 * @param {Texts} texts
 * @param {RecordWords} words
 * @param {Record<string, any>} properties
 */
function drawSources(texts, words, { sources, legacy_url: legacy }) {
  const drawn = (sources ?? []).map((/** @type {any} */ source) => drawSource(texts, words, source));
  if (webAddress(legacy)) drawn.push(drawSource(texts, words, { url: legacy, title: texts.get("card.clb") }));
  return [element("h3", {}, texts.get("card.sources")), ...(drawn.length ? drawn : [element("p", { class: "source" }, texts.get("card.no_sources"))])];
}

/**
 * @param {Texts} texts
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

/**
 * @param {Texts} texts
 * @param {Dossier["changes"]} changes
 */
function drawHistory(texts, changes) {
  if (!changes.length) return [];
  const lines = wordChanges(texts, changes).map(([day, what]) => element("li", {}, element("span", {}, day), " ", what));
  return [element("h3", {}, texts.get("card.history")), element("ol", { class: "changes" }, ...lines)];
}

/**
 * The record's own page, and the ways to the editors.
 * @param {PageParts} parts
 * @param {import("./types.js").ApiRecord} record
 */
function drawEnd(parts, { id, properties }) {
  const { texts, config } = parts;
  const ways = config.editors ? [...(properties.layer === "calls_for_help" ? ["contact"] : []), "report"] : [];
  const links = ways.map((name) => {
    const subject = texts.get(`card.${name}`, { id });
    return element("p", {}, element("a", { href: reportLink(config.editors ?? "", id, subject), rel: "noreferrer" }, subject));
  });
  return element(
    "div",
    { class: "card-end" },
    element("p", {}, element("a", { href: `/records/${encodeURIComponent(id)}${lookQuery(parts)}` }, texts.get("card.permalink"))),
    ...links,
    links.length > 0 && element("p", {}, element("small", {}, texts.get("card.editors"))),
  );
}
