// Records that may have a mark, where they are too many for one each: counted in squares of the screen. No map here.

/** @typedef {import("./types.js").Tally} Tally */
/** @typedef {{lon: number, lat: number, tally: Tally}} Counted */

/** Marks that one view shows; where there are more, they are counted in groups. */
export const MOST_MARKS = 500;
/** Side of a group's square in pixels. */
export const SIDE = 84;
/** Values of `location_precision` where the point is the record's own. */
const OWN_PLACES = ["exact", "street"];

/**
 * The filters of records that may have a mark; null where the filters that are set leave none.
 * @param {[string, string][]} filters
 * @returns {[string, string][] | null}
 */
export function markFilters(filters) {
  const asked = filters.filter(([name]) => name === "location_precision").flatMap(([, value]) => value.split(","));
  const kept = OWN_PLACES.filter((code) => !asked.length || asked.includes(code));
  return kept.length ? [...filters.filter(([name]) => name !== "location_precision"), ["location_precision", kept.join()]] : null;
}

/**
 * Tiles that cover a box, one zoom level coarser than the view: few, and fine enough for the squares.
 * @param {[number, number, number, number]} box  west, south, east, north
 * @param {number} zoom
 */
export function listTiles([west, south, east, north], zoom) {
  const level = Math.max(0, Math.min(14, Math.floor(zoom) - 1));
  const side = 2 ** level;
  const col = (/** @type {number} */ lon) => Math.floor(((lon + 180) / 360) * side);
  const row = (/** @type {number} */ lat) => Math.floor(northing(lat) * side);
  const tiles = [];
  for (let y = row(north); y <= row(south); y += 1) {
    for (let x = col(west); x <= col(east); x += 1) tiles.push({ zoom: level, x, y });
  }
  return tiles;
}

/**
 * Where a point of a tile lies.
 * @param {{zoom: number, x: number, y: number}} tile
 * @param {{x: number, y: number}} point
 */
export function placeOf(tile, point) {
  const side = 2 ** tile.zoom;
  const south = Math.PI * (1 - (2 * (tile.y + point.y)) / side);
  return { lon: ((tile.x + point.x) / side) * 360 - 180, lat: (Math.atan(Math.sinh(south)) * 180) / Math.PI };
}

/**
 * Count points in squares of `SIDE` pixels at a zoom. Squares are fixed to the ground, so that panning moves nothing; a
 * group stands at the mean of its records' places.
 * @param {Counted[]} points
 * @param {number} zoom
 * @returns {(Counted & {key: string})[]}
 */
export function groupPlaces(points, zoom) {
  const squares = (256 * 2 ** zoom) / SIDE;
  /** @type {Map<string, {lon: number, lat: number, number: number, tally: Tally}>} */
  const groups = new Map();
  for (const { lon, lat, tally } of points) {
    const key = `${Math.floor(((lon + 180) / 360) * squares)}/${Math.floor(northing(lat) * squares)}`;
    const group = groups.get(key) ?? { lon: 0, lat: 0, number: 0, tally: {} };
    const number = Object.values(tally).reduce((all, count) => all + count, 0);
    group.lon += lon * number;
    group.lat += lat * number;
    group.number += number;
    for (const [layer, count] of Object.entries(tally)) group.tally[layer] = (group.tally[layer] ?? 0) + count;
    groups.set(key, group);
  }
  return [...groups].filter(([, group]) => group.number).map(([key, { lon, lat, number, tally }]) => ({ key, lon: lon / number, lat: lat / number, tally }));
}

/** From 0 at the northern edge of the world's square to 1. @param {number} lat */
function northing(lat) {
  return 0.5 - Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) / (2 * Math.PI);
}
