// What stands where nothing matches: absence of records is not absence of events.

import { element } from "./dom.js";

/** @typedef {import("./page-parts.js").PageParts} PageParts */

/** @param {PageParts} parts */
export function emptyState(parts) {
  const { texts, store } = parts;
  const { layers } = store.selection;
  const [title, text] = layers.length ? [`empty.${texts.noun(layers)}`, "empty.text"] : ["empty.layers.title", "empty.layers.text"];
  const [name, href] = findWayOut(parts);
  return element(
    "div",
    { class: "empty" },
    element("b", {}, texts.get(title)),
    element("p", {}, texts.get(text)),
    element("a", { class: "button", href, "data-page": true }, texts.get(`empty.${name}`)),
  );
}

/**
 * What leads on from here: `clear` the filters, all `layers`, or the `country`. The twin is in web/filter_panel.py.
 * @param {Pick<PageParts, "address" | "store" | "texts">} parts
 */
export function findWayOut({ address, store, texts }) {
  const { filters, layers } = store.selection;
  const every = texts.words.layers.map((layer) => layer.id);
  if (layers.length && filters.length) return ["clear", address({ filters: [] })];
  if (layers.length < every.length) return ["layers", address({ layers: every })];
  return ["country", address({ region: null })];
}
