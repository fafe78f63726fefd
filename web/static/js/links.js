// Links of the page: ordinary links, followed without loading the page anew, and kept true as the selection changes.

import { onPlainClick } from "./clicks.js";
import { refreshCrumbs } from "./crumbs.js";
import { all, byId } from "./dom.js";
import { SHADES } from "./url-state.js";

/** @typedef {import("./page-parts.js").PageParts} PageParts */

/**
 * @param {(search: string) => void} follow  told the query of the link that was followed
 */
export function wireLinks(follow) {
  onPlainClick("a[data-page]", (link) => follow(new URL(link.href).search));
}

/**
 * Write the addresses of links outside the panel anew, and where we are.
 * @param {PageParts} parts
 */
export function refreshLinks(parts) {
  const { address, store } = parts;
  const { selection } = store;
  for (const tab of /** @type {const} */ (["overview", "list", "table", "filters"])) {
    byId(`tab-${tab}`).setAttribute("href", address({ tab, record: null }));
  }
  for (const link of all("[data-shade]")) {
    const shade = SHADES.find((name) => name === link.dataset.shade) ?? SHADES[0];
    link.setAttribute("href", address({ shade }));
    mark(link, "true", selection.shade === shade);
  }
  for (const link of all("[data-language]")) {
    link.setAttribute("href", address({ language: link.dataset.language ?? "" }) + location.hash);
  }
  refreshCrumbs(parts);
}

/**
 * @param {HTMLElement} link
 * @param {string} value
 * @param {boolean} isCurrent
 */
function mark(link, value, isCurrent) {
  if (isCurrent) link.setAttribute("aria-current", value);
  else link.removeAttribute("aria-current");
}
