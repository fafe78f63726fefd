// The filters as the selection has them: which there are, what could be chosen, what is chosen. Loaded when first needed.

import { facetsAddress } from "./api.js";
import { all, byId, element } from "./dom.js";
import { listChips, UNKNOWN, withoutChip } from "./filter-chips.js";
import { speechOf } from "./filter-words.js";
import { isSeen } from "./filter-place.js";
import { codesOf } from "./filter-values.js";
import { formatNumber } from "./formats.js";

/** @typedef {import("./page-parts.js").PageParts} PageParts */
/** @typedef {import("./types.js").PropertyWords} PropertyWords */
/** @typedef {{total: number, counted: number, counts: {value: string, count: number}[]}} Facet */

const OPTIONS_AT_ONCE = 8;
let turns = 0;

/** Draw them. Counts that were drawn stay until the new are there; late answers are dropped. @param {PageParts} parts */
export async function drawFilters(parts) {
  const turn = (turns += 1);
  const { api, store } = parts;
  await parts.regions.whole();
  if (turn !== turns) return;
  const { filters, layers } = store.selection;
  drawChips(parts);
  byId("filters-none").hidden = layers.length > 0;
  const clear = byId("filters-clear");
  clear.hidden = !filters.length;
  clear.setAttribute("href", parts.address({ filters: [] }));
  const box = /** @type {HTMLInputElement} */ (byId("search-box"));
  if (document.activeElement !== box) box.value = filters.find(([name]) => name === "q")?.[1] ?? "";
  drawSections(parts);
  if (!layers.length || !isSeen()) return;
  const answer = await api.read(facetsAddress(store.selection));
  if (turn === turns) drawOptions(parts, answer.facets);
}

/** @param {PageParts} parts */
function drawChips(parts) {
  const { store, texts } = parts;
  const { filters, region } = store.selection;
  const speech = speechOf(parts);
  const list = byId("chips");
  const hadFocus = list.contains(document.activeElement);
  const chips = listChips(speech, region, filters).map((chip) => {
    const href = parts.address(chip.name === "region" ? { region: null } : { filters: withoutChip(speech, filters, chip) });
    const remove = element("span", { class: "visually-hidden" }, `${texts.get("chips.remove")}: `);
    return element("li", {}, element("a", { class: "chip", href, "data-page": true }, remove, element("span", {}, chip.label), " ", element("b", {}, chip.text)));
  });
  list.replaceChildren(...chips);
  list.hidden = !chips.length;
  if (hadFocus) (list.querySelector("a") ?? byId("figures")).focus();
}

/** @param {PageParts} parts */
function drawSections({ store, texts }) {
  const { filters, layers } = store.selection;
  for (const section of sections()) {
    const property = propertyOf(texts.words.properties, section);
    const chosen = codesOf(filters, property.name).length;
    section.hidden = !chosen && !property.layers?.some((layer) => layers.includes(layer));
    const said = [element("span", { class: "visually-hidden" }, texts.count("filters.chosen", chosen)), element("b", { "aria-hidden": "true" }, formatNumber(chosen))];
    section.querySelector(".chosen")?.replaceChildren(...(chosen ? said : []));
  }
}

/**
 * @param {PageParts} parts
 * @param {Record<string, Facet>} facets
 */
function drawOptions({ store, texts }, facets) {
  for (const section of sections().filter(({ hidden, open }) => open && !hidden)) {
    const property = propertyOf(texts.words.properties, section);
    const facet = facets[property.name];
    const chosen = codesOf(store.selection.filters, property.name);
    const counts = new Map(facet?.counts.map(({ value, count }) => [value, count]));
    const unknown = facet ? facet.total - facet.counted : 0;
    const options = Object.entries(texts.words.terms[property.vocabulary ?? ""] ?? {}).map(([code, label]) =>
      drawOption(property.name, code, label, counts.get(code) ?? 0, chosen.includes(code)),
    );
    if (unknown || chosen.includes(UNKNOWN)) {
      options.push(drawOption(property.name, UNKNOWN, texts.get("filter.unknown"), unknown, chosen.includes(UNKNOWN)));
    }
    replaceOptions(section, options, texts);
  }
}

/**
 * Put the new options in the place of the old ones; what had the focus keeps it, and what was open stays open.
 * @param {HTMLDetailsElement} section
 * @param {HTMLElement[]} options
 * @param {import("./texts.js").Texts} texts
 */
function replaceOptions(section, options, texts) {
  const place = section.querySelector(".options");
  const focused = place?.contains(document.activeElement) ? document.activeElement : null;
  const rest = options.slice(OPTIONS_AT_ONCE);
  const isOpen = place?.querySelector("details")?.open || rest.some((option) => option.querySelector("input")?.checked);
  const summary = element("summary", {}, texts.get("filters.all", { count: formatNumber(options.length) }));
  const more = rest.length > 0 && element("details", { class: "rest", open: isOpen }, summary, ...rest);
  place?.replaceChildren(...options.slice(0, OPTIONS_AT_ONCE), ...(more ? [more] : []));
  const same = focused instanceof HTMLInputElement ? place?.querySelector(`input[value="${CSS.escape(focused.value)}"]`) : null;
  if (same instanceof HTMLElement) same.focus();
  else if (focused) summary.focus();
}

/**
 * @param {string} name
 * @param {string} code
 * @param {string} label
 * @param {number} count
 * @param {boolean} isChosen
 */
function drawOption(name, code, label, count, isChosen) {
  const box = element("input", { type: "checkbox", name, value: code });
  box.checked = isChosen;
  return element("label", { class: count ? "option" : "option nothing" }, box, element("span", {}, label), element("b", {}, formatNumber(count)));
}

function sections() {
  return /** @type {HTMLDetailsElement[]} */ (all(".facet"));
}

/**
 * @param {PropertyWords[]} properties
 * @param {HTMLElement} section
 * @returns {PropertyWords}
 */
function propertyOf(properties, section) {
  const found = properties.find(({ name }) => name === section.dataset.facet);
  if (!found) throw new Error(`No property is called ${section.dataset.facet}`);
  return found;
}
