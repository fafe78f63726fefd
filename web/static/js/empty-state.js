// What stands where nothing matches: absence of records is not absence of events.

import { element } from "./dom.js";

/** @param {import("./page-parts.js").PageParts} parts */
export function emptyState({ texts, store, address }) {
  const key = store.selection.layers.length ? "empty" : "empty.layers";
  const whole = address({ layers: texts.words.layers.map((layer) => layer.id), filters: [] });
  return element(
    "div",
    { class: "empty" },
    element("b", {}, texts.get(`${key}.title`)),
    element("p", {}, texts.get(`${key}.text`)),
    element("a", { class: "button", href: whole, "data-page": true }, texts.get("empty.clear")),
  );
}
