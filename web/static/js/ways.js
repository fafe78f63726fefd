// The ways out of the map in the top bar. What opens over the map is loaded when it is first asked for.

import { onPlainClick } from "./clicks.js";
import { all } from "./dom.js";

/** @typedef {import("./page-parts.js").PageParts & {map: L.Map}} DialogParts */

/** @type {Record<string, () => Promise<{open: (parts: DialogParts) => Promise<void>}>>} */
const DIALOGS = { share: () => import("./share-dialog.js"), export: () => import("./export-dialog.js") };

/** @param {DialogParts} parts */
export function wireWays(parts) {
  onPlainClick('a[data-way="share"], a[data-way="export"]', (link) => {
    link.closest("details")?.removeAttribute("open");
    const load = DIALOGS[link.dataset.way ?? ""];
    if (load) parts.attempt(async () => (await load()).open(parts));
  });
  const refresh = () => {
    const here = parts.address({});
    for (const link of all("a[data-way]")) {
      const { way } = link.dataset;
      link.setAttribute("href", way === "method" ? methodAddress(here) : `/${way}${here.slice(1)}${location.hash}`);
    }
  };
  parts.store.listen(refresh);
  parts.map.on("moveend", refresh);
  refresh();
}

/** The page about the method keeps language and colours alone. @param {string} here */
function methodAddress(here) {
  const search = new URLSearchParams([...new URL(here, location.href).searchParams].filter(([name]) => name === "lang" || name === "theme"));
  return search.size ? `/method?${search}` : "/method";
}
