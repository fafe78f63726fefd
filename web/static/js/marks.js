// Records at places of their own: one mark each, or groups where they are too many. Loaded when the map first is near.
// Every other record stays in the ring of its region.

import { countsAddress } from "./api.js";
import { element } from "./dom.js";
import { readTallies } from "./map-figures.js";
import { MARKS_FROM } from "./map-levels.js";
import { groupPlaces, listTiles, markFilters, MOST_MARKS, placeOf } from "./mark-groups.js";
import { MarkKeys } from "./mark-keys.js";
import { FORCED, MarkLayer } from "./mark-layer.js";
import { RecordWords } from "./record-words.js";
import { readCounts, subtract, sum } from "./tallies.js";
import { withoutKnownTo } from "./url-state.js";
import { readTile } from "./vector-tile.js";

/** @typedef {import("./types.js").Tally} Tally */
/** @typedef {import("./types.js").ApiRecord & {geometry: {coordinates: [number, number]} | null}} PlacedRecord */
/** @typedef {Record<string, Map<string, Tally>>} Tallies  by level and code */
/** @typedef {{records: PlacedRecord[], groups: ReturnType<typeof groupPlaces>, tallies: Tallies}} Near */

const PROPERTIES = "layer,title_en,title_zh_hans,starts_on,ends_on,date_precision";

