// What the parts of the page share. Nothing here runs.

/**
 * @typedef {object} PageParts
 * @property {import("./types.js").MapConfig} config
 * @property {import("./texts.js").Texts} texts
 * @property {import("./region-index.js").RegionIndex} regions
 * @property {import("./api.js").Api} api
 * @property {import("./ground.js").Ground} ground
 * @property {import("./store.js").Store} store
 * @property {import("./tooltip.js").Tooltip} tooltip
 * @property {(changes: Partial<import("./types.js").Selection>) => string} address  of the page with something changed
 * @property {(work: () => Promise<void>) => Promise<void>} attempt  do it, and tell the reader when it fails
 * @property {(code: string, knownTo: string | null, byKeyboard: boolean) => void} open  a region, or the records known
 *   to it and to nothing inside it
 */

export {};
