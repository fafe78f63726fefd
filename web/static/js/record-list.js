// The second tab: records one below the other, latest first.

import { itemsAddress } from "./api.js";
import { element, glyph } from "./dom.js";
import { emptyState } from "./empty-state.js";
import { formatNumber } from "./formats.js";
import { RecordWords } from "./record-words.js";
import { withoutKnownTo } from "./url-state.js";

/** @typedef {import("./page-parts.js").PageParts} PageParts */
/** @typedef {import("./types.js").ApiRecord} ApiRecord */
/** @typedef {{features: ApiRecord[], numberMatched: number, links: {rel: string, href: string}[]}} Items */

export const PAGE = 20;

/**
 * @param {PageParts} parts
 * @param {ApiRecord} record
 */
export function drawEntry({ texts, regions, address }, record) {
  const words = new RecordWords(texts, regions);
  const title = words.title(record);
  return element(
    "a",
    { class: "entry", href: address({ record: record.id, tab: "list" }), "data-page": true },
    glyph(texts.layer(record.properties.layer)),
    element(
      "span",
      {},
      element("span", { class: "entry-title", lang: title.language }, title.text),
      element("span", { class: "entry-meta" }, `${words.dates(record)} · ${words.place(record)}`),
      element("span", { class: "tags" }, ...words.tags(record).map((tag) => element("span", { class: "tag" }, tag))),
    ),
  );
}

/**
 * @param {PageParts} parts
 * @param {Items} first  the first page of the list
 */
export function drawList(parts, first) {
  const { api, texts, store } = parts;
  if (!first.features.length) return [emptyState(parts)];
  const entries = element("div", { class: "entries" });
  const count = element("span", {});
  const more = element("button", { type: "button", class: "more" }, texts.get("list.more"));
  let shown = 0;
  /** @type {string | undefined} */
  let next;
  const add = (/** @type {Items} */ page) => {
    entries.append(...page.features.map((record) => drawEntry(parts, record)));
    shown += page.features.length;
    next = page.links.find((link) => link.rel === "next")?.href;
    more.hidden = !next;
    count.textContent = texts.get("list.shown", { shown: formatNumber(shown), total: formatNumber(page.numberMatched) });
  };
  more.addEventListener("click", async () => {
    if (!next) return;
    const { pathname, search } = new URL(next);
    add(await api.read(pathname + search));
  });
  add(first);
  return [knownTo(parts), entries, element("p", { class: "list-end" }, count, more)];

  /** @param {PageParts} given */
  function knownTo({ regions, address }) {
    const { region, filters } = store.selection;
    const kept = withoutKnownTo(filters);
    if (!region || kept.length === filters.length) return null;
    const place = regions.name(region);
    const clear = element("a", { href: address({ filters: kept, tab: "overview" }), "data-page": true }, texts.get("known.clear", { place }));
    return element("p", { class: "known-to" }, texts.get("remainder.known_to", { place }), " ", clear);
  }
}

/**
 * @param {PageParts} parts
 * @param {AbortSignal} signal
 * @returns {Promise<Items>}
 */
export async function readList({ api, store }, signal) {
  if (!store.selection.layers.length) return { features: [], numberMatched: 0, links: [] };
  return api.read(itemsAddress(store.selection, PAGE), signal);
}
