// Questions to the API. Answers are kept: an address means the same until the page is loaded anew.

/** @typedef {import("./types.js").Selection} Selection */

export class ApiError extends Error {
  /**
   * @param {number} status  0 when no answer came
   * @param {{title?: string, detail?: string}} problem  an RFC 9457 document, or as much as there is of one
   */
  constructor(status, problem) {
    super(problem.detail ?? problem.title ?? `HTTP ${status}`);
    this.status = status;
    this.problem = problem;
  }
}

const MOST_KEPT = 300;

export class Api {
  /** @param {(pending: number) => void} [onPending]  told how many answers are awaited, at each change */
  constructor(onPending = () => {}) {
    this.onPending = onPending;
    this.pending = 0;
    /** @type {Map<string, Promise<any>>} */
    this.kept = new Map();
  }

  /**
   * The JSON at an address. Throws ApiError, or AbortError once `signal` is aborted.
   * @param {string} address
   * @param {AbortSignal} [signal]
   * @param {"json" | "arrayBuffer"} [as]
   * @returns {Promise<any>}
   */
  read(address, signal, as = "json") {
    const kept = this.kept.get(address);
    if (kept) return kept;
    const answer = this.#fetch(address, signal, as);
    this.kept.set(address, answer);
    const forget = () => this.kept.get(address) === answer && this.kept.delete(address);
    signal?.addEventListener("abort", forget, { once: true }); // at once: who asks next must not be given what was given up
    answer.then(() => signal?.removeEventListener("abort", forget), forget);
    if (this.kept.size > MOST_KEPT) this.kept.delete(this.kept.keys().next().value ?? "");
    return answer;
  }

  /**
   * @param {string} address
   * @param {AbortSignal | undefined} signal
   * @param {"json" | "arrayBuffer"} as
   */
  async #fetch(address, signal, as) {
    this.onPending((this.pending += 1));
    try {
      const response = await fetch(address, signal ? { signal } : {}).catch((error) => {
        if (error.name === "AbortError") throw error;
        throw new ApiError(0, { detail: error.message });
      });
      if (!response.ok) throw new ApiError(response.status, await response.json().catch(() => ({})));
      return await response[as]();
    } finally {
      this.onPending((this.pending -= 1));
    }
  }
}

/**
 * The address of counts of records of all four layers.
 * @param {string[]} by
 * @param {string | null} region
 * @param {[string, string][]} filters
 */
export function countsAddress(by, region, filters) {
  const pairs = [["by", by.join(",")], ...[...filters].sort(), ...(region ? [["region", region]] : [])];
  return `/api/collections/records/counts?${query(pairs)}`;
}

/**
 * The address of the counts of every property's values, each without its own filter.
 * @param {Selection} selection
 */
export function facetsAddress({ layers, filters, region }) {
  const pairs = [["layer", layers.join(",")], ...[...filters].sort(), ...(region ? [["region", region]] : [])];
  return `/api/collections/records/facets?${query(pairs)}`;
}

/**
 * The address of a page of records, latest first.
 * @param {Selection} selection
 * @param {number} limit
 */
export function itemsAddress(selection, limit) {
  const pairs = [["layer", selection.layers.join(",")], ...[...selection.filters].sort()];
  if (selection.region) pairs.push(["region", selection.region]);
  return `/api/collections/records/items?${query([...pairs, ["limit", String(limit)]])}`;
}

/** @param {string} id */
export function itemAddress(id) {
  return `/api/collections/records/items/${encodeURIComponent(id)}`;
}

/** @param {string[][]} pairs */
function query(pairs) {
  return new URLSearchParams(pairs).toString().replaceAll("%2C", ",");
}
