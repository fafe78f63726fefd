// The dialog with the link of the present view and the code that puts it into another page.

import { openDialog, prepareDialogs } from "./dialog.js";
import { element } from "./dom.js";
import { writeIframe } from "./share-links.js";

/** @typedef {import("./ways.js").DialogParts} DialogParts */

/** @param {DialogParts} parts */
export async function open(parts) {
  await prepareDialogs(parts);
  const { texts, address } = parts;
  const here = address({}) + location.hash;
  const link = element("input", { readonly: true, id: "share-link", value: location.origin + here });
  const code = element("textarea", { readonly: true, id: "share-code", rows: 6, spellcheck: "false" });
  code.value = writeIframe(`${location.origin}/embed${here.slice(1)}`, texts.get("site.name"));
  const dialog = openDialog(texts, texts.get("share.title"), [
    field(parts, link, "share.link", () => dialog),
    field(parts, code, "share.code", () => dialog),
    element("p", { class: "hint" }, texts.get("share.hint")),
  ]);
  link.focus();
  link.select();
}

/**
 * @param {DialogParts} parts
 * @param {HTMLInputElement | HTMLTextAreaElement} input
 * @param {string} key
 * @param {() => HTMLDialogElement} dialogOf
 */
function field({ texts }, input, key, dialogOf) {
  const button = element("button", { type: "button", class: "copy", "aria-describedby": `${input.id}-label` }, texts.get("share.copy"));
  input.addEventListener("focus", () => input.select());
  button.addEventListener("click", async () => {
    const isCopied = await copy(input);
    say(dialogOf(), texts.get(isCopied ? "share.copied" : "share.selected"));
  });
  const label = element("label", { for: input.id, id: `${input.id}-label` }, texts.get(key));
  return element("div", { class: "field" }, label, element("div", { class: "field-row" }, input, button));
}

/**
 * Put the text on the clipboard. Where the browser refuses, the text is selected for the reader to copy.
 * @param {HTMLInputElement | HTMLTextAreaElement} input
 */
async function copy(input) {
  try {
    await navigator.clipboard.writeText(input.value);
    return true;
  } catch (error) {
    if (!(error instanceof DOMException || error instanceof TypeError)) throw error; // TypeError: no clipboard over plain http
    input.focus();
    input.select();
    return false;
  }
}

/**
 * A toast in the dialog itself: what lies under an open dialog is neither seen clearly nor read aloud.
 * @param {HTMLDialogElement} dialog
 * @param {string} text
 */
function say(dialog, text) {
  const toast = dialog.querySelector(".dialog-toast") ?? dialog.appendChild(element("p", { class: "dialog-toast", role: "status" }));
  toast.textContent = "";
  setTimeout(() => (toast.textContent = text), 30);
}
