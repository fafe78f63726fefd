// The second tab: records one below the other, latest first. The list stays as it is while a record is open.

import { ApiError, itemsAddress } from "./api.js";
import { element } from "./dom.js";
import { emptyState } from "./empty-state.js";
import { nameFailure } from "./failures.js";
import { formatNumber } from "./formats.js";
import { drawEntry } from "./record-entry.js";
import { withoutKnownTo } from "./url-state.js";

/** @typedef {import("./page-parts.js").PageParts} PageParts */
/** @typedef {import("./types.js").ApiRecord} ApiRecord */
/** @typedef {{features: ApiRecord[], numberMatched: number, links: {rel: string, href: string}[]}} Items */

const PAGE = 20;

export class RecordList {
  /** @param {PageParts} parts */
  constructor(parts) {
    this.parts = parts;
    /** @type {Items | null} */
    this.first = null;
    /** What is shown, as far as the reader has gone on. @type {Map<string, HTMLAnchorElement>} */
    this.entries = new Map();
    /** @type {(Node | null)[]} */
    this.nodes = [];
  }

  /**
   * The first page of the list of the selection.
   * @param {AbortSignal} signal
   * @returns {Promise<Items>}
   */
  async read(signal) {
    const { api, store } = this.parts;
    if (!store.selection.layers.length) return { features: [], numberMatched: 0, links: [] };
    return api.read(itemsAddress(store.selection, PAGE), signal);
  }

  /**
   * What stands in the tab. Of the same first page it is what stood there before, with all that came after it.
   * @param {Items} first
   */
  draw(first) {
    if (this.first !== first) {
      this.first = first;
      this.entries.clear();
      this.nodes = first.features.length ? this.#drawFrom(first) : [emptyState(this.parts)];
    }
    for (const [id, entry] of this.entries) entry.href = this.parts.address({ record: id, tab: "list" });
    return [this.#knownTo(), ...this.nodes];
  }

  /**
   * The records before and after one.
   * @param {Items} first
   * @param {string} id
   * @returns {[id: string, name: "previous" | "next"][]}
   */
  neighbours(first, id) {
    const ids = this.first === first ? [...this.entries.keys()] : first.features.map((record) => record.id);
    const at = ids.indexOf(id);
    const beside = /** @type {const} */ ([["previous", ids[at - 1]], ["next", ids[at + 1]]]);
    return at < 0 ? [] : beside.flatMap(([name, found]) => (found ? [[found, name]] : []));
  }

  /** @param {Items} first */
  #drawFrom(first) {
    const { texts } = this.parts;
    const entries = element("div", { class: "entries" });
    const count = element("span", { role: "status" });
    const more = element("button", { type: "button", class: "more" }, texts.get("list.more"));
    /** @type {string | undefined} */
    let next;
    let shown = 0;
    const add = (/** @type {Items} */ page) => {
      const drawn = page.features.map((record) => /** @type {const} */ ([record.id, drawEntry(this.parts, record)]));
      entries.append(...drawn.map(([, entry]) => entry));
      for (const [id, entry] of drawn) this.entries.set(id, entry);
      shown += drawn.length;
      next = page.links.find((link) => link.rel === "next")?.href;
      more.hidden = !next;
      count.textContent = texts.get("list.shown", { shown: formatNumber(shown), total: formatNumber(page.numberMatched) });
    };
    more.addEventListener("click", () => next && this.#goOn(next, more, count, add));
    add(first);
    return [entries, element("p", { class: "list-end" }, count, more)];
  }

  /**
   * Add the next page. What fails is said where it would have stood; the button tries again.
   * @param {string} next
   * @param {HTMLButtonElement} more
   * @param {HTMLElement} count
   * @param {(page: Items) => void} add
   */
  async #goOn(next, more, count, add) {
    const { api, texts } = this.parts;
    if (more.ariaBusy === "true") return;
    const { pathname, search } = new URL(next);
    more.ariaBusy = "true";
    more.textContent = texts.get("loading");
    try {
      add(await api.read(pathname + search));
      more.textContent = texts.get("list.more");
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      count.textContent = texts.get(nameFailure(error));
      more.textContent = texts.get("error.retry");
    } finally {
      more.ariaBusy = null;
    }
  }

  /** That these are the records whose place is known no more exactly, and the way to all. */
  #knownTo() {
    const { address, regions, store, texts } = this.parts;
    const { region, filters } = store.selection;
    const kept = withoutKnownTo(filters);
    if (!region || kept.length === filters.length) return null;
    const place = regions.name(region);
    const clear = element("a", { href: address({ filters: kept, tab: "overview" }), "data-page": true }, texts.get("known.clear", { place }));
    return element("p", { class: "known-to" }, texts.get("remainder.known_to", { place }), " ", clear);
  }
}
