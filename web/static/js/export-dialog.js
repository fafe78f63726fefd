// The dialog with files of the present selection: which records, how many, in which format; and the map as a picture.

import { openDialog, prepareDialogs } from "./dialog.js";
import { element } from "./dom.js";
import { FORMATS, MOST_SHEET_ROWS, fileAddress, listChoices, readLayered, sampleAddress, tableAddress } from "./export-links.js";
import { sayFilters } from "./filter-words.js";
import { formatNumber } from "./formats.js";

/** @typedef {import("./ways.js").DialogParts} DialogParts */
/** @typedef {import("./export-links.js").Choice} Choice */
/** @typedef {{choice: Choice, count: number, filter: string}} Counted  a choice, its records, and the filter in its files */

const LABELS = ["", "en", "zh-Hans", "zh-Hant", "en,zh-Hans,zh-Hant"];

/** @param {DialogParts} parts */
export async function open(parts) {
  const { api, regions, store, texts } = parts;
  const choices = listChoices(store.selection, readLayered(texts.words));
  const [status, counted] = await Promise.all([api.read("/api/status"), Promise.all(choices.map((choice) => count(api, choice))), prepareDialogs(parts), regions.whole()]);
  if (!choices.length) {
    openDialog(texts, texts.get("export.title"), [element("p", {}, texts.get("export.nothing"))]);
    return;
  }
  const files = element("div", {});
  const [which, labels, bom] = drawOptions(parts, counted);
  const write = () => {
    const chosen = which.querySelector("input:checked")?.getAttribute("value");
    const one = /** @type {Counted} */ (counted.find((each) => each.choice.name === chosen) ?? counted[0]);
    files.replaceChildren(...drawFiles(parts, one, { labels: labels.value, bom: bom.checked }, status));
  };
  const options = element("div", { class: "choices" }, which, drawLabels(parts, labels), drawBom(parts, bom));
  options.addEventListener("change", write);
  write();
  openDialog(texts, texts.get("export.title"), [options, files, drawPictures(parts, status)]).classList.add("broad");
}

/**
 * @param {import("./api.js").Api} api
 * @param {Choice} choice
 * @returns {Promise<Counted>}
 */
async function count(api, choice) {
  const page = await api.read(sampleAddress(choice));
  const self = page.links.find((/** @type {{rel: string}} */ link) => link.rel === "self");
  const pairs = [...new URL(self.href).searchParams].filter(([name]) => name !== "limit");
  return { choice, count: page.numberMatched, filter: pairs.map((pair) => pair.join("=")).join("&") || "none" };
}

/**
 * @param {DialogParts} parts
 * @param {Counted[]} counted
 * @returns {[HTMLFieldSetElement, HTMLSelectElement, HTMLInputElement]}
 */
function drawOptions({ texts }, counted) {
  const choices = counted.map(({ choice, count }, index) => {
    const name = choice.name === "all" ? texts.get("export.all") : texts.layer(choice.name).label;
    const input = element("input", { type: "radio", name: "which", value: choice.name, checked: index === 0 });
    return element("label", { class: "choice" }, input, element("span", {}, name), element("span", { class: "count" }, texts.count("export.rows", count)));
  });
  const scripts = LABELS.map((tags) => {
    const key = !tags ? "none" : tags.includes(",") ? "every" : tags;
    return element("option", { value: tags, selected: tags === texts.language }, texts.get(`export.labels.${key}`));
  });
  return [
    element("fieldset", {}, element("legend", {}, texts.get("export.which")), ...choices),
    element("select", { id: "export-labels" }, ...scripts),
    element("input", { type: "checkbox", id: "export-bom" }),
  ];
}

/**
 * @param {DialogParts} parts
 * @param {HTMLSelectElement} select
 */
function drawLabels({ texts }, select) {
  return element("div", { class: "option-row" }, element("label", { for: "export-labels" }, texts.get("export.labels")), select);
}

/**
 * @param {DialogParts} parts
 * @param {HTMLInputElement} box
 */
function drawBom({ texts }, box) {
  return element("label", { class: "choice" }, box, element("span", {}, texts.get("export.bom")));
}

/**
 * @param {DialogParts} parts
 * @param {Counted} counted
 * @param {import("./export-links.js").FileWish} wish
 * @param {any} status  the API's
 */
function drawFiles(parts, { choice, count, filter }, wish, status) {
  const { texts, store, regions } = parts;
  const { language } = texts;
  const said = sayFilters(parts, store.selection.filters);
  const files = FORMATS.map((form) => {
    const isTooLarge = form === "xlsx" && count > MOST_SHEET_ROWS;
    const name = texts.get(`export.format.${form}`);
    const link = isTooLarge ? element("b", {}, name) : element("a", { href: fileAddress(choice, form, wish), "data-format": form, download: true }, name);
    const use = isTooLarge ? texts.get("export.too_many", { most: formatNumber(MOST_SHEET_ROWS) }) : texts.get(`export.for.${form}`);
    return element("li", {}, link, " ", element("span", {}, use));
  });
  const level = regions.childLevel(store.selection.region);
  const tables = [...(level ? [level] : []), "month"].map((by) =>
    element("li", {}, element("a", { href: tableAddress(choice, by, language), "data-table": by, download: true }, texts.get(`by.${by}`)), " ", element("span", {}, "CSV")),
  );
  const version = `${status.datasetVersion}, ${texts.date(status.changedAt.slice(0, 10))}`;
  return [
    element("h3", {}, texts.get("export.files")),
    element("ul", { class: "files" }, ...files),
    element("p", { class: "hint" }, texts.get("export.rows_each"), " ", element("b", { "data-rows": count }, texts.count("export.rows", count))),
    element("dl", { class: "terms" }, ...pair(texts.get("export.filter"), element("span", {}, said, said && element("br"), element("code", {}, filter))), ...pair(texts.get("export.licence"), status.licence), ...pair(texts.get("export.version"), version)),
    element("h3", {}, texts.get("export.tables")),
    element("ul", { class: "files" }, ...tables),
  ];
}

/**
 * @param {string} term
 * @param {Node | string} value
 */
function pair(term, value) {
  return [element("dt", {}, term), element("dd", {}, value)];
}

/**
 * @param {DialogParts} parts
 * @param {any} status  the API's
 */
function drawPictures(parts, status) {
  const { texts } = parts;
  const buttons = /** @type {const} */ (["svg", "png"]).map((form) => {
    const button = element("button", { type: "button", class: "copy", "data-picture": form }, form.toUpperCase());
    button.addEventListener("click", () => parts.attempt(async () => (await import("./map-picture.js")).savePicture(parts, form, status)));
    return button;
  });
  return element("section", {}, element("h3", {}, texts.get("export.picture")), element("p", { class: "hint" }, texts.get("export.picture.what")), element("div", { class: "field-row" }, ...buttons));
}
