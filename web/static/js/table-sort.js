// The table of regions, ordered by any of its columns. What is in no region stays below.

/** @typedef {{column: number, isRising: boolean}} Order */

/** What the reader chose last; the server orders by the total. @type {Order | null} */
let chosen = null;

/**
 * Make buttons of the table's headings, and order it as the reader chose before.
 * @param {string} language
 */
export function makeSortable(language) {
  const table = document.querySelector("#view-table table.regions");
  if (!(table instanceof HTMLTableElement)) return;
  const headings = /** @type {HTMLElement[]} */ ([...table.querySelectorAll("thead th")]);
  const total = headings.findIndex((heading) => heading.hasAttribute("data-total-column"));
  if (chosen && chosen.column >= headings.length) chosen = null;
  headings.forEach((heading, column) => {
    if (heading.querySelector("button")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => {
      const isRising = heading.ariaSort ? heading.ariaSort === "descending" : column === 0;
      chosen = { column, isRising };
      sort(table, headings, chosen, language);
    });
  });
  if (chosen) sort(table, headings, chosen, language);
  else headings[total]?.setAttribute("aria-sort", "descending");
}

/**
 * @param {HTMLTableElement} table
 * @param {HTMLElement[]} headings
 * @param {Order} order
 * @param {string} language
 */
function sort(table, headings, { column, isRising }, language) {
  const body = table.tBodies[0];
  const rows = [...(body?.rows ?? [])];
  const text = (/** @type {HTMLTableRowElement} */ row) => row.cells[column]?.textContent?.trim() ?? "";
  const number = (/** @type {HTMLTableRowElement} */ row) => Number(text(row).replaceAll(",", "") || Number.NaN);
  const value = (/** @type {HTMLTableRowElement} */ row) => (Number.isNaN(number(row)) ? -1 : number(row));
  const compare = (/** @type {HTMLTableRowElement} */ a, /** @type {HTMLTableRowElement} */ b) =>
    column === 0 ? text(a).localeCompare(text(b), language) : value(a) - value(b);
  const [regions, rests] = [rows.filter((row) => row.className !== "remainder"), rows.filter((row) => row.className === "remainder")];
  regions.sort((a, b) => (isRising ? compare(a, b) : compare(b, a)));
  body?.append(...regions, ...rests);
  headings.forEach((heading, index) => {
    if (index === column) heading.setAttribute("aria-sort", isRising ? "ascending" : "descending");
    else heading.removeAttribute("aria-sort");
  });
}
