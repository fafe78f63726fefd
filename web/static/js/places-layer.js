// Elements that stand at places of the map, in a pane of their own. They move with the map as it zooms, and one layer
// hears the clicks on all of them: a marker for each would cost more than all else of the first picture.

import { L } from "./leaflet.js";

/** @typedef {{element: HTMLElement, at: L.LatLng, half: number}} Standing */

export class PlacesLayer extends L.Layer {
  /**
   * @param {L.Map} map
   * @param {string} name  of the pane
   * @param {number} zIndex
   */
  constructor(map, name, zIndex) {
    super();
    L.setOptions(this, { pane: name, bubblingMouseEvents: false });
    this.pane = map.createPane(name);
    this.pane.style.zIndex = String(zIndex);
    /** @type {Map<Element, Standing>} */
    this.standing = new Map();
    this.pane.addEventListener("focusin", (event) => this.#show(event.target));
  }

  /** @override */
  onAdd() {
    this.addInteractiveTarget(this.pane);
    return this;
  }

  /** @override */
  getEvents() {
    const stand = () => this.#stand((at) => this._map.latLngToLayerPoint(at));
    const zoom = (/** @type {L.ZoomAnimEvent} */ { center, zoom: level }) =>
      this.#stand((at) => /** @type {any} */ (this._map)._latLngToNewLayerPoint(at, level, center));
    return /** @type {any} */ ({ zoom: stand, viewreset: stand, zoomanim: zoom });
  }

  clear() {
    this.standing.clear();
    this.pane.replaceChildren();
  }

  /** Put elements where they belong, each a square with its middle at its place. @param {Standing[]} list */
  add(list) {
    for (const one of list) {
      this.standing.set(one.element, one);
      moveTo(one, this._map.latLngToLayerPoint(one.at));
    }
    this.pane.append(...list.map(({ element }) => element));
  }

  /** The element that an event in the pane is about. @param {EventTarget | null} target */
  find(target) {
    for (let node = target; node instanceof Element; node = node.parentElement) {
      if (this.standing.has(node)) return /** @type {HTMLElement} */ (node);
    }
    return null;
  }

  /** @param {(at: L.LatLng) => L.Point} pointOf */
  #stand(pointOf) {
    for (const one of this.standing.values()) moveTo(one, pointOf(one.at));
  }

  /** Bring what has the focus into view. @param {EventTarget | null} target */
  #show(target) {
    const found = this.find(target);
    const one = found && this.standing.get(found);
    if (one) this._map.panInside(one.at, { padding: [one.half, one.half] });
  }
}

/**
 * @param {Standing} one
 * @param {L.Point} point
 */
function moveTo({ element, half }, { x, y }) {
  element.style.transform = `translate(${Math.round(x) - half}px, ${Math.round(y) - half}px)`;
}
