// Light and dark: the reader's system decides until the button is pressed; then the address says so.

import { byId } from "./dom.js";

/** @param {import("./store.js").Store} store */
export function wireTheme(store) {
  const button = byId("theme");
  const sheet = /** @type {HTMLLinkElement} */ (byId("dark-colours"));
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (store.selection.theme ? store.selection.theme === "dark" : system.matches);
  const show = () => {
    const { theme } = store.selection;
    sheet.media = theme ? (theme === "dark" ? "all" : "not all") : "(prefers-color-scheme: dark)";
    button.setAttribute("aria-pressed", String(isDark()));
  };
  button.hidden = false;
  button.addEventListener("click", () => store.change({ theme: isDark() ? "light" : "dark" }));
  system.addEventListener("change", show);
  store.listen(show);
  show();
}
