// What stands in the list while it is awaited for the first time, and when it cannot be had.

import { byId, element } from "./dom.js";
import { nameFailure } from "./failures.js";

const PATIENCE_MS = 150;

/**
 * A list that is there stays until the new one is ready.
 * @param {import("./page-parts.js").PageParts} parts
 * @param {Promise<unknown>} reading
 * @param {() => Promise<void>} again
 */
export function watchList({ attempt, texts }, reading, again) {
  const place = byId("view-list");
  if (place.childElementCount && !place.querySelector(".list-state")) return;
  const say = (/** @type {(Node | string)[]} */ ...said) => place.replaceChildren(element("p", { class: "empty list-state", role: "status" }, ...said));
  const timer = setTimeout(() => say(texts.get("loading")), PATIENCE_MS);
  reading.then(
    () => clearTimeout(timer),
    (error) => {
      clearTimeout(timer);
      if (error instanceof DOMException && error.name === "AbortError") return;
      const button = element("button", { type: "button", class: "more" }, texts.get("error.retry"));
      button.addEventListener("click", () => attempt(again));
      say(texts.get(nameFailure(error)), " ", button);
    },
  );
}
