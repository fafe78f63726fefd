// The rings on the map: placed without covering each other, largest first, reachable by Tab in the same order.

import { element } from "./dom.js";
import { L } from "./leaflet.js";
import { PlacesLayer } from "./places-layer.js";
import { SMALLEST_TARGET, drawRing } from "./ring-picture.js";
import { DESKTOP, PHONE, findLabelled, partRings, ringRadius } from "./rings.js";
import { inPieces } from "./turns.js";

/** @typedef {import("./map-levels.js").RingItem} RingItem */
/** @typedef {RingItem & {count: number, name: string, title: string, said: string, layers: readonly string[], badge: string | null}} NamedRing */

/** Rings that are drawn before the browser may draw a frame. */
const PIECE = 40;
/** At finer levels a ring that would be covered by more than this part of its reach waits for a closer look. */
const MOST_COVERED = 0.28;

export class RingLayer {
  /**
   * @param {L.Map} map
   * @param {{onOpen: (item: NamedRing, byKeyboard: boolean) => void, onPoint: (item: NamedRing | null, at: HTMLElement | null) => void}} heard
   */
  constructor(map, heard) {
    this.map = map;
    this.heard = heard;
    this.places = new PlacesLayer(map, "rings", 600);
    this.places.addTo(map);
    /** @type {Map<Element, NamedRing>} */
    this.items = new Map();
    /** What is drawn, in short: the same is not drawn again. */
    this.drawn = "";
    this.#listen();
  }

  /**
   * @param {NamedRing[]} items
   * @param {{isPhone: boolean, mayDrop: boolean, write: (count: number) => string}} how
   * @param {() => boolean} isWanted  false as soon as something else is to be drawn
   * @returns {Promise<number>} the largest count
   */
  async draw(items, { isPhone, mayDrop, write }, isWanted) {
    const sizes = isPhone ? PHONE : DESKTOP;
    const largest = Math.max(1, ...items.map((item) => item.count));
    const key = JSON.stringify([this.map.getBounds(), isPhone, mayDrop, items.map(summarise)]);
    if (key === this.drawn) {
      this.#know(items);
      return largest;
    }
    const bounds = this.map.getBounds().pad(0.04);
    const visible = items
      .filter(({ point: [lon, lat] }) => bounds.contains(L.latLng(lat, lon)))
      .sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
    const rings = visible.map((item) => this.#place(item, ringRadius(item.count, largest, sizes)));
    const kept = rings.filter((ring, index) => !mayDrop || ring.item.isRemainder || ring.item.isGroup || !isCovered(ring, rings.slice(0, index)));
    partRings(kept);
    const labelled = isPhone ? new Set() : findLabelled(kept, kept.map((ring) => (ring.item.isRemainder || ring.item.isGroup ? "" : ring.item.name)));
    this.clear();
    const add = (/** @type {typeof kept} */ piece, /** @type {number} */ start) =>
      this.places.add(piece.map((ring, index) => this.#make(ring, labelled.has(start + index), write)));
    if (await inPieces(kept, PIECE, add, isWanted)) this.drawn = key;
    return largest;
  }

  clear() {
    this.drawn = "";
    this.items.clear();
    this.places.clear();
  }

  /** Rings that stay stand for new items that look the same. @param {NamedRing[]} items */
  #know(items) {
    const known = new Map(items.map((item) => [summarise(item), item]));
    for (const [at, item] of this.items) this.items.set(at, known.get(summarise(item)) ?? item);
  }

  /** One listener of each kind for all rings. */
  #listen() {
    const { pane } = this.places;
    const about = (/** @type {EventTarget | null} */ target) => {
      const at = this.places.find(target);
      return { at, item: (at && this.items.get(at)) ?? null };
    };
    this.places.on("click", ({ originalEvent }) => {
      const { item } = about(originalEvent.target);
      if (item) this.heard.onOpen(item, false);
    });
    pane.addEventListener("keydown", (event) => {
      const { item } = about(event.target);
      if (!item || (event.key !== "Enter" && event.key !== " ")) return;
      event.preventDefault();
      event.stopPropagation();
      this.heard.onOpen(item, true);
    });
    const point = (/** @type {PointerEvent | FocusEvent} */ { target, relatedTarget }) => {
      const { item, at } = about(target);
      if (item && !at?.contains(/** @type {Node | null} */ (relatedTarget))) this.heard.onPoint(item, at);
    };
    const leave = (/** @type {PointerEvent | FocusEvent} */ { target, relatedTarget }) => {
      if (!about(target).at?.contains(/** @type {Node | null} */ (relatedTarget))) this.heard.onPoint(null, null);
    };
    for (const name of /** @type {const} */ (["pointerover", "focusin"])) pane.addEventListener(name, point);
    for (const name of /** @type {const} */ (["pointerout", "focusout"])) pane.addEventListener(name, leave);
  }

  /**
   * @param {NamedRing} item
   * @param {number} radius
   */
  #place(item, radius) {
    const { x, y } = this.map.latLngToContainerPoint([item.point[1], item.point[0]]);
    return { item, drawn: radius, radius: Math.max(radius, SMALLEST_TARGET), x, y, anchorX: x, anchorY: y };
  }

  /**
   * @param {import("./rings.js").Ring & {item: NamedRing, drawn: number}} ring
   * @param {boolean} isLabelled
   * @param {(count: number) => string} write
   */
  #make({ item, drawn, x, y }, isLabelled, write) {
    const parts = item.layers.map((layer) => ({ layer, count: item.tally[layer] ?? 0 }));
    const { picture, size } = drawRing({
      radius: drawn,
      parts,
      number: write(item.count),
      label: isLabelled ? item.name : null,
      badge: item.badge,
      isRemainder: item.isRemainder,
    });
    const about = {
      class: "ring-marker leaflet-zoom-animated",
      role: "button",
      tabindex: 0,
      "aria-label": `${item.title}: ${item.said}`,
      "data-code": item.code,
      "data-count": item.count,
      "data-remainder": item.isRemainder && item.level,
      "data-group": item.isGroup && item.code,
    };
    const made = element("div", about, picture);
    this.items.set(made, item);
    return { element: made, at: this.map.containerPointToLatLng([x, y]), half: size / 2 };
  }
}

/** All that is seen of a ring, or heard. @param {NamedRing} item */
function summarise({ badge, code, isGroup, isRemainder, layers, level, name, point, said, tally, title }) {
  const parts = layers.map((layer) => tally[layer] && layer + tally[layer]).filter(Boolean);
  return [code, level, point, Number(isRemainder), Number(isGroup ?? false), name, title, said, badge ?? "", parts].join("|");
}

/**
 * @param {import("./rings.js").Ring} ring
 * @param {import("./rings.js").Ring[]} larger
 */
function isCovered(ring, larger) {
  return larger.some(
    (other) => Math.hypot(other.x - ring.x, other.y - ring.y) < (other.radius + ring.radius) * (1 - MOST_COVERED),
  );
}
