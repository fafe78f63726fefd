// Light and dark: the reader's system decides until the button is pressed. Then the address says so, and the browser
// remembers it for the next visit; an address that says otherwise has its way, and is not remembered.

import { byId } from "./dom.js";

/** @typedef {import("./types.js").Selection["theme"]} Theme */

const KEY = "theme";
const SYSTEM = "(prefers-color-scheme: dark)";

/**
 * The colours that the browser remembers, where the address names none. To ask for them makes a slow browser wait: the
 * map comes first.
 * @param {Theme} asked  by the address
 * @returns {Theme}
 */
export function recallTheme(asked) {
  const kept = asked ?? reachStorage((storage) => storage.getItem(KEY));
  const theme = kept === "dark" || kept === "light" ? kept : null;
  show(theme);
  return theme;
}

/** @param {import("./store.js").Store} store */
export function wireTheme(store) {
  const button = byId("theme");
  const system = matchMedia(SYSTEM);
  const isDark = () => (store.selection.theme ? store.selection.theme === "dark" : system.matches);
  const refresh = () => {
    show(store.selection.theme);
    button.setAttribute("aria-pressed", String(isDark()));
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    const theme = isDark() ? "light" : "dark";
    reachStorage((storage) => storage.setItem(KEY, theme));
    store.change({ theme });
  });
  system.addEventListener("change", refresh);
  store.listen(refresh);
  refresh();
}

/** @param {Theme} theme */
function show(theme) {
  const sheet = /** @type {HTMLLinkElement} */ (byId("dark-colours"));
  const media = theme ? (theme === "dark" ? "all" : "not all") : SYSTEM;
  if (sheet.media !== media) sheet.media = media; // to write the same again would have the whole page styled anew
}

/**
 * What the browser remembers; nothing where the reader has forbidden that, and then only the next visit forgets.
 * @template T
 * @param {(storage: Storage) => T} use
 * @returns {T | null}
 */
function reachStorage(use) {
  try {
    return use(localStorage);
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}
