// Links of the page: ordinary links, followed without loading the page anew, and kept true as the selection changes.

import { all, byId, element } from "./dom.js";
import { regionAddress } from "./overview.js";
import { SHADES } from "./url-state.js";

/** @typedef {import("./page-parts.js").PageParts} PageParts */

/**
 * @param {(search: string) => void} follow  told the query of the link that was followed
 */
export function wireLinks(follow) {
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[data-page]") : null;
    if (!(link instanceof HTMLAnchorElement) || event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    follow(new URL(link.href).search);
  });
}

/**
 * Write the addresses of links outside the panel anew, and where we are.
 * @param {PageParts} parts
 */
export function refreshLinks(parts) {
  const { address, regions, store, texts } = parts;
  const { selection } = store;
  for (const tab of /** @type {const} */ (["overview", "list", "table"])) {
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
  const path = regions.path(selection.region);
  const crumbs = [null, ...path].map((code) => {
    const link = element("a", { href: regionAddress(parts, code), "data-page": true }, code ? regions.name(code) : texts.get("country"));
    mark(link, "page", code === selection.region);
    return element("li", {}, link);
  });
  const hadFocus = byId("crumbs").contains(document.activeElement);
  byId("crumbs").firstElementChild?.replaceChildren(...crumbs);
  if (hadFocus) crumbs.at(-1)?.querySelector("a")?.focus();
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
