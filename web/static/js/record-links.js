// What is linked on a card: the cases about an incident with what the unions answered, the unions contacted in a case,
// and a case's incidents.

import { element, glyph } from "./dom.js";
import { wasMade, wordContact } from "./union-contacts.js";

/** @typedef {import("./page-parts.js").PageParts} PageParts */
/** @typedef {import("./types.js").ApiRecord} ApiRecord */
/** @typedef {import("./record-words.js").RecordWords} RecordWords */
/** @typedef {import("./record-words.js").CardRow} CardRow */

/** What an incident's card shows of the case about it; of the first two it is said too that they are not known. */
const ANSWER = ["awareness", "involvement", "involvement_timing", "excuses", "outcome", "outcome_on", "amount_recovered_cny"];
const ALWAYS = ["awareness", "involvement"];

/** @param {CardRow[]} rows */
export function drawRows(rows) {
  return rows.flatMap(({ label, values }) => [element("dt", {}, label), element("dd", {}, ...values.map((value) => element("span", {}, value)))]);
}

/**
 * @param {PageParts} parts
 * @param {RecordWords} words
 * @param {ApiRecord[]} linked
 */
export function drawAnswers({ address }, words, linked) {
  const { texts } = words;
  const cases = linked.filter((one) => "contacts" in one.properties);
  if (!cases.length) return [];
  const drawn = cases.map((one) => {
    const title = words.title(one);
    const number = (one.properties.contacts ?? []).filter(wasMade).length;
    return element(
      "div",
      { class: "contact" },
      element("a", { class: "answer", lang: title.language, href: address({ record: one.id, tab: "list" }), "data-page": true }, glyph(texts.layer(one.properties.layer)), title.text),
      element("small", {}, `${texts.count("answer.contacted", number)} · ${one.id}`),
      element("dl", {}, ...drawRows(answerRows(words, one))),
    );
  });
  return [element("h3", {}, texts.get("card.answers")), ...drawn];
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
    return ALWAYS.includes(name) ? [{ name, label: words.label(name), values: [words.texts.get("answer.unknown")] }] : [];
  });
}

/**
 * @param {RecordWords} words
 * @param {import("./union-contacts.js").ApiContact[]} contacts
 */
export function drawContacts(words, contacts) {
  const { texts } = words;
  if (!contacts.length) return [];
  const items = contacts.map((contact) => {
    const { name, when, rows, quote, promise } = wordContact(words, contact);
    const said = /** @type {[string, import("./record-words.js").Worded | null][]} */ ([["card.quote", quote], ["card.promise", promise]]);
    return element(
      "li",
      { class: "contact" },
      element("b", { lang: name.language }, name.text),
      when !== "" && element("small", {}, when),
      rows.length > 0 && element("dl", {}, ...drawRows(rows)),
      ...said.flatMap(([key, text]) => text && [element("small", {}, texts.get(key)), element("blockquote", { lang: text.language }, text.text)]),
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
