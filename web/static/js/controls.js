// What stands around the map: switches, filters, search, dialogs, time. All of it works as links and forms before this
// module comes, so it is loaded when the map is live.

import { all, byId } from "./dom.js";
import { wireFilters } from "./filter-form.js";
import { wireLayerSwitches } from "./layer-switches.js";
import { prefersStillness } from "./map-fit.js";
import { watchConnection, wireNotice } from "./notices.js";
import { openTab } from "./open-tab.js";
import { wireSearch } from "./search-box.js";
import { wireTheme } from "./theme.js";
import { wireTime } from "./time.js";
import { withoutKnownTo } from "./url-state.js";
import { wireWays } from "./ways.js";

/** @typedef {import("./page-parts.js").PageParts & {map: L.Map}} MapParts */

/**
 * @param {MapParts} parts
 * @param {import("./map-view.js").MapView} view
 * @param {() => void} retry  what failed
 */
export async function wireControls(parts, view, retry) {
  const { attempt, map, store, texts } = parts;
  wireLayerSwitches(parts);
  wireFilters(parts, () => openTab(store.selection));
  wireSearch(parts);
  watchConnection(texts, retry);
  wireTheme(store);
  wireNotice(() => {
    history.replaceState(null, "", parts.address({}) + location.hash);
    map.invalidateSize();
  });
  wireWays(parts);
  wireZoom(parts, view);
  await attempt(() => wireTime(parts));
}

/**
 * @param {MapParts} parts
 * @param {import("./map-view.js").MapView} view
 */
function wireZoom({ map, store }, view) {
  byId("zoom").hidden = false;
  const animate = !prefersStillness();
  const act = /** @type {Record<string, () => void>} */ ({
    in: () => map.zoomIn(1, { animate }),
    out: () => map.zoomOut(1, { animate }),
    whole: () => {
      store.change({ region: null, record: null, filters: withoutKnownTo(store.selection.filters) });
      view.fit.show(null, true);
    },
  });
  for (const button of all("[data-zoom]")) button.addEventListener("click", () => act[button.dataset.zoom ?? ""]?.());
}
