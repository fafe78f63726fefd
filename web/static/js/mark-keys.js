// The keyboard's way to the marks: one stop of Tab, whose arrow keys go from mark to mark. The list is the alternative.

import { element } from "./dom.js";

/** @typedef {{id: string, said: string, title: HTMLElement}} Stop */

export class MarkKeys {
  /**
   * @param {HTMLElement} box  of the map
   * @param {string} label
   * @param {{onMove: (index: number | null) => void, onOpen: (index: number) => void}} heard
   */
  constructor(box, label, heard) {
    this.heard = heard;
    this.index = 0;
    /** @type {string[]} */
    this.said = [];
    this.option = element("div", { id: "mark-option", role: "option", "aria-selected": "true" });
    this.list = element("div", { class: "mark-keys", role: "listbox", tabindex: "0", "aria-label": label, "aria-activedescendant": "mark-option" }, this.option);
    this.list.addEventListener("keydown", (event) => this.#press(event));
    this.list.addEventListener("focus", () => this.#go(Math.min(this.index, this.said.length - 1)));
    this.list.addEventListener("blur", () => heard.onMove(null));
    this.list.hidden = true;
    box.append(this.list);
  }

  /** Take what each mark says, in order. @param {string[]} said */
  show(said) {
    this.said = said;
    this.list.hidden = !said.length;
    if (document.activeElement === this.list) this.#go(Math.min(this.index, said.length - 1));
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const last = this.said.length - 1;
    const steps = /** @type {Record<string, number>} */ ({ ArrowRight: this.index + 1, ArrowDown: this.index + 1, ArrowLeft: this.index - 1, ArrowUp: this.index - 1, Home: 0, End: last });
    const next = steps[event.key];
    if (event.key !== "Enter" && event.key !== " " && next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (next === undefined) this.heard.onOpen(this.index);
    else this.#go(Math.max(0, Math.min(last, next)));
  }

  /** @param {number} index */
  #go(index) {
    if (index < 0) return;
    this.index = index;
    this.option.textContent = this.said[index] ?? "";
    this.option.setAttribute("aria-posinset", String(index + 1));
    this.option.setAttribute("aria-setsize", String(this.said.length));
    this.heard.onMove(index);
  }
}
