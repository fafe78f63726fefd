// The shapes that modules hand each other. Nothing here runs.

/** @typedef {Record<string, number>} Tally  counts by layer id */

/**
 * @typedef {object} Selection  what the address asks for, in the API's own parameter names
 * @property {string} language
 * @property {string[]} layers  those switched on, in their order
 * @property {string | null} region
 * @property {string | null} record
 * @property {"overview" | "list" | "table" | "filters"} tab
 * @property {"rate" | "count" | "none"} shade
 * @property {"light" | "dark" | null} theme
 * @property {[string, string][]} filters  the API's filters but `region` and `layer`, as written
 */

/** @typedef {{zoom: number, lat: number, lon: number}} View */

/** @typedef {{id: string, shape: string, label: string, short: string, isIncident: boolean}} LayerWords */
/**
 * @typedef {object} PropertyWords
 * @property {string} name
 * @property {string} kind
 * @property {string} label
 * @property {string | null} vocabulary
 * @property {string[]} [layers]  those whose records have it
 * @property {number} [chart]  its place among the charts of bars
 * @property {boolean} [inOrder]  whether its bars stay in the order of the vocabulary
 */

/**
 * @typedef {object} Words  the labels and texts of one language
 * @property {string} language
 * @property {Record<string, string>} texts
 * @property {LayerWords[]} layers
 * @property {PropertyWords[]} properties
 * @property {Record<string, Record<string, string>>} terms
 */

/**
 * @typedef {object} MapConfig  what the server writes into the page
 * @property {string} page  the path that links stay on: "/" or "/embed"
 * @property {string} language
 * @property {string} defaultLanguage
 * @property {string} mapName  what the map is called
 * @property {string[]} layers  all, in the order of counts
 * @property {string} words  address
 * @property {string} dialogWords  address of the texts of what opens after a click
 * @property {string} regions  address of the index of regions
 * @property {string} firstTopology  address of the provinces' outlines
 * @property {[code: string, name: string][]} provinceNames
 * @property {[number, number, number, number]} home  west, south, east, north
 * @property {string[]} filters  names of the API's filters that an address may hold
 * @property {string[]} outside  codes outside the data's coverage
 * @property {Record<string, number>} residents  by code, where they were read
 * @property {string | null} editors  where they are reached: mailto: or https:
 * @property {number} datasetVersion
 * @property {(string | number)[][]} provinces  code, then a count for each layer
 * @property {(string | number)[][]} outsideProvinces  reason, then a count for each layer
 */

/** @typedef {{id: string, properties: Record<string, any>}} ApiRecord */

/** @typedef {[number, number]} Position  longitude, latitude */

/**
 * @typedef {object} RegionFeature  a region as a topology has it, decoded
 * @property {string} code
 * @property {string} level
 * @property {string | null} parent  its code
 * @property {Position} point  where its ring stands
 * @property {Position[][][]} polygons
 * @property {[number, number, number, number]} box  west, south, east, north
 */

export {};
