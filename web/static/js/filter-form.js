// The filters: a form that works without loading the page. What is drawn anew is drawn by a module that is loaded then.

import { byId } from "./dom.js";
import { placeFilters } from "./filter-place.js";
import { withCode } from "./filter-values.js";

/** @typedef {import("./page-parts.js").PageParts} PageParts */

/**
 * @param {PageParts} parts
 * @param {() => void} onMove  told when the filters stand elsewhere
 */
export function wireFilters(parts, onMove) {
  const { attempt, store } = parts;
  const form = byId("filters-form");
  const draw = () => attempt(async () => (await import("./filter-drawing.js")).drawFilters(parts));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", ({ target }) => {
    if (!(target instanceof HTMLInputElement)) return;
    const filters = withCode(store.selection.filters, target.name, target.value, target.checked);
    store.change({ filters, record: null });
  });
  form.addEventListener(
    "toggle",
    ({ target }) => {
      if (target instanceof HTMLDetailsElement && target.open && !target.querySelector("input")) draw();
    },
    true,
  );
  store.listen(draw);
  placeFilters(onMove);
}
