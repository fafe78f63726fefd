// How a union that was contacted is put into words. The twin of web/union_contacts.py.

import { ALWAYS, findOtherText, findText } from "./record-words.js";

/** @typedef {import("./record-words.js").CardRow} CardRow */
/** @typedef {import("./record-words.js").RecordWords} RecordWords */
/** @typedef {import("./record-words.js").Worded} Worded */
/** @typedef {Record<string, any>} ApiContact */
/** @typedef {{name: Worded, union: number | null, when: string, rows: CardRow[], brief: string, quote: Worded[], promise: Worded[]}} Contact */

/** What is shown of a contact, in this order, and the vocabulary of each that has one. */
const CODES = /** @type {[string, string | null][]} */ ([
  ["union_level", "union_level"],
  ["union_region", null],
  ["department", "union_department"],
  ["method", "contact_method"],
  ["awareness", "awareness"],
  ["involvement", "involvement"],
  ["involvement_timing", "involvement_timing"],
  ["excuses", "excuse"],
  ["follow_up_on", null],
]);

/** What the card of an incident says of a union that was asked. */
const BRIEF = ["awareness", "involvement", "involvement_timing", "excuses"];

/** Whether the union was really contacted: one that was only named never counts. @param {ApiContact} contact */
export function wasMade(contact) {
  return contact.contacted !== false;
}

/**
 * @param {RecordWords} words
 * @param {ApiContact} contact
 * @returns {Contact}
 */
export function wordContact(words, contact) {
  const { texts } = words;
  const { union_level: level } = contact;
  const unnamed = { text: level ? texts.term("union_level", level) : texts.get("contact.unnamed"), language: texts.language };
  const rows = CODES.flatMap(([name, vocabulary]) => {
    const known = [contact[name] ?? []].flat().map((value) => write(words, name, vocabulary, value));
    const values = known.length || !ALWAYS.includes(name) || !wasMade(contact) ? known : [texts.get("answer.unknown")];
    return values.length ? [{ name, label: texts.get(`contact.${name}`), values }] : [];
  });
  return {
    name: findName(contact, "union_name", texts.language) ?? unnamed,
    union: contact.union_id ?? null,
    when: sayWhen(words, contact),
    rows,
    brief: rows.flatMap(({ name, values }) => (BRIEF.includes(name) && contact[name] ? values : [])).join(" · "),
    quote: sayTwice(contact, "quote", texts.language),
    promise: sayTwice(contact, "promise", texts.language),
  };
}

/**
 * A union's name in the reader's script, else in another.
 * @param {Record<string, any>} named
 * @param {string} stem
 * @param {string} language
 * @returns {Worded | null}
 */
export function findName(named, stem, language) {
  const own = language === "zh-Hant" && named[`${stem}_zh_hant`];
  return own ? { text: own, language } : findText(named, stem, language);
}

/**
 * In the reader's language first, then in the other.
 * @param {ApiContact} contact
 * @param {string} stem
 * @param {string} language
 */
function sayTwice(contact, stem, language) {
  return [findText(contact, stem, language), findOtherText(contact, stem, language)].filter((text) => text !== null);
}

/**
 * @param {RecordWords} words
 * @param {ApiContact} contact
 */
function sayWhen({ texts }, contact) {
  if (!wasMade(contact)) return texts.get("card.not_contacted");
  const { contacted_on: first, contacted_until: last } = contact;
  if (!first) return "";
  const days = texts.date(first) + (last && last !== first ? ` – ${texts.date(last)}` : "");
  return `${texts.get("card.contacted_on")}: ${days}`;
}

/**
 * @param {RecordWords} words
 * @param {string} name
 * @param {string | null} vocabulary
 * @param {string} value
 */
function write(words, name, vocabulary, value) {
  if (name === "union_region") return words.regions.name(value);
  return name === "follow_up_on" ? words.texts.date(value) : words.texts.term(vocabulary, value);
}
