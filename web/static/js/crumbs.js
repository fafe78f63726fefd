// Where we are: the way from the country down to the selected region, each step a link.

import { byId, element } from "./dom.js";
import { regionAddress } from "./region-address.js";

/** @typedef {import("./page-parts.js").PageParts} PageParts */

/** @param {Pick<PageParts, "address" | "regions" | "store" | "texts">} parts */
export function refreshCrumbs(parts) {
  const { regions, store, texts } = parts;
  const { region } = store.selection;
  const crumbs = [null, ...regions.path(region)].map((code) => {
    const here = code === region ? "page" : null;
    const name = code ? regions.name(code) : texts.get("country");
    return element("li", {}, element("a", { href: regionAddress(parts, code), "data-page": true, "aria-current": here }, name));
  });
  const hadFocus = byId("crumbs").contains(document.activeElement);
  byId("crumbs").firstElementChild?.replaceChildren(...crumbs);
  if (hadFocus) crumbs.at(-1)?.querySelector("a")?.focus();
}
