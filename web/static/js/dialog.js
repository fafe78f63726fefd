// Dialogs over the map: the browser's own, closed by Esc, by the button or by a click beside it; the focus goes back.

import { element } from "./dom.js";
import { loadStyle } from "./style-sheet.js";

/** @typedef {import("./ways.js").DialogParts} DialogParts */

/** @type {Promise<void> | null} */
let prepared = null;

/**
 * Have the texts and the style of dialogs: fetched when the first one opens.
 * @param {DialogParts} parts
 */
export function prepareDialogs({ api, config, texts }) {
  prepared ??= Promise.all([api.read(config.dialogWords), loadStyle("dialog.css")]).then(([more]) => {
    texts.words.texts = { ...texts.words.texts, ...more };
  });
  prepared.catch(() => (prepared = null));
  return prepared;
}

/**
 * Open a dialog. What had the focus gets it back when it closes.
 * @param {import("./texts.js").Texts} texts
 * @param {string} title
 * @param {(Node | false)[]} content
 */
export function openDialog(texts, title, content) {
  const before = document.activeElement;
  const close = element("button", { type: "button", class: "dialog-close", "aria-label": texts.get("share.close") }, "×");
  const heading = element("h2", { id: "dialog-title" }, title);
  const dialog = element("dialog", { class: "dialog", "aria-labelledby": "dialog-title" }, element("div", { class: "dialog-head" }, heading, close));
  dialog.append(element("div", { class: "dialog-body" }, ...content.filter((node) => node !== false)));
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (before instanceof HTMLElement && before.isConnected) before.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
