// The rings on the map: placed without covering each other, largest first, reachable by Tab in the same order.

import { L, makeMarker } from "./leaflet.js";
import { SMALLEST_TARGET, drawRing } from "./ring-picture.js";
import { DESKTOP, PHONE, findLabelled, partRings, ringRadius } from "./rings.js";
import { sum } from "./tallies.js";
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
    this.markers = L.layerGroup().addTo(map);
    map.createPane("rings").style.zIndex = "600";
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
    const bounds = this.map.getBounds().pad(0.04);
    const visible = items
      .filter(({ point: [lon, lat] }) => bounds.contains(L.latLng(lat, lon)))
      .sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
    const rings = visible.map((item) => this.#place(item, ringRadius(item.count, largest, sizes)));
    const kept = rings.filter((ring, index) => !mayDrop || ring.item.isRemainder || ring.item.isGroup || !isCovered(ring, rings.slice(0, index)));
    partRings(kept);
    const labelled = isPhone ? new Set() : findLabelled(kept, kept.map((ring) => (ring.item.isRemainder || ring.item.isGroup ? "" : ring.item.name)));
    this.markers.clearLayers();
    const add = (/** @type {typeof kept} */ piece, /** @type {number} */ start) =>
      piece.forEach((ring, index) => this.#add(ring, labelled.has(start + index), write));
    await inPieces(kept, PIECE, add, isWanted);
    return largest;
  }

  clear() {
    this.markers.clearLayers();
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
  #add({ item, drawn, x, y }, isLabelled, write) {
    const parts = item.layers.map((layer) => ({ layer, count: sum(item.tally, [layer]) }));
    const { content, size } = drawRing({
      radius: drawn,
      parts,
      number: write(item.count),
      label: isLabelled ? item.name : null,
      badge: item.badge,
      isRemainder: item.isRemainder,
    });
    const marker = makeMarker(this.map.containerPointToLatLng([x, y]), content, size).addTo(this.markers);
    const icon = marker.getElement();
    if (!icon) return;
    icon.setAttribute("role", "button");
    icon.setAttribute("aria-label", `${item.title}: ${item.said}`);
    icon.dataset.code = item.code;
    icon.dataset.count = String(item.count);
    if (item.isRemainder) icon.dataset.remainder = item.level;
    if (item.isGroup) icon.dataset.group = item.code;
    marker.on("click", () => this.heard.onOpen(item, false));
    icon.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      this.heard.onOpen(item, true);
    });
    for (const name of ["pointerenter", "focus"]) icon.addEventListener(name, () => this.heard.onPoint(item, icon));
    for (const name of ["pointerleave", "blur"]) icon.addEventListener(name, () => this.heard.onPoint(null, null));
  }
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
