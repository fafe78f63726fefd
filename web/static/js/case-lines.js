// The chosen case on the map: a mark where it lies, marks at its incidents, and lines between. Only what is public of each
// is known here: a case about a protected call names no incident, so it has no line.

import { itemAddress } from "./api.js";
import { glyph } from "./dom.js";
import { L, makeLines, makePane } from "./leaflet.js";
import { leaveOutGone } from "./record-reading.js";
import { loadStyle } from "./style-sheet.js";

/** @typedef {import("./types.js").ApiRecord & {geometry?: {coordinates: [number, number]} | null}} Placed */

/** Between the marks of single records and the rings. */
const BELOW_RINGS = 455;
const ABOVE_RINGS = 605;
const SIDE = 20;
/** Marks stand below a ring, side by side, so that its number stays readable. */
const BELOW = -14;

export class CaseLines {
  /** @param {Pick<import("./page-parts.js").WholeParts, "api" | "map" | "texts">} parts */
  constructor(parts) {
    this.parts = parts;
    this.renderer = makePane(parts.map, "case-lines", BELOW_RINGS);
    makePane(parts.map, "case-ends", ABOVE_RINGS);
    this.group = L.layerGroup().addTo(parts.map);
    /** @type {string | null} */
    this.shown = null;
    this.waiting = new AbortController();
  }

  /** Draw a case, or take away what is drawn. @param {string | null} id  the chosen record, whatever it is */
  async show(id) {
    if (id === this.shown) return;
    this.shown = id;
    this.waiting.abort();
    this.waiting = new AbortController();
    this.group.clearLayers();
    if (id === null) return;
    const { signal } = this.waiting;
    const [placed] = await Promise.all([this.#read(id, signal), loadStyle("case-lines.css")]);
    if (this.shown === id) this.#draw(placed);
  }

  /**
   * The case and its incidents, as far as they have a public place.
   * @param {string} id
   * @param {AbortSignal} signal
   * @returns {Promise<Placed[]>}
   */
  async #read(id, signal) {
    const { api } = this.parts;
    const record = await api.read(itemAddress(id), signal).catch(leaveOutGone);
    const ids = /** @type {string[]} */ (record?.properties.incidents ?? []);
    const incidents = await Promise.all(ids.map((one) => api.read(itemAddress(one), signal).catch(leaveOutGone)));
    const found = [record, ...incidents].filter((one) => one?.geometry);
    return record?.geometry ? found : found.filter((one) => one !== record);
  }

  /** @param {Placed[]} placed  the case first, where it has a place */
  #draw(placed) {
    const [first, ...others] = placed;
    const hub = first && "contacts" in first.properties ? pointOf(first) : null;
    /** @type {Map<string, number>} */
    const standing = new Map();
    for (const record of placed) {
      const at = pointOf(record);
      const key = at.join();
      this.group.addLayer(this.#mark(record, at, standing.get(key) ?? 0));
      standing.set(key, (standing.get(key) ?? 0) + 1);
    }
    const points = others.map(pointOf);
    // A case of several provinces has no place of its own: then its incidents are joined with each other.
    const lines = hub ? points.map((point) => [hub, point]) : first && points.length ? [[pointOf(first), ...points]] : [];
    for (const name of lines.length ? ["case-line-edge", "case-line"] : []) this.group.addLayer(makeLines(lines, this.renderer, name));
  }

  /**
   * @param {Placed} record
   * @param {[number, number]} at
   * @param {number} place  how many stand there already
   */
  #mark(record, [lon, lat], place) {
    const html = document.createElement("span");
    html.append(glyph(this.parts.texts.layer(record.properties.layer)));
    const icon = L.divIcon({ className: "case-end", html, iconSize: [SIDE, SIDE], iconAnchor: [SIDE / 2 - place * SIDE, BELOW] });
    return L.marker([lat, lon], { icon, pane: "case-ends", interactive: false, keyboard: false });
  }
}

/** @param {Placed} record @returns {[number, number]} */
function pointOf({ geometry }) {
  return geometry?.coordinates ?? [0, 0];
}
