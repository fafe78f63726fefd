// How a union that was contacted is put into words. The twin of web/union_contacts.py.

import { findText } from "./record-words.js";

/** @typedef {import("./record-words.js").CardRow} CardRow */
/** @typedef {import("./record-words.js").RecordWords} RecordWords */
/** @typedef {import("./record-words.js").Worded} Worded */
/** @typedef {Record<string, any>} ApiContact */
/** @typedef {{name: Worded, when: string, rows: CardRow[], quote: Worded | null, promise: Worded | null}} Contact */

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
  return {
    name: findText(contact, "union_name", texts.language) ?? unnamed,
    when: sayWhen(words, contact),
    rows: CODES.flatMap(([name, vocabulary]) => {
      const values = [contact[name] ?? []].flat().map((value) => write(words, name, vocabulary, value));
      return values.length ? [{ name, label: texts.get(`contact.${name}`), values }] : [];
    }),
    quote: findText(contact, "quote", texts.language),
    promise: findText(contact, "promise", texts.language),
  };
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
