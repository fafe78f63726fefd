// Where the filters stand: beside the map where there is room, else in a tab of the panel.

import { byId } from "./dom.js";

const columns = () => matchMedia("(min-width: 1101px)");

/** Whether there is room for three columns. */
export function hasColumns() {
  return columns().matches;
}

/**
 * Put the filters where they belong, now and whenever the window changes.
 * @param {() => void} onMove  told when they stand elsewhere
 */
export function placeFilters(onMove) {
  const place = () => {
    const home = byId(hasColumns() ? "left" : "view-filters");
    const filters = byId("filters");
    if (filters.parentElement === home) return;
    home.append(filters);
    onMove();
  };
  columns().addEventListener("change", place);
  place();
}

/** Whether the filters can be seen. */
export function isSeen() {
  return byId("filters").checkVisibility();
}
