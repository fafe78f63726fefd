// The way to the time card's modules, which come after the map: the server has drawn the card already.

/** @typedef {import("./time-card.js").TimeParts} TimeParts */

/** Let the card change the range of time. @param {TimeParts} parts */
export async function wireTime(parts) {
  const { mountTime } = await import("./time-card.js");
  mountTime(parts);
}

/**
 * What draws months anew, once it is here.
 * @param {TimeParts} parts
 */
export async function loadTime(parts) {
  const modules = /** @type {const} */ ([import("./time-months.js"), import("./time-card.js"), import("./change-line.js")]);
  const [{ showMonths }, { showRange }, { showChange }] = await Promise.all(modules);
  return (/** @type {[string, import("./types.js").Tally][]} */ months) => {
    showMonths(parts.texts, months, parts.store.selection.layers);
    showRange(parts);
    showChange(parts.texts, parts.store.selection, months);
  };
}
