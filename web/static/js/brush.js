// The brush over the months: handles that are dragged or moved by keys, a window that is dragged, months that are clicked.

import { moveEnd, moveWindow, spanBetween, stepOfKey } from "./brush-moves.js";

/** @typedef {import("./time-range.js").Span} Span */
/** @typedef {import("./brush-moves.js").Handle} Handle */

const CLICK_PX = 4;
const PAUSE_MS = 120;

/**
 * @typedef {object} Axis
 * @property {() => number} count  how many months there are
 * @property {() => Span} span  which are chosen
 * @property {(span: Span) => void} preview  show months as chosen while the brush moves
 * @property {(span: Span) => void} choose
 */

/**
 * @param {SVGSVGElement} brush
 * @param {Axis} axis
 */
export function wireBrush(brush, axis) {
  for (const handle of brush.querySelectorAll("[data-handle]")) {
    handle.setAttribute("role", "slider");
    handle.setAttribute("tabindex", "0");
    handle.addEventListener("keydown", (event) => press(/** @type {KeyboardEvent} */ (event), axis));
  }
  brush.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !axis.count()) return;
    const follow = startDrag(brush, event, axis);
    drag(brush, event, axis, follow);
  });
}

/**
 * @param {KeyboardEvent} event
 * @param {Axis} axis
 */
function press(event, axis) {
  const step = stepOfKey(event.key);
  const handle = /** @type {SVGElement} */ (event.currentTarget).dataset.handle;
  if (step === null || event.metaKey || event.ctrlKey || event.altKey) return;
  event.preventDefault();
  axis.choose(moveEnd(axis.span(), /** @type {Handle} */ (handle), step, axis.count()));
}

/**
 * What a pointer that went down here does as it moves: to a handle, to the window, or choosing months anew.
 * @param {SVGSVGElement} brush
 * @param {PointerEvent} event
 * @param {Axis} axis
 * @returns {(at: number) => Span}  for a place in months
 */
function startDrag(brush, event, axis) {
  const before = axis.span();
  const count = axis.count();
  const from = monthAt(brush, event, count);
  const handle = /** @type {Element} */ (event.target).closest("[data-handle]");
  if (handle instanceof SVGElement) {
    handle.focus();
    const end = /** @type {Handle} */ (handle.dataset.handle);
    return (at) => moveEnd(before, end, Math.round(at - from), count);
  }
  const isPart = before.end - before.first < count && from >= before.first && from < before.end;
  if (isPart) return (at) => moveWindow(before, Math.round(at - from), count);
  return (at) => spanBetween(Math.floor(from), Math.floor(at), count);
}

/**
 * @param {SVGSVGElement} brush
 * @param {PointerEvent} down
 * @param {Axis} axis
 * @param {(at: number) => Span} follow
 */
function drag(brush, down, axis, follow) {
  const isHandle = Boolean(/** @type {Element} */ (down.target).closest("[data-handle]"));
  let isDrag = false;
  let timer = 0;
  const notice = (/** @type {PointerEvent} */ event) => (isDrag ||= Math.abs(event.clientX - down.clientX) >= CLICK_PX);
  const move = (/** @type {PointerEvent} */ event) => {
    notice(event);
    if (!isDrag) return;
    const span = follow(monthAt(brush, event, axis.count()));
    axis.preview(span);
    clearTimeout(timer);
    timer = window.setTimeout(() => axis.choose(span), PAUSE_MS);
  };
  const stop = (/** @type {PointerEvent} */ event) => {
    clearTimeout(timer);
    for (const [name, listener] of listeners) brush.removeEventListener(name, /** @type {EventListener} */ (listener));
    const at = monthAt(brush, event, axis.count());
    if (event.type === "pointercancel") axis.preview(axis.span());
    else if (notice(event)) axis.choose(follow(at));
    else if (!isHandle) axis.choose(spanBetween(Math.floor(at), Math.floor(at), axis.count()));
  };
  const listeners = /** @type {const} */ ([["pointermove", move], ["pointerup", stop], ["pointercancel", stop]]);
  brush.setPointerCapture(down.pointerId);
  down.preventDefault();
  for (const [name, listener] of listeners) brush.addEventListener(name, listener);
}

/**
 * Where a pointer is, in months and parts of months.
 * @param {SVGSVGElement} brush
 * @param {PointerEvent} event
 * @param {number} count
 */
function monthAt(brush, event, count) {
  const { left, width } = brush.getBoundingClientRect();
  return (count * (event.clientX - left)) / width;
}
