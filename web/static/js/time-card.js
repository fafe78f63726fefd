// The time card: which months there are, which range is shown, and the ways to change it. The server wrote it; here it
// comes alive and is kept true. A page may hold it twice, for wide and for narrow windows.

import { wireBrush } from "./brush.js";
import { all } from "./dom.js";
import { prefersStillness } from "./map-fit.js";
import { findPresets, findSpan, monthName, monthNumber, lastDay, readDays, withTime, writeSpan } from "./time-range.js";
import { rangeInWords } from "./time-words.js";

/** @typedef {import("./time-range.js").Span} Span */
/**
 * What the card needs of the page. Both the map page and the framed map have it.
 * @typedef {Pick<import("./page-parts.js").PageParts, "store" | "texts" | "address">} TimeParts
 */

/** The months of a card. @param {HTMLElement} card */
function axisOf(card) {
  return { first: card.dataset.first ?? "", count: Number(card.dataset.number) };
}

/** @param {TimeParts} parts */
export function mountTime(parts) {
  const { store } = parts;
  for (const card of all("[data-time]")) {
    const choose = (/** @type {string | null} */ datetime) => store.change({ filters: withTime(store.selection.filters, datetime) });
    const span = () => findSpan(readDays(store.selection.filters), axisOf(card).first, axisOf(card).count);
    const chooseSpan = (/** @type {Span} */ chosen) => choose(writeSpan(chosen, axisOf(card).first, axisOf(card).count));
    const brush = card.querySelector(".brush");
    if (!(brush instanceof SVGSVGElement)) continue;
    wireBrush(brush, { count: () => axisOf(card).count, span, preview: (chosen) => showSpan(parts, card, chosen), choose: chooseSpan });
    wireForm(card, choose);
    wirePlay(parts, card, { span, choose: chooseSpan });
  }
  store.listen((after, before) => after.filters !== before.filters && showRange(parts));
  showRange(parts);
}

/** Show the range of the selection on every card. @param {TimeParts} parts */
export function showRange(parts) {
  const { store, texts, address } = parts;
  const { filters } = store.selection;
  for (const card of all("[data-time]")) {
    const { first, count } = axisOf(card);
    const days = readDays(filters);
    write(card, "[data-range]", rangeInWords(texts, days, first, count));
    const last = count ? monthName(monthNumber(first) + count - 1) : "";
    const presets = new Map(last ? findPresets(last) : []);
    const asked = filters.find(([name]) => name === "datetime")?.[1] ?? null;
    for (const link of card.querySelectorAll("[data-preset]")) {
      const datetime = presets.get(/** @type {HTMLElement} */ (link).dataset.preset ?? "") ?? null;
      link.setAttribute("href", address({ filters: withTime(filters, datetime) }));
      if (datetime === asked) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    showSpan(parts, card, findSpan(days, first, count));
  }
}

/**
 * Show months as chosen: the window, what is outside it, the handles and the form.
 * @param {TimeParts} parts
 * @param {HTMLElement} card
 * @param {Span} span
 */
function showSpan({ texts }, card, span) {
  const { first, count } = axisOf(card);
  if (!count) return;
  const place = (/** @type {number} */ month) => `${((100 * month) / count).toFixed(2)}%`;
  const set = (/** @type {string} */ selector, /** @type {Record<string, string>} */ attributes) => {
    for (const [name, value] of Object.entries(attributes)) card.querySelector(selector)?.setAttribute(name, value);
  };
  set("[data-window]", { x: place(span.first), width: place(span.end - span.first) });
  set("[data-veil=before]", { width: place(span.first) });
  set("[data-veil=after]", { x: place(span.end), width: place(count - span.end) });
  const name = (/** @type {number} */ month) => monthName(monthNumber(first) + month);
  const ends = /** @type {const} */ ([["first", span.first, span.first, 0, span.end - 1], ["last", span.end, span.end - 1, span.first, count - 1]]);
  for (const [end, at, now, least, most] of ends) {
    const values = { "aria-valuenow": `${now}`, "aria-valuemin": `${least}`, "aria-valuemax": `${most}`, "aria-valuetext": texts.month(name(now)) };
    set(`[data-handle=${end}]`, { x: place(at), ...values });
    const input = card.querySelector(end === "first" ? "[name=from]" : "[name=to]");
    if (input instanceof HTMLInputElement && document.activeElement !== input) input.value = name(now);
  }
}

/**
 * @param {HTMLElement} card
 * @param {(datetime: string) => void} choose
 */
function wireForm(card, choose) {
  const form = card.querySelector("[data-months]");
  if (!(form instanceof HTMLFormElement)) return;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const given = new FormData(form);
    const [first, last] = [String(given.get("from")), String(given.get("to"))].sort();
    choose(`${first}-01/${lastDay(last ?? "")}`);
    form.closest("details")?.removeAttribute("open");
    form.closest("details")?.querySelector("summary")?.focus();
  });
}

/**
 * @param {TimeParts} parts
 * @param {HTMLElement} card
 * @param {{span: () => Span, choose: (span: Span) => void}} range
 */
function wirePlay({ store, texts }, card, range) {
  const button = card.querySelector("[data-play]");
  if (!(button instanceof HTMLButtonElement)) return;
  button.hidden = prefersStillness();
  /** @type {typeof import("./play.js") | undefined} */
  let play;
  button.addEventListener("click", async () => {
    // Asked for once: a second click must stop time at once, not after one more step.
    play ??= await import("./play.js");
    play.togglePlay(button, { store, texts, count: () => axisOf(card).count, ...range });
  });
}

/**
 * @param {HTMLElement} card
 * @param {string} selector
 * @param {string} text
 */
function write(card, selector, text) {
  const place = card.querySelector(selector);
  if (place && place.textContent !== text) place.textContent = text;
}
