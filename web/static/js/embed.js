// Mounts the map that other sites frame: the map, where we are, zoom, legend and time. Nothing is kept in the browser,
// and the framing page's Back is left alone: addresses are replaced, never pushed.

import { refreshCrumbs } from "./crumbs.js";
import { all, byId } from "./dom.js";
import { makeParts } from "./embed-parts.js";
import { readFigures } from "./figures.js";
import { showLegend } from "./legend.js";
import { wireLinks } from "./links.js";
import { prefersStillness } from "./map-fit.js";
import { MapView } from "./map-view.js";
import { loadTime, wireTime } from "./time.js";
import { withoutKnownTo, writeHash } from "./url-state.js";

/** @typedef {import("./embed-parts.js").EmbedParts} EmbedParts */

/** @param {L.Map} map */
export async function mountMap(map) {
  const parts = await makeParts();
  const { store } = parts;
  const view = new MapView(map, parts);
  view.showWith((shown) => showLegend(parts.texts, shown));
  store.listen((after, before) => {
    const moved = after.region !== before.region;
    show(parts, moved ? "" : location.hash);
    // There is no room for a card here: a record opens in the whole map.
    if (after.record && after.record !== before.record) open(byId("whole").getAttribute("href") ?? "/", "_blank", "noopener");
    parts.attempt(() => drawFigures(parts));
    parts.attempt(() => (moved ? view.fitSelection(true).then(() => view.draw()) : view.draw()));
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
  await parts.attempt(() => view.look());
  if (store.selection.region) show(parts, location.hash);
  await parts.attempt(() => wireTime(parts));
  document.documentElement.dataset.ready = "true";
}

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
