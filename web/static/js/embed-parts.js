// What the parts of the framed map share. It has no panel: a ring opens its region, and what failed can be tried again.

import { Api, ApiError, countsAddress } from "./api.js";
import { byId } from "./dom.js";
import { nameFailure } from "./failures.js";
import { Ground } from "./ground.js";
import { answerFromPage } from "./map-figures.js";
import { makeToast, watchProgress } from "./notices.js";
import { RegionIndex } from "./region-index.js";
import { Store } from "./store.js";
import { Texts } from "./texts.js";
import { Tooltip } from "./tooltip.js";
import { listKnown, readSearch, withoutKnownTo, writeAddress } from "./url-state.js";

/** @typedef {import("./types.js").Selection} Selection */
/** @typedef {Awaited<ReturnType<typeof makeParts>>} EmbedParts */

export async function makeParts() {
  /** @type {import("./types.js").MapConfig} */
  const config = JSON.parse(byId("map-config").textContent ?? "");
  const api = new Api(watchProgress());
  const texts = new Texts(await api.read(config.words));
  const regions = new RegionIndex(config.provinceNames, () => api.read(config.regions));
  const known = listKnown(config, texts.words);
  const read = (/** @type {string} */ search) => readSearch(search, known);
  const store = new Store({ ...read(location.search), language: config.language });
  const counts = Promise.resolve(answerFromPage(config, known.layers));
  api.kept.set(countsAddress(["province", "layer"], null, withoutKnownTo(store.selection.filters)), counts);
  const toast = makeToast(texts);
  const attempt = async (/** @type {() => Promise<void>} */ work) => {
    try {
      await work();
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return;
      toast.show(nameFailure(error), () => attempt(work));
      if (!(error instanceof ApiError)) throw error;
    }
  };
  const whole = (/** @type {Partial<Selection>} */ changes) => writeAddress({ ...store.selection, ...changes }, known);
  return {
    config,
    texts,
    regions,
    api,
    ground: new Ground(api, config.firstTopology, () => regions.whole()),
    store,
    tooltip: new Tooltip(texts),
    read,
    whole,
    address: (/** @type {Partial<Selection>} */ changes) => config.page + whole(changes).slice(1),
    attempt,
    open: (/** @type {string} */ region) => store.change({ region, record: null, filters: withoutKnownTo(store.selection.filters) }),
  };
}
