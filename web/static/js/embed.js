// Mounts the map that other sites frame: the map, where we are, zoom, legend and time. Nothing is kept in the browser,
// and the framing page's Back is left alone: addresses are replaced, never pushed.

import { Api, ApiError, countsAddress } from "./api.js";
import { refreshCrumbs } from "./crumbs.js";
import { all, byId } from "./dom.js";
import { listNames } from "./filter-values.js";
import { readFigures } from "./figures.js";
import { Ground } from "./ground.js";
import { wireLinks } from "./links.js";
import { answerFromPage } from "./map-figures.js";
import { prefersStillness } from "./map-fit.js";
import { MapView } from "./map-view.js";
import { makeToast, watchProgress } from "./notices.js";
import { RegionIndex } from "./region-index.js";
import { Store } from "./store.js";
import { Texts } from "./texts.js";
import { loadTime, wireTime } from "./time.js";
import { Tooltip } from "./tooltip.js";
import { readHash, readSearch, withoutKnownTo, writeAddress, writeHash } from "./url-state.js";

/** @typedef {import("./page-parts.js").PageParts} PageParts */
/** @typedef {import("./types.js").Selection} Selection */
/** @typedef {import("./types.js").MapConfig} MapConfig */

/** @param {L.Map} map */
export async function mountMap(map) {
  const parts = await makeParts();
  const { store } = parts;
  const view = new MapView(map, parts);
  const look = async () => {
    const { region } = store.selection;
    const [linked, bounds] = [readHash(location.hash), region ? await view.boundsOf(region) : null];
    if (linked) view.fit.look(linked, bounds);
    else view.fit.show(bounds, false);
    await view.draw();
  };
  const fit = async () => view.fit.show(store.selection.region ? await view.boundsOf(store.selection.region) : null, true);
  store.listen((after, before) => {
    const moved = after.region !== before.region;
    show(parts, moved ? "" : location.hash);
    parts.attempt(() => drawFigures(parts));
    parts.attempt(() => (moved ? fit().then(() => view.draw()) : view.draw()));
  });
  map.on("moveend", () => {
    if (view.fit.isFitted) return;
    const { lat, lng } = map.getCenter();
    show(parts, writeHash({ zoom: map.getZoom(), lat, lon: lng }));
  });
  addEventListener("resize", () => view.fit.refit());
  wireLinks((search) => store.change({ ...parts.read(search), language: parts.config.language }));
  wireMap(map, parts, view);
  show(parts, location.hash);
  await parts.attempt(look);
  if (store.selection.region) show(parts, location.hash);
  await parts.attempt(() => wireTime(parts));
  document.documentElement.dataset.ready = "true";
}

async function makeParts() {
  /** @type {MapConfig} */
  const config = JSON.parse(byId("map-config").textContent ?? "");
  const api = new Api(watchProgress());
  const texts = new Texts(await api.read(config.words));
  const regions = new RegionIndex(config.provinceNames, () => api.read(config.regions));
  const known = { layers: texts.words.layers.map((layer) => layer.id), filters: config.filters, lists: listNames(texts.words.properties), defaultLanguage: config.defaultLanguage };
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
      toast.show("error.load", () => attempt(work));
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

/** @typedef {Awaited<ReturnType<typeof makeParts>>} EmbedParts */

/**
 * Write the address, the way here and the link to the whole page anew.
 * @param {EmbedParts} parts
 * @param {string} hash
 */
function show(parts, hash) {
  history.replaceState(null, "", parts.address({}) + hash);
  byId("whole").setAttribute("href", parts.whole({}) + hash);
  refreshCrumbs(parts);
}

/** @param {EmbedParts} parts */
async function drawFigures(parts) {
  const { api, regions, store, texts } = parts;
  const { selection } = store;
  await regions.whole();
  const asked = readFigures(api, selection, regions.childLevel(selection.region), new AbortController().signal);
  const [figures, showTime] = await Promise.all([asked, loadTime(parts)]);
  if (selection !== store.selection) return;
  const place = selection.region ? regions.name(selection.region) : texts.get("country");
  for (const name of all("[data-place]")) name.textContent = place;
  showTime(figures.months);
  byId("announcement").textContent = `${place}, ${texts.say(figures.total, selection.layers)}`;
}

/**
 * @param {L.Map} map
 * @param {EmbedParts} parts
 * @param {MapView} view
 */
function wireMap(map, { regions, store, texts }, view) {
  const animate = !prefersStillness();
  const up = (/** @type {string | null} */ region) =>
    store.change({ region, record: null, filters: withoutKnownTo(store.selection.filters) });
  const acts = /** @type {Record<string, () => void>} */ ({
    in: () => map.zoomIn(1, { animate }),
    out: () => map.zoomOut(1, { animate }),
    whole: () => {
      up(null);
      view.fit.show(null, true);
    },
  });
  byId("zoom").hidden = false;
  for (const button of all("[data-zoom]")) button.addEventListener("click", () => acts[button.dataset.zoom ?? ""]?.());
  const box = map.getContainer();
  box.setAttribute("aria-describedby", "map-hint");
  box.setAttribute("role", "application");
  box.setAttribute("aria-label", texts.get("map"));
  box.addEventListener("keydown", (event) => {
    const path = regions.path(store.selection.region);
    if (event.key === "Escape" && path.length) up(path.at(-2) ?? null);
  });
}
