// Time that plays: one step a second, up to the last month. Loaded when it is first asked for.

import { playStep } from "./brush-moves.js";

/** @typedef {import("./time-range.js").Span} Span */
/**
 * @typedef {object} Player
 * @property {import("./store.js").Store} store
 * @property {import("./texts.js").Texts} texts
 * @property {() => number} count
 * @property {() => Span} span
 * @property {(span: Span) => void} choose
 */

const STEP_MS = 1000;
/** The timers of the buttons that play. @type {WeakMap<HTMLButtonElement, number>} */
const timers = new WeakMap();

/**
 * Begin to play, or stop.
 * @param {HTMLButtonElement} button
 * @param {Player} player
 */
export function togglePlay(button, player) {
  const { texts } = player;
  const stop = () => {
    clearInterval(timers.get(button));
    timers.delete(button);
    say("time.play");
  };
  const say = (/** @type {string} */ key) => {
    button.setAttribute("aria-label", texts.get(key));
    button.title = texts.get(key);
    button.toggleAttribute("data-playing", key === "time.pause");
  };
  const step = (/** @type {boolean} */ isStart) => {
    const next = playStep(player.span(), player.count(), isStart);
    if (!next) return stop();
    player.choose(next);
    if (next.end >= player.count()) stop();
  };
  if (timers.has(button)) return stop();
  say("time.pause");
  let shown = player.store.selection;
  const turn = (/** @type {boolean} */ isStart) => {
    if (!isStart && player.store.selection !== shown) return stop();
    step(isStart);
    shown = player.store.selection;
  };
  timers.set(button, window.setInterval(() => turn(false), STEP_MS));
  turn(true);
}
