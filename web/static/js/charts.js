// Charts of bars: how many records each value of a property has. A bar is a link that filters, or takes its filter out.
// Loaded when the selection first changes: the server drew the charts of the first.

import { facetsAddress } from "./api.js";
import { barLength, countedOnce, listCharts, rankValues, seenAtOnce, UNKNOWN } from "./chart-bars.js";
import { element, glyph, graphic } from "./dom.js";
import { codesOf, withCode } from "./filter-values.js";
import { formatNumber } from "./formats.js";

/** @typedef {import("./page-parts.js").PageParts} PageParts */
/** @typedef {import("./types.js").PropertyWords} PropertyWords */
/** @typedef {import("./chart-bars.js").Facet} Facet */
/** @typedef {import("./chart-bars.js").Value} Value */

/**
 * The charts of the selection.
 * @param {PageParts} parts
 * @param {AbortSignal} signal
 * @returns {Promise<HTMLElement[]>}
 */
export async function readCharts(parts, signal) {
  const { api, store, texts } = parts;
  const { selection } = store;
  if (!selection.layers.length) return [];
  /** @type {{facets: Record<string, Facet>}} */
  const { facets } = await api.read(facetsAddress(selection), signal);
  return listCharts(texts.words.properties, selection.layers).flatMap((prop) => {
    const facet = facets[prop.name];
    const chosen = codesOf(selection.filters, prop.name);
    return facet && (facet.counted || chosen.length) ? [drawChart(parts, prop, facet, chosen)] : [];
  });
}

/**
 * @param {PageParts} parts
 * @param {PropertyWords} prop
 * @param {Facet} facet
 * @param {string[]} chosen
 */
function drawChart(parts, prop, facet, chosen) {
  const { texts, store } = parts;
  const values = rankValues(facet, chosen, prop.inOrder ?? false);
  const whole = Math.max(1, facet.unknown, ...values.map(({ count }) => count));
  const bars = values.map((value) => drawBar(parts, prop, value, whole));
  const atOnce = seenAtOnce(bars.length);
  const isOpen = values.slice(atOnce).some(({ code }) => chosen.includes(code)) || wasOpen(prop.name);
  const summary = element("summary", { class: "more" }, texts.get("charts.all", { count: formatNumber(bars.length) }));
  const { layers } = store.selection;
  const having = layers.filter((layer) => prop.layers?.includes(layer));
  const marks = (having.length < layers.length ? having : []).flatMap((id) => {
    const layer = texts.layer(id);
    return [" ", glyph(layer), element("span", { class: "visually-hidden" }, layer.label)];
  });
  const once = countedOnce(facet);
  return element(
    "section",
    { class: "block chart", "data-chart": prop.name },
    element("h2", {}, prop.label, ...marks),
    ...bars.slice(0, atOnce),
    atOnce < bars.length && element("details", { open: isOpen }, summary, ...bars.slice(atOnce)),
    (facet.unknown > 0 || chosen.includes(UNKNOWN)) && drawBar(parts, prop, { code: UNKNOWN, count: facet.unknown }, whole),
    once !== null && element("p", { class: "hint" }, texts.get("charts.several", { count: formatNumber(once) })),
  );
}

/**
 * @param {PageParts} parts
 * @param {PropertyWords} prop
 * @param {Value} value
 * @param {number} whole  the count that fills the bar
 */
function drawBar({ address, store, texts }, prop, { code, count }, whole) {
  const { filters, layers } = store.selection;
  const isChosen = codesOf(filters, prop.name).includes(code);
  const changes = { record: null, filters: withCode(filters, prop.name, code, !isChosen) };
  // Records of other layers have no value either: what the bar counts are those of its own.
  const own = code === UNKNOWN && !isChosen ? { layers: layers.filter((layer) => prop.layers?.includes(layer)) } : {};
  const label = code === UNKNOWN ? texts.get("filter.unknown") : texts.term(prop.vocabulary, code);
  return element(
    "a",
    { class: code === UNKNOWN ? "bar unknown" : "bar", href: address({ ...changes, ...own }), "data-page": true, "aria-current": isChosen && "true" },
    element("span", { class: "bar-name" }, label),
    graphic("svg", { class: "bar-track", "aria-hidden": "true" }, graphic("rect", { width: `${barLength(count, whole)}%`, height: "100%" })),
    element("span", { class: "bar-count" }, formatNumber(count)),
  );
}

/** Whether the reader had opened all bars of a chart. @param {string} name */
function wasOpen(name) {
  return document.querySelector(`[data-chart="${name}"] details[open]`) !== null;
}
