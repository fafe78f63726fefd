// What is linked on a card: the cases about an incident with what the unions answered, the unions contacted in a case,
// and a case's incidents.

import { element, glyph } from "./dom.js";
import { lookQuery } from "./record-ways.js";
import { ALWAYS } from "./record-words.js";
import { wasMade, wordContact } from "./union-contacts.js";

/** @typedef {import("./page-parts.js").PageParts} PageParts */
/** @typedef {import("./types.js").ApiRecord} ApiRecord */
/** @typedef {import("./record-words.js").RecordWords} RecordWords */
/** @typedef {import("./record-words.js").CardRow} CardRow */

/** What an incident's card shows of the case about it; of the first two it is said too that they are not known. */
const ANSWER = ["awareness", "involvement", "involvement_timing", "excuses", "outcome", "outcome_on", "amount_recovered_cny"];

/** @param {CardRow[]} rows */
export function drawRows(rows) {
  return rows.flatMap(({ label, values }) => [element("dt", {}, label), element("dd", {}, ...values.map((value) => element("span", {}, value)))]);
}

/**
 * @param {PageParts} parts
 * @param {RecordWords} words
 * @param {ApiRecord[]} linked
 */
export function drawAnswers(parts, words, linked) {
  const { address } = parts;
  const { texts } = words;
  const cases = linked.filter((one) => "contacts" in one.properties);
  if (!cases.length) return [];
  const drawn = cases.map((one) => {
    const title = words.title(one);
    const contacts = one.properties.contacts ?? [];
    const number = contacts.filter(wasMade).length;
    return element(
      "div",
      { class: "contact" },
      element("a", { class: "answer", lang: title.language, href: address({ record: one.id, tab: "list" }), "data-page": true }, glyph(texts.layer(one.properties.layer)), title.text),
      element("small", {}, `${texts.count("answer.contacted", number)} · ${one.id}`),
      element("dl", {}, ...drawRows(answerRows(words, one))),
      contacts.length > 0 && element("ul", { class: "asked" }, ...contacts.map((/** @type {any} */ contact) => drawAsked(parts, wordContact(words, contact)))),
    );
  });
  return [element("h3", {}, texts.get("card.answers")), ...drawn];
}

/**
 * @param {PageParts} parts
 * @param {import("./union-contacts.js").Contact} contact
 */
function drawAsked(parts, contact) {
  return element("li", {}, drawName(parts, contact), element("small", {}, contact.brief || contact.when || parts.texts.get("answer.unknown")));
}

/**
 * The name of a union, which leads to its page where the union is public.
 * @param {PageParts} parts
 * @param {import("./union-contacts.js").Contact} contact
 */
function drawName(parts, { name, union }) {
  if (union === null) return element("b", { lang: name.language }, name.text);
  return element("a", { class: "union", lang: name.language, href: `/unions/${union}${lookQuery(parts)}` }, name.text);
}

/**
 * @param {RecordWords} words
 * @param {ApiRecord} one
 * @returns {CardRow[]}
 */
export function answerRows(words, one) {
  const rows = words.rows(one);
  return ANSWER.flatMap((name) => {
    const row = rows.find((known) => known.name === name);
    if (row) return [row];
    return ALWAYS.includes(name) ? [words.unknown(name)] : [];
  });
}

/**
 * @param {PageParts} parts
 * @param {RecordWords} words
 * @param {import("./union-contacts.js").ApiContact[]} contacts
 */
export function drawContacts(parts, words, contacts) {
  const { texts } = words;
  if (!contacts.length) return [];
  const items = contacts.map((contact) => {
    const worded = wordContact(words, contact);
    const { when, rows, quote, promise } = worded;
    const said = /** @type {[string, import("./record-words.js").Worded[]][]} */ ([["card.quote", quote], ["card.promise", promise]]);
    return element(
      "li",
      { class: "contact" },
      drawName(parts, worded),
      when !== "" && element("small", {}, when),
      rows.length > 0 && element("dl", {}, ...drawRows(rows)),
      ...said.flatMap(([key, both]) => both.length ? [element("small", {}, texts.get(key)), ...both.map(({ text, language }) => element("blockquote", { lang: language }, text))] : []),
    );
  });
  return [element("h3", {}, texts.get("card.contacts")), element("ol", { class: "contacts" }, ...items)];
}

/**
 * @param {PageParts} parts
 * @param {RecordWords} words
 * @param {ApiRecord[]} linked
 */
export function drawIncidents({ address }, words, linked) {
  const { texts } = words;
  const incidents = linked.filter((one) => !("contacts" in one.properties));
  if (!incidents.length) return [];
  const items = incidents.map((one) => {
    const title = words.title(one);
    const facts = [words.dates(one), words.place(one), one.id].join(" · ");
    const said = element("span", {}, element("b", { lang: title.language }, title.text), element("small", {}, facts));
    return element("li", {}, element("a", { href: address({ record: one.id, tab: "list" }), "data-page": true }, glyph(texts.layer(one.properties.layer)), said));
  });
  return [element("h3", {}, texts.get("card.incidents")), element("ul", { class: "linked" }, ...items)];
}
