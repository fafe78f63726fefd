// The only module that knows Leaflet, which Folium's shell loads as the global L.

/** @typedef {import("./types.js").RegionFeature} RegionFeature */
/** @typedef {import("./types.js").Position} Position */
/** @typedef {[number, number, number, number]} Box  west, south, east, north */

export const L = /** @type {typeof import("leaflet")} */ (/** @type {any} */ (globalThis).L);

/**
 * @param {L.Map} map
 * @param {string} name
 * @param {number} zIndex
 */
export function makePane(map, name, zIndex) {
  map.createPane(name).style.zIndex = String(zIndex);
  return L.svg({ pane: name, padding: 0.4 });
}

/** Let nothing glide, for those who ask for stillness: neither keys nor the mouse have the map fly. @param {L.Map} map */
export function keepStill(map) {
  map.options.inertia = false;
  const still = /** @type {any} */ (map);
  still._zoomAnimated = false; // what the map has made of its option zoomAnimation
  still.panBy = (/** @type {L.PointExpression} */ offset, /** @type {L.PanOptions} */ options) => L.Map.prototype.panBy.call(map, offset, { ...options, animate: false });
}

/** @param {Box} box */
export function toBounds([west, south, east, north]) {
  return L.latLngBounds([south, west], [north, east]);
}

/**
 * Polygons of regions. Their look comes from classes alone, so that a change of colours needs no new drawing.
 * @param {RegionFeature[]} features
 * @param {L.Renderer} renderer
 * @param {(code: string) => L.PathOptions} styleOf
 */
export function makeLand(features, renderer, styleOf) {
  return features.map((feature) => {
    const rings = feature.polygons.map((polygon) => polygon.map((ring) => ring.map((point) => new L.LatLng(point[1], point[0]))));
    const polygon = L.polygon(rings, { renderer, pane: renderer.options.pane ?? "", smoothFactor: 0.6, ...styleOf(feature.code) });
    /** @type {any} */ (polygon).region = feature;
    return polygon;
  });
}

/**
 * The region that a layer event is about.
 * @param {L.LeafletEvent} event
 * @returns {RegionFeature}
 */
export function regionOf(event) {
  return /** @type {any} */ (event).propagatedFrom.region;
}

/**
 * @param {Position[][]} lines
 * @param {L.Renderer} renderer
 * @param {string} className
 */
export function makeLines(lines, renderer, className) {
  const paths = lines.map((line) => line.map(([lon, lat]) => L.latLng(lat, lon)));
  return L.polyline(paths, { renderer, pane: renderer.options.pane ?? "", className, interactive: false, smoothFactor: 0.6, fill: false });
}