export class Marks {
  /**
   * @param {L.Map} map
   * @param {import("./page-parts.js").PageParts} parts
   */
  constructor(map, parts) {
    this.map = map;
    this.parts = parts;
    this.words = new RecordWords(parts.texts, parts.regions);
    this.layer = new MarkLayer(map);
    this.keys = new MarkKeys(map.getContainer(), parts.texts.get("marks"), {
      onMove: (index) => this.#moveTo(index),
      onOpen: (index) => this.#open(this.records[index]?.id),
    });
    /** @type {PlacedRecord[]} */
    this.records = [];
    /** @type {string | null} */
    this.active = null;
    map.on("click", (event) => this.#open(this.layer.at(event.containerPoint)?.id));
    map.on("mousemove", (event) => this.#point(event.containerPoint));
    parts.store.listen((after, before) => after.theme !== before.theme && this.#paint());
    for (const media of ["(prefers-color-scheme: dark)", FORCED]) matchMedia(media).addEventListener("change", () => this.#paint());
  }

  /**
   * What the view has of records at places of their own; null where the map stays with rings alone.
   * @param {string} level
   * @param {string[]} provinces
   * @param {AbortSignal} signal
   * @returns {Promise<Near | null>}
   */
  async read(level, provinces, signal) {
    const { api, store } = this.parts;
    const { selection } = store;
    const filters = markFilters(withoutKnownTo(selection.filters));
    if (!filters || !selection.layers.length) return { records: [], groups: [], tallies: {} };
    const zoom = this.map.getZoom();
    if (zoom < MARKS_FROM) {
      const counted = readCounts(await api.read(countsAddress(["layer"], selection.region, filters), signal), null);
      const number = sum(counted.total, selection.layers);
      if (!number || number > MOST_MARKS) return null;
    }
    const [tallies, items] = await Promise.all([
      readTallies(api, { ...selection, filters }, level, provinces, signal),
      api.read(this.#address("items", filters, { bbox: this.#box().join(), properties: PROPERTIES, limit: String(MOST_MARKS) }), signal),
    ]);
    if (items.numberMatched <= MOST_MARKS) return { records: items.features, groups: [], tallies };
    return { records: [], groups: await this.#readGroups(filters, signal), tallies };
  }

  /** @param {Near | null} near */
  draw(near) {
    this.records = (near?.records ?? []).filter((record) => record.geometry);
    this.keys.show(this.records.map((record) => `${this.words.title(record).text}, ${this.words.dates(record)}`));
    this.#paint();
    document.documentElement.dataset.marks = String(this.records.length);
  }

  /**
   * What is left for rings when the records of `near` have marks or stand in groups.
   * @param {Tallies} tallies
   * @param {Near} near
   * @returns {Tallies}
   */
  rest(tallies, near) {
    const without = (/** @type {string} */ level, /** @type {Map<string, Tally>} */ counts) =>
      new Map([...counts].map(([code, tally]) => [code, subtract(tally, [near.tallies[level]?.get(code) ?? {}])]));
    return Object.fromEntries(Object.entries(tallies).map(([level, counts]) => [level, without(level, counts)]));
  }

  /** Whether a mark is at a point of the map. @param {L.Point} point */
  isAt(point) {
    return this.layer.at(point) !== null;
  }

  #paint() {
    const marks = this.records.map(({ id, geometry, properties: { layer } }) => {
      const [lon, lat] = geometry?.coordinates ?? [0, 0];
      return { id, layer, shape: this.parts.texts.layer(layer).shape, lon, lat };
    });
    this.layer.draw(marks, this.parts.store.selection.record, this.active);
  }

  /** The view with a margin, on a grid, so that small moves ask for nothing new. @returns {[number, number, number, number]} */
  #box() {
    const bounds = this.map.getBounds().pad(0.1);
    const step = 0.02;
    const down = (/** @type {number} */ degrees) => Number((Math.floor(degrees / step) * step).toFixed(2));
    const up = (/** @type {number} */ degrees) => Number((Math.ceil(degrees / step) * step).toFixed(2));
    return [down(bounds.getWest()), down(bounds.getSouth()), up(bounds.getEast()), up(bounds.getNorth())];
  }

  /**
   * @param {string} what
   * @param {[string, string][]} filters
   * @param {Record<string, string>} more
   */
  #address(what, filters, more) {
    const pairs = [["layer", this.parts.store.selection.layers.join()], ...[...filters].sort(), ...Object.entries(more)];
    return `/api/collections/records/${what}?${new URLSearchParams(pairs).toString().replaceAll("%2C", ",")}`;
  }

  /**
   * @param {[string, string][]} filters
   * @param {AbortSignal} signal
   */
  async #readGroups(filters, signal) {
    const { api, texts } = this.parts;
    const zoom = this.map.getZoom();
    const layers = texts.words.layers.map((layer) => layer.id);
    const read = async (/** @type {ReturnType<typeof listTiles>[number]} */ tile) => {
      const { records = [], cells = [] } = readTile(await api.read(this.#address(`tiles/WebMercatorQuad/${tile.zoom}/${tile.y}/${tile.x}`, filters, {}), signal, "arrayBuffer"));
      const single = records.map((point) => ({ ...placeOf(tile, point), tally: { [String(point.properties.layer)]: 1 } }));
      const many = cells.map((point) => ({ ...placeOf(tile, point), tally: Object.fromEntries(layers.map((layer) => [layer, Number(point.properties[layer] ?? 0)])) }));
      return [...single, ...many];
    };
    return groupPlaces((await Promise.all(listTiles(this.#box(), zoom).map(read))).flat(), Math.round(zoom * 2) / 2);
  }

  /** @param {L.Point} point */
  #point(point) {
    const mark = this.layer.at(point);
    this.map.getContainer().classList.toggle("on-mark", mark !== null);
    if (mark) this.#tell(this.records.find((record) => record.id === mark.id), point);
  }

  /** @param {number | null} index */
  #moveTo(index) {
    const record = index === null ? undefined : this.records[index];
    this.active = record?.id ?? null;
    this.#paint();
    const [lon, lat] = record?.geometry?.coordinates ?? [0, 0];
    if (record) this.#tell(record, this.map.latLngToContainerPoint([lat, lon]));
    else this.parts.tooltip.hide();
  }

  /**
   * @param {PlacedRecord | undefined} record
   * @param {L.Point} at
   */
  #tell(record, { x, y }) {
    if (!record) return;
    const title = this.words.title(record);
    this.parts.tooltip.box.replaceChildren(element("strong", { lang: title.language }, title.text), element("small", {}, this.words.dates(record)));
    this.parts.tooltip.show(x, y);
  }

  /** @param {string | undefined} id */
  #open(id) {
    if (id) this.parts.store.change({ record: id, tab: "list" });
  }
}
