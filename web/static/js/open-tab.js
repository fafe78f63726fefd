// Which tab of the panel is open.

import { byId } from "./dom.js";
import { hasColumns } from "./filter-place.js";

/** Open the tab that the selection names; where the filters stand beside the map, they leave their tab to the overview. @param {import("./types.js").Selection} selection */
export function openTab({ tab }) {
  const open = tab === "filters" && hasColumns() ? "overview" : tab;
  for (const name of ["overview", "list", "table", "filters"]) {
    byId(`tab-${name}`).setAttribute("aria-selected", String(name === open));
    byId(`view-${name}`).hidden = name !== open;
  }
}
