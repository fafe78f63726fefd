// What the map looks at: the free box between the cards that float over it is where things are fitted.

import { L, toBounds } from "./leaflet.js";
import { byId } from "./dom.js";
import { findRooms } from "./fit-room.js";

/** @typedef {import("./types.js").View} View */

const CLOSEST = 11;
/** From this many levels on a phone's map does not glide to where it is to look: it would draw what it leaves many times as large. */
const FAR = 1.5;

export class MapFit {
  /**
   * @param {L.Map} map
   * @param {[number, number, number, number]} home  west, south, east, north
   */
  constructor(map, home) {
    this.map = map;
    this.home = toBounds(home);
    this.box = byId("fit-box");
    /** The zoom at which the selected region is seen whole. */
    this.zoom = 0;
    /** Whether the map still stands as it was fitted, untouched by the reader. */
    this.isFitted = false;
    this.bounds = this.home;
    map.on("movestart", () => (this.isFitted = this.isFitting));
    this.isFitting = false;
  }

  /**
   * @param {L.LatLngBounds | null} bounds  null: the whole country
   * @param {boolean} animate
   */
  show(bounds, animate) {
    this.bounds = bounds ?? this.home;
    const snap = this.map.options.zoomSnap;
    this.map.options.zoomSnap = 0;
    const { zoom, ...options } = this.#roomFor(this.bounds);
    this.zoom = zoom;
    this.isFitting = true;
    this.map.fitBounds(this.bounds, { ...options, maxZoom: CLOSEST, animate: animate && !prefersStillness() && !this.#isFarForPhone() });
    this.isFitting = false;
    this.isFitted = true;
    this.map.options.zoomSnap = snap ?? 0.25;
  }

  /**
   * Look where a link says, having found out at which zoom the selected region is whole.
   * @param {View} view
   * @param {L.LatLngBounds | null} bounds
   */
  look(view, bounds) {
    this.bounds = bounds ?? this.home;
    this.zoom = this.#roomFor(this.bounds).zoom;
    this.map.setView([view.lat, view.lon], view.zoom, { animate: false });
    this.isFitted = false;
  }

  /** Fit anew after the window has changed its size, unless the reader has moved the map. */
  refit() {
    this.map.invalidateSize({ animate: false });
    if (this.isFitted) this.show(this.bounds, false);
  }

  /**
   * The paddings that leave the room in which something is seen largest, and the zoom of it there. The whole country
   * has the room that the first picture has.
   * @param {L.LatLngBounds} bounds
   */
  #roomFor(bounds) {
    const stage = this.map.getContainer().getBoundingClientRect();
    const free = this.box.getBoundingClientRect();
    const part = (/** @type {string} */ name) => this.box.parentElement?.querySelector(name)?.getBoundingClientRect() ?? null;
    const time = bounds === this.home ? null : part(".time-card");
    const rooms = time ? findRooms(free, part(".legend-card"), time) : [free];
    const [first, ...others] = rooms.map((room) => {
      const paddingTopLeft = L.point(room.left - stage.left, room.top - stage.top);
      const paddingBottomRight = L.point(stage.right - room.right, stage.bottom - room.bottom);
      const zoom = this.map.getBoundsZoom(bounds, false, paddingTopLeft.add(paddingBottomRight));
      return { paddingTopLeft, paddingBottomRight, zoom: Math.min(CLOSEST, zoom) };
    });
    return others.reduce((best, room) => (room.zoom > best.zoom ? room : best), /** @type {NonNullable<typeof first>} */ (first));
  }

  #isFarForPhone() {
    return matchMedia("(max-width: 720px)").matches && Math.abs(this.zoom - this.map.getZoom()) > FAR;
  }
}

export function prefersStillness() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
