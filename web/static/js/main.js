// Mounts the page's parts on the map that Folium's shell has made, and lets them hear of each other.

import { Api, ApiError, countsAddress } from "./api.js";
import { byId, all } from "./dom.js";
import { listNames } from "./filter-values.js";
import { nameFailure } from "./failures.js";
import { isStep } from "./history-steps.js";
import { Ground } from "./ground.js";
import { whenIdle } from "./idle.js";
import { refreshLinks, wireLinks } from "./links.js";
import { answerFromPage } from "./map-figures.js";
import { MapView } from "./map-view.js";
import { makeToast, watchProgress } from "./notices.js";
import { RegionIndex } from "./region-index.js";
import { wireSheet } from "./sheet.js";
import { Store } from "./store.js";
import { Texts } from "./texts.js";
import { startTheme } from "./theme.js";
import { Tooltip } from "./tooltip.js";
import { readHash, readSearch, withoutKnownTo, writeAddress, writeHash } from "./url-state.js";

/** @typedef {import("./types.js").Selection} Selection */
/** @typedef {import("./types.js").MapConfig} MapConfig */

/** @param {L.Map} map */
export async function mountMap(map) {
  /** @type {MapConfig} */
  const config = JSON.parse(byId("map-config").textContent ?? "");
  const theme = startTheme(location.search);
  const api = new Api(watchProgress());
  const texts = new Texts(await api.read(config.words));
  const regions = new RegionIndex(config.provinceNames, () => api.read(config.regions));
  const known = { layers: texts.words.layers.map((layer) => layer.id), filters: config.filters, lists: listNames(texts.words.properties), defaultLanguage: config.defaultLanguage };
  const store = new Store({ ...readSearch(location.search, known), language: config.language, theme });
  const fromPage = answerFromPage(config, known.layers);
  api.kept.set(countsAddress(["province", "layer"], null, withoutKnownTo(store.selection.filters)), Promise.resolve(fromPage));
  const parts = {
    config,
    texts,
    regions,
    api,
    ground: new Ground(api, config.firstTopology, () => regions.whole()),
    store,
    tooltip: new Tooltip(texts),
    address: (/** @type {Partial<Selection>} */ changes) => writeAddress({ ...store.selection, ...changes }, known),
    map,
    open,
    attempt,
  };
  const toast = makeToast(texts);
  const view = new MapView(map, parts);
  const sheet = wireSheet();
  const firstRecord = store.selection.record;
  /** @type {import("./panel.js").Panel | null} */
  let panel = null;

  /** The panel is drawn by the server first; its modules come when it changes. */
  async function loadPanel() {
    const [{ Panel }, { showLayerCounts }] = await Promise.all([import("./panel.js"), import("./layer-switches.js"), regions.whole()]);
    panel ??= new Panel(parts, firstRecord);
    panel.onFigures = showLayerCounts;
    return panel;
  }

  async function drawPanel() {
    const loaded = await loadPanel();
    await loaded.draw();
  }

  /**
   * @param {string} code
   * @param {string | null} knownTo  level of a region whose records known to nothing inside it are asked for
   * @param {boolean} byKeyboard
   */
  function open(code, knownTo, byKeyboard) {
    const { filters, record, tab } = store.selection;
    const finer = { province: "prefecture", prefecture: "county" }[knownTo ?? ""];
    const kept = withoutKnownTo(filters);
    parts.tooltip.hide();
    store.change({
      region: code,
      record: null,
      filters: finer ? [...kept, [finer, "unknown"]] : kept,
      tab: finer ? "list" : record ? "overview" : tab,
    });
    if (byKeyboard) map.getContainer().focus();
  }

  /** What failed and was not yet done again. @type {Set<() => Promise<void>>} */
  const failed = new Set();

  /** @param {() => Promise<void>} work */
  async function attempt(work) {
    try {
      await work();
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return;
      failed.add(work);
      const why = nameFailure(error);
      toast.show(why, retry);
      if (why === "error.load" && !(error instanceof ApiError)) throw error;
    }
  }

  function retry() {
    const again = [...failed];
    failed.clear();
    for (const work of again) attempt(work);
  }

  /** @param {boolean} animate */
  async function fitSelection(animate) {
    const { region } = store.selection;
    view.fit.show(region ? await view.boundsOf(region) : null, animate);
  }

  async function lookAsLinked() {
    const { region } = store.selection;
    const linked = readHash(location.hash);
    const bounds = region ? await view.boundsOf(region) : null;
    if (linked) view.fit.look(linked, bounds);
    else view.fit.show(bounds, false);
    await view.draw();
  }

  let isGoingBack = false;
  store.listen((after, before) => {
    const moved = after.region !== before.region;
    const hash = moved ? "" : location.hash;
    if (!isGoingBack) history[isStep(after, before) ? "pushState" : "replaceState"](null, "", parts.address({}) + hash);
    refreshLinks(parts);
    if (!regions.topologies) attempt(() => regions.whole().then(() => refreshLinks(parts)));
    if (after.tab !== before.tab || after.record) sheet.open();
    attempt(drawPanel);
    if (isGoingBack) return;
    attempt(() => (moved ? fitSelection(true).then(() => view.draw()) : view.draw()));
  });
  addEventListener("popstate", () => {
    isGoingBack = true;
    const { theme } = store.selection; // colours are no step: Back keeps them
    store.change({ ...readSearch(location.search, known), language: config.language, theme });
    history.replaceState(null, "", parts.address({}) + location.hash);
    isGoingBack = false;
    attempt(lookAsLinked);
  });
  map.on("moveend", () => {
    if (view.fit.isFitted) return;
    const { lat, lng } = map.getCenter();
    history.replaceState(null, "", location.pathname + location.search + writeHash({ zoom: map.getZoom(), lat, lon: lng }));
    refreshLinks(parts);
  });
  addEventListener("resize", () => view.fit.refit());
  wireLinks((search) => store.change({ ...readSearch(search, known), language: config.language }));
  map.getContainer().addEventListener("keydown", (event) => {
    const path = parts.regions.path(store.selection.region);
    if (event.key !== "Escape" || !path.length) return;
    store.change({ region: path.at(-2) ?? null, record: null, filters: withoutKnownTo(store.selection.filters) });
    map.getContainer().focus();
  });
  map.getContainer().setAttribute("aria-describedby", "map-hint");
  map.getContainer().setAttribute("role", "application");
  map.getContainer().setAttribute("aria-label", texts.get("map"));
  if (store.selection.region) await attempt(async () => void (await regions.whole()));
  refreshLinks(parts);
  await attempt(lookAsLinked);
  performance.mark("live");
  await attempt(async () => (await import("./controls.js")).wireControls(parts, view, retry));
  if (store.selection.tab === "list" && !store.selection.record) await attempt(drawPanel);
  attempt(async () => (await import("./print-page.js")).wirePrint(parts));
  if (store.selection.tab === "table") await attempt(async () => (await import("./table-sort.js")).makeSortable(texts.language));
  document.documentElement.dataset.ready = "true";
  whenIdle(() => attempt(async () => void (await loadPanel())));
}
