// Makes the server's picture a live map: provinces and rings, on the map that Folium's shell has made. All else of the
// page works as links and forms as it came; its modules come when the map stands, or when a reader is quicker.

import { Api, countsAddress } from "./api.js";
import { byId } from "./dom.js";
import { Ground } from "./ground.js";
import { answerFromPage } from "./map-figures.js";
import { MapView } from "./map-view.js";
import { RegionIndex } from "./region-index.js";
import { Store } from "./store.js";
import { Texts } from "./texts.js";
import { Tooltip } from "./tooltip.js";
import { listKnown, readSearch, withoutKnownTo, writeAddress } from "./url-state.js";

/** @typedef {import("./types.js").Selection} Selection */
/** @typedef {Awaited<ReturnType<typeof makeParts>> & Pick<import("./page-parts.js").PageParts, "open" | "attempt">} WholeParts */

/** @param {L.Map} map */
export async function mountMap(map) {
  /** @type {WholeParts} */
  const parts = { ...(await makeParts(map)), open, attempt };
  const view = new MapView(map, parts);
  /** @type {Promise<import("./whole-page.js").WholePage> | null} */
  let loading = null;

  function loadPage() {
    loading ??= import("./whole-page.js").then(({ WholePage }) => new WholePage(parts, view));
    loading.catch(() => (loading = null));
    return loading;
  }

  /**
   * @param {string} code
   * @param {string | null} knownTo  level of a region whose records known to nothing inside it are asked for
   * @param {boolean} byKeyboard
   */
  async function open(code, knownTo, byKeyboard) {
    (await loadPage()).open(code, knownTo, byKeyboard);
  }

  /** @param {() => Promise<void>} work */
  async function attempt(work) {
    try {
      await work();
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return;
      (await loadPage()).tell(error, work);
    }
  }

  const { regions, store, texts } = parts;
  map.getContainer().setAttribute("aria-describedby", "map-hint");
  map.getContainer().setAttribute("role", "application");
  map.getContainer().setAttribute("aria-label", texts.get("map"));
  if (store.selection.region) await attempt(async () => void (await regions.whole()));
  await attempt(() => view.look());
  performance.mark("live");
  await (await loadPage()).begin();
  document.documentElement.dataset.ready = "true";
}

/** @param {L.Map} map */
async function makeParts(map) {
  /** @type {import("./types.js").MapConfig} */
  const config = JSON.parse(byId("map-config").textContent ?? "");
  const api = new Api();
  const texts = new Texts(await api.read(config.words));
  const regions = new RegionIndex(config.provinceNames, () => api.read(config.regions));
  const known = listKnown(config, texts.words);
  const read = (/** @type {string} */ search) => readSearch(search, known);
  const store = new Store({ ...read(location.search), language: config.language });
  const fromPage = answerFromPage(config, known.layers);
  api.kept.set(countsAddress(["province", "layer"], null, withoutKnownTo(store.selection.filters)), Promise.resolve(fromPage));
  return {
    config,
    texts,
    regions,
    api,
    ground: new Ground(api, config.firstTopology, () => regions.whole()),
    store,
    tooltip: new Tooltip(texts),
    read,
    address: (/** @type {Partial<Selection>} */ changes) => writeAddress({ ...store.selection, ...changes }, known),
    map,
  };
}
