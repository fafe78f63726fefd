// What the parts of the page share, made once.

import { Api, countsAddress } from "./api.js";
import { Ground } from "./ground.js";
import { answerFromPage } from "./map-figures.js";
import { RegionIndex } from "./region-index.js";
import { Store } from "./store.js";
import { Texts } from "./texts.js";
import { Tooltip } from "./tooltip.js";
import { listKnown, readSearch, withoutKnownTo, writeAddress } from "./url-state.js";

/** @typedef {import("./types.js").Selection} Selection */
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
/** @typedef {Awaited<ReturnType<typeof makeParts>>} WholeParts  the above, and what only the whole page needs */

/**
 * @param {L.Map} map
 * @param {import("./types.js").MapConfig} config
 * @param {import("./ground.js").Sheet | null} sheet  the outlines of the provinces, where they were drawn already
 * @param {Pick<PageParts, "attempt" | "open">} acts
 */
export async function makeParts(map, config, sheet, acts) {
  const api = new Api();
  const texts = new Texts(await api.read(config.words));
  const regions = new RegionIndex(config.provinceNames, () => api.read(config.regions));
  const known = listKnown(config, texts.words);
  const read = (/** @type {string} */ search) => readSearch(search, known);
  const store = new Store({ ...read(location.search), language: config.language });
  const fromPage = answerFromPage(config, known.layers);
  api.kept.set(countsAddress(["province", "layer"], null, withoutKnownTo(store.selection.filters)), Promise.resolve(fromPage));
  const ground = new Ground(api, config.firstTopology, () => regions.whole());
  if (sheet) ground.sheets.set(config.firstTopology, Promise.resolve(sheet));
  return {
    ...acts,
    config,
    texts,
    regions,
    api,
    ground,
    store,
    tooltip: new Tooltip(texts),
    read,
    address: (/** @type {Partial<Selection>} */ changes) => writeAddress({ ...store.selection, ...changes }, known),
    map,
  };
}
