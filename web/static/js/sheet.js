// On phones the panel is a sheet with three stops. The button moves it; dragging is an extra.

import { byId } from "./dom.js";

const STOPS = ["peek", "half", "full"];
const FLICK_PX = 40;

export function wireSheet() {
  const panel = byId("panel");
  const grab = byId("grab");
  const move = (/** @type {string} */ stop) => {
    panel.dataset.stop = stop;
    grab.setAttribute("aria-expanded", String(stop !== "peek"));
  };
  const step = (/** @type {number} */ by) => {
    const at = STOPS.indexOf(panel.dataset.stop ?? "peek");
    move(STOPS[Math.max(0, Math.min(STOPS.length - 1, at + by))] ?? "peek");
  };
  let startY = 0;
  let wasDragged = false;
  grab.addEventListener("pointerdown", (event) => {
    startY = event.clientY;
    wasDragged = false;
    grab.setPointerCapture(event.pointerId);
  });
  grab.addEventListener("pointerup", (event) => {
    const moved = event.clientY - startY;
    if (Math.abs(moved) < FLICK_PX) return;
    wasDragged = true;
    step(moved < 0 ? 1 : -1);
  });
  grab.addEventListener("click", () => {
    if (!wasDragged) move(panel.dataset.stop === "full" ? "peek" : (STOPS[STOPS.indexOf(panel.dataset.stop ?? "peek") + 1] ?? "half"));
    wasDragged = false;
  });
  move(panel.dataset.stop ?? "peek");
  return {
    /** Make room for what was asked for. */
    open: () => panel.dataset.stop === "peek" && move("half"),
  };
}
