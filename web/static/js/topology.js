// TopoJSON as we publish it: object "regions", geometry id = code. Positions are longitude, latitude.

/** @typedef {import("./types.js").Position} Position */
/** @typedef {import("./types.js").RegionFeature} RegionFeature */
/** @typedef {{type: string, id: string, arcs?: any[], properties: Record<string, any>}} TopoGeometry */
/** @typedef {{transform: {scale: Position, translate: Position}, arcs: Position[][], objects: {regions: {geometries: TopoGeometry[]}}}} Topology */

/**
 * The arcs in degrees.
 * @param {Topology} topology
 * @returns {Position[][]}
 */
export function decodeArcs(topology) {
  const [kx, ky] = topology.transform.scale;
  const [dx, dy] = topology.transform.translate;
  return topology.arcs.map((arc) => {
    let x = 0;
    let y = 0;
    return arc.map((step) => {
      x += step[0];
      y += step[1];
      return /** @type {Position} */ ([x * kx + dx, y * ky + dy]);
    });
  });
}

/**
 * @param {Topology} topology
 * @param {Position[][]} arcs  of the same topology, decoded
 * @param {string} level
 * @returns {RegionFeature[]}
 */
export function decodeRegions(topology, arcs, level) {
  return topology.objects.regions.geometries.map((geometry) => decodeRegion(geometry, arcs, level));
}

/**
 * @param {TopoGeometry} geometry
 * @param {Position[][]} arcs
 * @param {string} level
 * @returns {RegionFeature}
 */
export function decodeRegion(geometry, arcs, level) {
  const polygons = polygonsOf(geometry).map((rings) => rings.map((ring) => traceRing(ring, arcs)));
  return {
    code: geometry.id,
    level,
    parent: geometry.properties.parent ?? null,
    point: geometry.properties.point,
    polygons,
    box: boxOf(polygons),
  };
}

/**
 * Lines between regions of different groups, and around the outside. With `only`, the outline of that one group.
 * @param {Topology} topology
 * @param {Position[][]} arcs
 * @param {(geometry: TopoGeometry) => string | null} groupOf
 * @param {string} [only]
 * @returns {Position[][]}
 */
export function findBorders(topology, arcs, groupOf, only) {
  /** @type {Map<number, (string | null)[]>} */
  const sides = new Map();
  for (const geometry of topology.objects.regions.geometries) {
    for (const number of polygonsOf(geometry).flat(2)) {
      const arc = number < 0 ? ~number : number;
      sides.set(arc, [...(sides.get(arc) ?? []), groupOf(geometry)]);
    }
  }
  const isBorder = (/** @type {(string | null)[]} */ groups) =>
    only === undefined
      ? groups.length === 1 || groups[0] !== groups[1]
      : groups.filter((group) => group === only).length === 1;
  return [...sides].filter(([, groups]) => isBorder(groups)).map(([arc]) => arcs[arc] ?? []);
}

/**
 * @param {TopoGeometry} geometry
 * @returns {number[][][]}
 */
function polygonsOf(geometry) {
  if (!geometry.arcs) return [];
  return geometry.type === "Polygon" ? [geometry.arcs] : geometry.arcs;
}

/**
 * @param {number[]} ring
 * @param {Position[][]} arcs
 */
function traceRing(ring, arcs) {
  /** @type {Position[]} */
  const points = [];
  for (const number of ring) {
    const arc = arcs[number < 0 ? ~number : number] ?? [];
    const skipped = points.length ? 1 : 0; // the end of the arc before
    for (let index = skipped; index < arc.length; index += 1) {
      points.push(/** @type {Position} */ (arc[number < 0 ? arc.length - 1 - index : index]));
    }
  }
  return points;
}

/**
 * The box of the largest part, so that far islets do not shrink it.
 * @param {Position[][][]} polygons
 * @returns {[number, number, number, number]}
 */
function boxOf(polygons) {
  /** @type {[number, number, number, number]} */
  let largest = [0, 0, 0, 0];
  for (const [outer] of polygons) {
    /** @type {[number, number, number, number]} */
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const point of outer ?? []) {
      if (point[0] < box[0]) box[0] = point[0];
      if (point[1] < box[1]) box[1] = point[1];
      if (point[0] > box[2]) box[2] = point[0];
      if (point[1] > box[3]) box[3] = point[1];
    }
    if (areaOf(box) > areaOf(largest)) largest = box;
  }
  return largest;
}

/** @param {[number, number, number, number]} box */
function areaOf([west, south, east, north]) {
  return (east - west) * (north - south);
}
