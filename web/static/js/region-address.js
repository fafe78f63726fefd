// The address of a region with the same layers and filters.

import { withoutKnownTo } from "./url-state.js";

/**
 * @param {Pick<import("./page-parts.js").PageParts, "address" | "store">} parts
 * @param {string | null} code  null: the whole country
 */
export function regionAddress({ address, store }, code) {
  const { filters, record, tab } = store.selection;
  return address({ region: code, record: null, filters: withoutKnownTo(filters), tab: record ? "overview" : tab });
}
