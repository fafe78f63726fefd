// What the page says about itself: waiting, failing, being offline.

import { byId, element } from "./dom.js";

const PATIENCE_MS = 150;
const STAY_MS = 8000;

/**
 * Take away what a link made to CLB's map left word of, when the reader has read it.
 * @param {() => void} onClose
 */
export function wireNotice(onClose) {
  document.getElementById("notice-close")?.addEventListener("click", (event) => {
    event.preventDefault();
    byId("notice").remove();
    onClose();
  });
}

/**
 * Say that the connection is away as long as it is; what failed meanwhile is done again when it is back.
 * @param {import("./texts.js").Texts} texts
 * @param {() => void} retry
 */
export function watchConnection(texts, retry) {
  const banner = byId("offline");
  const show = () => (banner.textContent = navigator.onLine ? "" : texts.get("error.offline"));
  addEventListener("offline", show);
  addEventListener("online", () => {
    show();
    retry();
  });
  show();
}

/** A line at the upper edge of the map while answers are awaited; short waits show nothing. */
export function watchProgress() {
  const line = byId("progress");
  let timer = 0;
  return (/** @type {number} */ pending) => {
    clearTimeout(timer);
    if (pending) timer = window.setTimeout(() => (line.hidden = false), PATIENCE_MS);
    else line.hidden = true;
  };
}

/**
 * @param {import("./texts.js").Texts} texts
 */
export function makeToast(texts) {
  const box = byId("toast");
  let timer = 0;
  const hide = () => box.classList.remove("shown");
  return {
    hide,
    /**
     * @param {string} key
     * @param {(() => void) | null} retry
     */
    show(key, retry) {
      const again = retry && element("button", { type: "button" }, texts.get("error.retry"));
      again?.addEventListener("click", () => {
        hide();
        retry?.();
      });
      box.replaceChildren(texts.get(key), ...(again ? [" ", again] : []));
      box.classList.add("shown");
      clearTimeout(timer);
      timer = window.setTimeout(hide, STAY_MS);
    },
  };
}
