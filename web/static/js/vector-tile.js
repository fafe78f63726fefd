// Reads the points of a Mapbox Vector Tile (2.1): what a tile of ours has, and no more.

/** @typedef {{x: number, y: number, properties: Record<string, string | number>}} TilePoint  x and y from 0 to 1, from the north-western corner */

/**
 * The points of each layer of a tile, by the layer's name.
 * @param {ArrayBuffer} buffer
 * @returns {Record<string, TilePoint[]>}
 */
export function readTile(buffer) {
  const bytes = new Uint8Array(buffer);
  return Object.fromEntries(fields(bytes, 0, bytes.length).filter(({ tag }) => tag === 3).map(({ from, to }) => readLayer(bytes, from, to)));
}

/** @typedef {{tag: number, wire: number, value: number, from: number, to: number}} Field */

/**
 * The fields of a message: numbers have a value, all others a place.
 * @param {Uint8Array} bytes
 * @param {number} from
 * @param {number} to
 */
function fields(bytes, from, to) {
  /** @type {Field[]} */
  const found = [];
  for (let at = from; at < to; ) {
    const [key, next] = varint(bytes, at);
    const wire = key % 8;
    const [value, after] = wire === 0 || wire === 2 ? varint(bytes, next) : [wire === 1 ? 8 : 4, next];
    const start = after;
    at = wire === 0 ? after : start + value;
    found.push({ tag: Math.floor(key / 8), wire, value, from: start, to: at });
  }
  return found;
}

/**
 * @param {Uint8Array} bytes
 * @param {number} at
 * @returns {[value: number, next: number]}
 */
function varint(bytes, at) {
  let value = 0;
  for (let factor = 1; ; factor *= 128) {
    const byte = bytes[at] ?? 0;
    at += 1;
    value += (byte & 127) * factor;
    if (byte < 128) return [value, at];
  }
}

/**
 * @param {Uint8Array} bytes
 * @param {Field} field
 */
function numbers(bytes, { from, to }) {
  const all = [];
  for (let at = from; at < to; ) {
    const [value, next] = varint(bytes, at);
    all.push(value);
    at = next;
  }
  return all;
}

/**
 * @param {Uint8Array} bytes
 * @param {number} from
 * @param {number} to
 * @returns {[name: string, points: TilePoint[]]}
 */
function readLayer(bytes, from, to) {
  const parts = fields(bytes, from, to);
  const texts = (/** @type {number} */ tag) => parts.filter((part) => part.tag === tag).map((part) => textOf(bytes, part));
  const keys = texts(3);
  const values = parts.filter((part) => part.tag === 4).map((part) => readValue(bytes, part));
  const extent = parts.find((part) => part.tag === 5)?.value ?? 4096;
  const points = parts.filter((part) => part.tag === 2).map((part) => {
    const feature = fields(bytes, part.from, part.to);
    const [tags, geometry] = [2, 4].map((tag) => numbers(bytes, feature.find((field) => field.tag === tag) ?? { ...part, from: 0, to: 0 }));
    const [, x = 0, y = 0] = geometry ?? [];
    /** @type {TilePoint["properties"]} */
    const properties = {};
    for (let index = 0; index + 1 < (tags ?? []).length; index += 2) properties[keys[tags?.[index] ?? 0] ?? ""] = values[tags?.[index + 1] ?? 0] ?? "";
    return { x: unzigzag(x) / extent, y: unzigzag(y) / extent, properties };
  });
  return [texts(1)[0] ?? "", points];
}

/** @param {number} value */
function unzigzag(value) {
  return value % 2 ? -(value + 1) / 2 : value / 2;
}

/**
 * @param {Uint8Array} bytes
 * @param {Field} field
 */
function textOf(bytes, { from, to }) {
  return new TextDecoder().decode(bytes.subarray(from, to));
}

/**
 * @param {Uint8Array} bytes
 * @param {Field} part
 * @returns {string | number}
 */
function readValue(bytes, part) {
  const [field] = fields(bytes, part.from, part.to);
  if (!field) return "";
  if (field.tag === 1) return textOf(bytes, field);
  const view = new DataView(bytes.buffer, bytes.byteOffset + field.from);
  if (field.tag === 2) return view.getFloat32(0, true);
  if (field.tag === 3) return view.getFloat64(0, true);
  return field.tag === 6 ? unzigzag(field.value) : field.value;
}
