// The suggestions below the search box: places first, then companies, then the words in all records.
// A combobox after the ARIA practices: the focus stays in the box, arrows walk the list, Enter takes, Escape clears.

import { byId, element } from "./dom.js";
import { withValue } from "./filter-values.js";
import { findPlaces, readRecordId } from "./search-finds.js";
import { askCompanies, askPlaces } from "./search-questions.js";

/** @typedef {import("./page-parts.js").PageParts} PageParts */
/** @typedef {{key: string, group: string, text: string, hint: string, act: () => void}} Suggestion */

const PLACES = 6;
const SETTLE_MS = 120;

export class SearchList {
  /** @param {PageParts} parts */
  constructor(parts) {
    this.parts = parts;
    this.box = /** @type {HTMLInputElement} */ (byId("search-box"));
    this.list = byId("search-found");
    this.settle = 0;
    this.waiting = new AbortController();
    /** @type {Suggestion[]} */
    this.suggestions = [];
    /** @type {string | null} */
    this.active = null;
    this.#prepare();
    const isTyped = document.activeElement === this.box && this.box.value.trim() !== this.#words();
    if (isTyped) this.#suggest();
  }

  /** The words that are looked for now. */
  #words() {
    return this.parts.store.selection.filters.find(([name]) => name === "q")?.[1] ?? "";
  }

  /** Take the suggestion that is active; without one, look for the words. */
  enter() {
    const text = this.box.value.trim();
    if (document.activeElement === this.box && !this.list.hidden) {
      const active = this.suggestions.find(({ key }) => key === this.active);
      if (active) return this.#take(active);
    }
    return this.#take({ key: "", group: "", text, hint: "", act: () => this.#lookFor(text) });
  }

  #prepare() {
    const { box, list } = this;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", this.parts.texts.get("search.label"));
    const states = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "search-found" };
    for (const [name, value] of Object.entries(states)) box.setAttribute(name, value);
    box.addEventListener("input", () => this.#suggest());
    box.addEventListener("keydown", (event) => this.#press(event));
    box.addEventListener("blur", () => this.#close());
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", ({ target }) => {
      const key = target instanceof Element ? target.closest("[role=option]")?.id : undefined;
      const taken = this.suggestions.find((suggestion) => suggestion.key === key);
      if (taken) this.#take(taken);
    });
  }

  /** Show at once what the page knows itself; then, when nothing more is typed, what the API knows. */
  #suggest() {
    const text = this.box.value.trim();
    clearTimeout(this.settle);
    this.waiting.abort();
    this.active = null;
    if (!text) return this.#close();
    const places = findPlaces(this.parts.regions.entries, text, PLACES);
    const [best] = places;
    const known = places.map(({ code }) => ({ code, once: null }));
    if (best?.fit === 0) this.active = keyOf(best.code);
    this.#show(this.#list(text, known, []));
    this.settle = window.setTimeout(() => this.parts.attempt(() => this.#ask(text, known)), SETTLE_MS);
    return undefined;
  }

  /**
   * @param {string} text
   * @param {{code: string, once: string | null}[]} known
   */
  async #ask(text, known) {
    this.waiting = new AbortController();
    const { signal } = this.waiting;
    const { api } = this.parts;
    const [places, companies] = await Promise.all([askPlaces(api, text, signal), askCompanies(api, text, signal)]);
    if (signal.aborted || document.activeElement !== this.box) return;
    const isNew = (/** @type {{code: string}} */ { code }) => !known.some((other) => other.code === code);
    const all = [...known, ...places.filter(isNew)].slice(0, PLACES);
    this.#show(this.#list(text, all, companies));
    byId("announcement").textContent = this.parts.texts.count("search.count", this.suggestions.length);
  }

  /**
   * @param {string} text
   * @param {{code: string, once: string | null}[]} places
   * @param {string[]} companies
   * @returns {Suggestion[]}
   */
  #list(text, places, companies) {
    const { open, regions, store, texts } = this.parts;
    const record = readRecordId(text);
    const narrow = (/** @type {string} */ name, /** @type {string} */ value) =>
      store.change({ filters: withValue(store.selection.filters, name, value), record: null, tab: "list" });
    return [
      ...(record ? [{ key: "found-record", group: "records", text: texts.get("search.record", { id: record }), hint: "", act: () => store.change({ record, tab: "list" }) }] : []),
      ...places.map(({ code, once }) => ({
        key: keyOf(code),
        group: "places",
        text: regions.name(code),
        hint: [...(once ? [texts.get("search.once", { name: once })] : []), ...regions.path(code).slice(0, -1).map((above) => regions.name(above))].join(" › "),
        act: () => open(code, null, false),
      })),
      ...companies.map((name, index) => ({ key: `found-company-${index}`, group: "companies", text: name, hint: "", act: () => narrow("employers", name) })),
      { key: "found-text", group: "records", text: texts.get("search.text", { text }), hint: "", act: () => this.#lookFor(text) },
    ];
  }

  /** @param {string} text */
  #lookFor(text) {
    const { store } = this.parts;
    const { filters, tab } = store.selection;
    store.change({ filters: withValue(filters, "q", text), record: null, tab: text ? "list" : tab });
  }

  /** @param {Suggestion} suggestion */
  #take(suggestion) {
    this.#close();
    clearTimeout(this.settle);
    this.waiting.abort();
    suggestion.act();
    this.box.value = this.#words();
    if (matchMedia("(max-width: 720px)").matches) this.box.blur();
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (event.isComposing) return;
    if (event.key === "Escape") {
      event.preventDefault();
      this.box.value = "";
      this.#suggest();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    if (this.list.hidden) return void this.#suggest();
    const keys = [null, ...this.suggestions.map(({ key }) => key)];
    const at = keys.indexOf(this.active);
    this.active = keys[(at + step + keys.length) % keys.length] ?? null;
    this.#mark();
  }

  /** @param {Suggestion[]} suggestions */
  #show(suggestions) {
    this.suggestions = suggestions;
    const groups = [...new Set(suggestions.map(({ group }) => group))];
    this.list.replaceChildren(
      ...groups.map((group) => {
        const label = this.parts.texts.get(`search.${group}`);
        const options = suggestions.filter((suggestion) => suggestion.group === group).map(drawSuggestion);
        return element("div", { role: "group", "aria-label": label }, element("p", { "aria-hidden": "true" }, label), ...options);
      }),
    );
    this.list.hidden = false;
    this.box.setAttribute("aria-expanded", "true");
    this.#mark();
  }

  #mark() {
    for (const option of this.list.querySelectorAll("[role=option]")) {
      const isActive = option.id === this.active;
      option.setAttribute("aria-selected", String(isActive));
      if (isActive) option.scrollIntoView({ block: "nearest" });
    }
    if (this.active) this.box.setAttribute("aria-activedescendant", this.active);
    else this.box.removeAttribute("aria-activedescendant");
  }

  #close() {
    this.list.hidden = true;
    this.active = null;
    this.box.setAttribute("aria-expanded", "false");
    this.box.removeAttribute("aria-activedescendant");
  }
}

/** @param {string} code */
function keyOf(code) {
  return `found-${code}`;
}

/** @param {Suggestion} suggestion */
function drawSuggestion({ key, text, hint }) {
  return element("div", { role: "option", id: key, "aria-selected": "false" }, element("span", {}, text), hint ? element("small", {}, hint) : null);
}
