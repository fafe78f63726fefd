// The public history of a record in words. The twin of what web/card.py says of changes.

/** @typedef {{op: string, changed_on: string, properties_changed: string[] | null}} Change */

/**
 * The latest change first: its day, and what was done.
 * @param {import("./texts.js").Texts} texts
 * @param {Change[]} changes  in order
 * @returns {[day: string, what: string][]}
 */
export function wordChanges(texts, changes) {
  const said = changes.map((change, index) => /** @type {[string, string]} */ ([texts.date(change.changed_on), sayChange(texts, change, index > 0)]));
  return said.reverse();
}

/**
 * @param {import("./texts.js").Texts} texts
 * @param {Change} change
 * @param {boolean} isAgain
 */
function sayChange(texts, { op, properties_changed: names }, isAgain) {
  if (op === "insert") return texts.get(isAgain ? "change.again" : "change.insert");
  if (op === "delete") return texts.get("change.delete");
  if (!names?.length) return texts.get("change.update");
  const label = (/** @type {string} */ name) => texts.words.properties.find((property) => property.name === name)?.label ?? name;
  const named = new Set(names.map((name) => (name === "geometry" ? texts.get("change.geometry") : label(name))));
  return texts.get("change.of", { names: [...named].join(texts.get("change.and")) });
}
