// The selection that all views show, and who is told when it changes.

/** @typedef {import("./types.js").Selection} Selection */
/** @typedef {(selection: Selection, before: Selection) => void} Listener */

export class Store {
  /** @param {Selection} selection */
  constructor(selection) {
    this.selection = selection;
    /** @type {Listener[]} */
    this.listeners = [];
  }

  /** @param {Listener} listener */
  listen(listener) {
    this.listeners.push(listener);
  }

  /**
   * Change the selection and tell everybody; nothing happens when it stays the same.
   * @param {Partial<Selection>} changes
   */
  change(changes) {
    const before = this.selection;
    const after = { ...before, ...changes };
    if (JSON.stringify(before) === JSON.stringify(after)) return;
    this.selection = after;
    for (const listener of this.listeners) listener(after, before);
  }
}
