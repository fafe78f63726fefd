// The search box: a form that works as it is; its suggestions are loaded when it first gets the focus.

import { byId } from "./dom.js";

/** @typedef {import("./page-parts.js").PageParts} PageParts */

/** @param {PageParts} parts */
export function wireSearch(parts) {
  const box = /** @type {HTMLInputElement} */ (byId("search-box"));
  /** @type {Promise<import("./search-list.js").SearchList> | undefined} */
  let loading;
  const load = () => {
    loading ??= Promise.all([import("./search-list.js"), parts.regions.whole()]).then(([{ SearchList }]) => new SearchList(parts));
    loading.catch(() => (loading = undefined));
    return loading;
  };
  const prepare = () => parts.attempt(async () => void (await load()));
  box.addEventListener("focus", prepare);
  if (document.activeElement === box) prepare();
  byId("search").addEventListener("submit", (event) => {
    event.preventDefault();
    parts.attempt(async () => (await load()).enter());
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input:not([type=checkbox]), textarea, select"));
}
