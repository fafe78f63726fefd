// Shows how far a batch is, and opens its page anew once the worker has put it down.

import { all } from "./dom.js";

const EVERY_MS = 1000;
const AFTER_FAULT_MS = 3000;

/**
 * @typedef {object} Progress
 * @property {string} state
 * @property {boolean} busy
 * @property {string} words
 */

/** @param {HTMLElement} panel */
async function follow(panel) {
  const words = panel.querySelector("[data-words]");
  for (;;) {
    const found = await ask(panel.dataset.progress ?? "");
    if (found && (!found.busy || found.state === "committing") && found.state !== panel.dataset.state) {
      window.location.reload();
      return;
    }
    if (found && words && words.textContent !== found.words) words.textContent = found.words;
    await new Promise((resolve) => setTimeout(resolve, found ? EVERY_MS : AFTER_FAULT_MS));
  }
}

/**
 * Ask how far it is; null where there was no answer, for which the next question is the remedy.
 * @param {string} address
 * @returns {Promise<Progress | null>}
 */
async function ask(address) {
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    return answer.ok ? /** @type {Progress} */ (await answer.json()) : null;
  } catch {
    return null;
  }
}

for (const panel of all("[data-progress]")) void follow(panel);
