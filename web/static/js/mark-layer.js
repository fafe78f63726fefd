// Marks of single records on a canvas: shape and colour by layer, a light edge, a ring around the selected one.

import { L } from "./leaflet.js";

/** @typedef {{id: string, layer: string, shape: string, lon: number, lat: number}} Mark */

/** With the edge, seven pixels. */
const RADIUS = 5.5;
const EDGE = 1.5;
const RING = 3;
/** How near to a mark a pointer counts as on it: a target of 24 pixels. */
const REACH = 12;

/** Where the reader's system sets the colours, shapes alone tell layers apart. */
export const FORCED = "(forced-colors: active)";

/** Half-width, half-height and points of each shape, for a radius of one. @type {Record<string, [number, number][]>} */
const CORNERS = {
  triangle: [[0, -1.05], [1.05, 0.8], [-1.05, 0.8]],
  square: [[-0.86, -0.86], [0.86, -0.86], [0.86, 0.86], [-0.86, 0.86]],
  diamond: [[0, -1.15], [1.15, 0], [0, 1.15], [-1.15, 0]],
};

export class MarkLayer {
  /** @param {L.Map} map */
  constructor(map) {
    this.map = map;
    const pane = map.createPane("marks");
    pane.style.zIndex = "450";
    pane.style.pointerEvents = "none";
    this.renderer = L.canvas({ pane: "marks", padding: 0.2 });
    this.group = L.layerGroup().addTo(map);
    /** @type {Mark[]} */
    this.marks = [];
  }

  /**
   * @param {Mark[]} marks
   * @param {string | null} chosen  id of the selected record
   * @param {string | null} active  id of the one that the keyboard is at
   */
  draw(marks, chosen, active) {
    this.marks = marks;
    const colour = readColours();
    const [edge, focus] = [colour("disc"), colour("focus")];
    const isRinged = (/** @type {Mark} */ { id }) => id === chosen || id === active;
    this.group.clearLayers();
    for (const mark of [...marks.filter((one) => !isRinged(one)), ...marks.filter(isRinged)]) {
      this.group.addLayer(makeMark(mark, { fill: colour(mark.layer), edge, ring: isRinged(mark) ? focus : null }, this.renderer));
    }
  }

  /** The mark at a point of the map's box; the nearest, if several are. @param {L.Point} point @returns {Mark | null} */
  at(point) {
    let [nearest, least] = [/** @type {Mark | null} */ (null), REACH];
    for (const mark of this.marks) {
      const distance = this.map.latLngToContainerPoint([mark.lat, mark.lon]).distanceTo(point);
      if (distance <= least) [nearest, least] = [mark, distance];
    }
    return nearest;
  }
}

/** What gives the colour of a token; where the reader's system sets the colours, that of text, or for edges of the ground. */
function readColours() {
  const style = getComputedStyle(document.documentElement);
  const forced = matchMedia(FORCED).matches ? getComputedStyle(document.body) : null;
  return (/** @type {string} */ name) => (forced ? (name === "disc" ? forced.backgroundColor : forced.color) : style.getPropertyValue(`--${name}`).trim());
}

/**
 * @param {Mark} mark
 * @param {{fill: string, edge: string, ring: string | null}} colours
 * @param {L.Renderer} renderer
 */
function makeMark(mark, colours, renderer) {
  const made = L.circleMarker([mark.lat, mark.lon], { renderer, pane: "marks", interactive: false, radius: RADIUS + RING + 4, weight: 0 });
  // Leaflet's canvas asks each layer to draw itself; a circle of its own would have neither shape nor edge.
  const drawn = /** @type {any} */ (made);
  drawn._updatePath = () => {
    const { _ctx: context, _drawing: isDrawing } = drawn._renderer;
    if (isDrawing && !drawn._empty()) paint(context, drawn._point, mark.shape, colours);
  };
  return made;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{x: number, y: number}} at
 * @param {string} shape
 * @param {{fill: string, edge: string, ring: string | null}} colours
 */
function paint(context, { x, y }, shape, { fill, edge, ring }) {
  context.beginPath();
  const corners = CORNERS[shape];
  if (!corners) context.arc(x, y, RADIUS, 0, 2 * Math.PI);
  for (const [index, [cornerX, cornerY]] of (corners ?? []).entries()) {
    if (index) context.lineTo(x + cornerX * RADIUS, y + cornerY * RADIUS);
    else context.moveTo(x + cornerX * RADIUS, y + cornerY * RADIUS);
  }
  context.closePath();
  context.lineJoin = "round";
  context.lineWidth = 2 * EDGE;
  context.strokeStyle = edge;
  context.stroke();
  context.fillStyle = fill;
  context.fill();
  if (!ring) return;
  context.beginPath();
  context.arc(x, y, RADIUS + RING + 1, 0, 2 * Math.PI);
  context.lineWidth = RING;
  context.strokeStyle = ring;
  context.stroke();
}
