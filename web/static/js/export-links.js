// Which files a reader can take of what is selected, and where the API has them.
// The twin of web/export_links.py: tests/web/export-cases.json holds for both.

/** @typedef {{name: string, layers: string[], collection: string, pairs: [string, string][]}} Choice */
/** @typedef {{labels: string, bom: boolean}} FileWish  labels in which scripts; a byte-order mark for Excel */
/** @typedef {{all: string[], incidents: string[], ofProperty: Record<string, string[]>}} Layered */
/** @typedef {Pick<import("./types.js").Selection, "layers" | "filters" | "region">} Selected */

/** The API's formats of files, those that most readers want first. */
export const FORMATS = ["csv", "xlsx", "geojson", "geojsonseq", "gpkg", "fgb", "parquet", "kml"];
/** Records that the API writes into one workbook. */
export const MOST_SHEET_ROWS = 100_000;

/**
 * Every layer, which of them are incidents, and the layers that have each property.
 * @param {import("./types.js").Words} words
 * @returns {Layered}
 */
export function readLayered({ layers, properties }) {
  return {
    all: layers.map((layer) => layer.id),
    incidents: layers.filter((layer) => layer.isIncident).map((layer) => layer.id),
    ofProperty: Object.fromEntries(properties.map((prop) => [prop.name, prop.layers ?? []])),
  };
}

/**
 * What can be taken: all layers that are on together, then each; nothing when all are off.
 * @param {Selected} selection
 * @param {Layered} layered
 * @returns {Choice[]}
 */
export function listChoices(selection, layered) {
  const on = layered.all.filter((layer) => selection.layers.includes(layer));
  const together = on.length > 1 ? [choose("all", on, selection, layered)] : [];
  return [...together, ...on.map((layer) => choose(layer, [layer], selection, layered))];
}

/**
 * The smallest collection that knows every filter; where there is none, all records with their layer.
 * @param {string} name
 * @param {string[]} layers
 * @param {Selected} selection
 * @param {Layered} layered
 * @returns {Choice}
 */
function choose(name, layers, { filters, region }, layered) {
  const isKnown = filters.every(([filter]) => knows(layers, filter, layered));
  const several = layers.join() === layered.incidents.join() ? "incidents" : "records";
  const collection = !isKnown ? "records" : layers.length === 1 ? (layers[0] ?? "records") : several;
  /** @type {[string, string][]} */
  const pairs = [];
  if (collection === "records" && layers.length < layered.all.length) pairs.push(["layer", layers.join(",")]);
  pairs.push(...[...filters].sort());
  if (region) pairs.push(["region", region]);
  return { name, layers, collection, pairs };
}

/**
 * @param {string[]} layers
 * @param {string} name
 * @param {Layered} layered
 */
function knows(layers, name, layered) {
  const having = layered.ofProperty[name];
  return !name.startsWith("filter") && (!having?.length || layers.some((layer) => having.includes(layer)));
}

/**
 * Where the API has a file.
 * @param {Choice} choice
 * @param {string} form
 * @param {FileWish} wish
 */
export function fileAddress(choice, form, { labels, bom }) {
  const own = [["f", form]];
  if (form === "geojson") own.push(["download", "true"]);
  if (labels) own.push(["labels", labels]);
  if (bom && form === "csv") own.push(["bom", "true"]);
  return itemsOf(choice, own);
}

/** Where the API says how many records a choice has. @param {Choice} choice */
export function sampleAddress(choice) {
  return itemsOf(choice, [["limit", "1"]]);
}

/**
 * Where the API has the counts of a choice by a dimension, as CSV with labels.
 * @param {Choice} choice
 * @param {string} by
 * @param {string} language
 */
export function tableAddress({ collection, pairs }, by, language) {
  const isLayered = collection === "incidents" || collection === "records";
  const given = [["by", isLayered ? `${by},layer` : by], ...pairs, ["f", "csv"], ["labels", language]];
  return `/api/collections/${collection}/counts?${query(given)}`;
}

/**
 * @param {Choice} choice
 * @param {string[][]} own
 */
function itemsOf({ collection, pairs }, own) {
  return `/api/collections/${collection}/items?${query([...pairs, ...own])}`;
}

/** @param {string[][]} pairs */
function query(pairs) {
  return new URLSearchParams(pairs).toString().replaceAll("%2C", ",");
}
