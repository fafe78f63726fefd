// How many people a record speaks of, as one row of its card. The twin of web/person_counts.py.

import { formatNumber } from "./formats.js";

/** Property in whose place the row stands, and the properties with the least and the most. @type {Record<string, [string, string]>} */
export const PERSONS = { participants: ["participants_min", "participants_max"], persons_min: ["persons_min", "persons_max"] };

/** Properties that have no row of their own. */
export const PARTS = ["participants_min", "participants_max", "persons_max"];

/**
 * The number, the band where the record says no more, or the least and the most.
 * @param {import("./texts.js").Texts} texts
 * @param {string} name
 * @param {Record<string, any>} properties
 * @param {string | null} band  its label
 */
export function wordPersons(texts, name, properties, band) {
  const [least, most] = (PERSONS[name] ?? []).map((one) => properties[one] ?? null);
  if (band && [`${least}-${most}`, `${least}-plus`].includes(properties[name])) return band;
  if (least === null && most === null) return band;
  if (most === null) return texts.get("card.persons.least", { number: formatNumber(least) });
  if (least === null) return texts.get("card.persons.most", { number: formatNumber(most) });
  return texts.get("card.persons.number", { number: [...new Set([least, most])].map(formatNumber).join("–") });
}
