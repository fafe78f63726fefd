// Makes the server's picture a live map: provinces and rings, on the map that Folium's shell has made. All else of the
// page works as links and forms as it came; its modules come when the map stands, or when a reader is quicker.

import { byId } from "./dom.js";
import { DrawnMap } from "./drawn-map.js";

/** @param {L.Map} map */
export async function mountMap(map) {
  /** @type {import("./types.js").MapConfig} */
  const config = JSON.parse(byId("map-config").textContent ?? "");
  const drawn = new DrawnMap(map, config, async (code, byKeyboard) => (await loadPage()).open(code, null, byKeyboard));
  /** @type {Promise<import("./whole-page.js").WholePage> | null} */
  let loading = null;

  function loadPage() {
    loading ??= import("./whole-page.js").then(({ makePage }) => makePage(map, config, drawn));
    loading.catch(() => (loading = null));
    return loading;
  }

  const box = map.getContainer();
  box.setAttribute("aria-describedby", "map-hint");
  box.setAttribute("role", "application");
  box.setAttribute("aria-label", config.mapName);
  const isWhole = !location.hash && !new URLSearchParams(location.search).has("region");
  const isDrawn = isWhole && (await drawn.drawPicture(config));
  if (isDrawn) performance.mark("live");
  const page = await loadPage();
  await page.look();
  if (!isDrawn) performance.mark("live");
  await page.begin();
  document.documentElement.dataset.ready = "true";
}
