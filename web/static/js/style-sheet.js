// Styles that are needed only after a click.

import { byId, element } from "./dom.js";

/** @type {Map<string, Promise<void>>} */
const loaded = new Map();

/**
 * Have a style sheet of ours, before the dark colours, which have the last word. Fetched once.
 * @param {string} name  "card.css"
 */
export function loadStyle(name) {
  const kept = loaded.get(name);
  if (kept) return kept;
  const loading = add(new URL(`../css/${name}`, import.meta.url).href);
  loaded.set(name, loading);
  loading.catch(() => loaded.delete(name));
  return loading;
}

/**
 * @param {string} href
 * @returns {Promise<void>}
 */
function add(href) {
  if ([...document.styleSheets].some((sheet) => sheet.href === href)) return Promise.resolve();
  const link = element("link", { rel: "stylesheet", href });
  return new Promise((resolve, reject) => {
    link.addEventListener("load", () => resolve());
    link.addEventListener("error", () => {
      link.remove();
      reject(new TypeError(`Could not load ${href}`));
    });
    byId("dark-colours").before(link);
  });
}
