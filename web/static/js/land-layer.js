// The land: regions shaded by number, lines of the level above, the outline of the selected region.

import { L, makeLand, makeLines, makePane, regionOf } from "./leaflet.js";
import { findBorders } from "./topology.js";
import { inPieces } from "./turns.js";

/** @typedef {import("./ground.js").Sheet} Sheet */
/** @typedef {import("./types.js").RegionFeature} RegionFeature */

/** What classes of fills are drawn with that are no plain colour. @type {Record<string, string>} */
const PATTERNS = { none: "url(#hatch)", unplaced: "url(#dots)", outside: "url(#crosses)" };

/** Regions that are drawn before the browser may draw a frame. */
const PIECE = 50;

export class LandLayer {
  /**
   * @param {L.Map} map
   * @param {{onOpen: (region: RegionFeature, event: L.LeafletMouseEvent) => void, onPoint: (region: RegionFeature | null, event: L.LeafletMouseEvent | null) => void}} heard
   */
  constructor(map, heard) {
    this.map = map;
    this.heard = heard;
    this.land = makePane(map, "land", 350);
    this.lines = makePane(map, "lines", 360);
    const lines = map.getPane("lines");
    if (lines) lines.style.pointerEvents = "none";
    /** @type {L.FeatureGroup | null} */
    this.group = null;
    /** @type {L.Polyline | null} */
    this.borders = null;
    /** @type {L.Polyline | null} */
    this.outline = null;
    this.drawn = "";
  }

  /**
   * Draw the sheets of a level, unless they are drawn already, and shade them.
   * @param {string} level
   * @param {Sheet[]} sheets
   * @param {(code: string) => string} fillOf  the class of a region's fill
   * @param {() => boolean} isWanted  false as soon as something else is to be drawn
   * @returns {Promise<boolean>} whether it was drawn
   */
  async draw(level, sheets, fillOf, isWanted) {
    const key = level + sheets.map((sheet) => sheet.features[0]?.code).join();
    if (key === this.drawn) {
      this.#shade(fillOf);
      return true;
    }
    const group = L.featureGroup().addTo(this.map);
    const add = (/** @type {RegionFeature[]} */ piece) => {
      for (const polygon of makeLand(piece, this.land, (code) => styleOf(fillOf(code)))) group.addLayer(polygon);
    };
    const isDone = await inPieces(sheets.flatMap((sheet) => sheet.features), PIECE, add, isWanted);
    if (!isDone) {
      group.remove();
      return false;
    }
    this.drawn = key;
    const old = [this.group, this.borders];
    this.group = group;
    group.on("click", (event) => this.heard.onOpen(regionOf(event), event));
    group.on("mousemove", (event) => this.heard.onPoint(regionOf(event), event));
    group.on("mouseout", () => this.heard.onPoint(null, null));
    const borders = level === "province" ? [] : sheets.flatMap((s) => findBorders(s.topology, s.arcs, (g) => g.properties.parent));
    this.borders = borders.length ? makeLines(borders, this.lines, `border ${level}`).addTo(this.map) : null;
    for (const layer of old) layer?.remove();
    return true;
  }

  /**
   * Outline the selected region from the arcs that are drawn anyway.
   * @param {Sheet[]} sheets
   * @param {((geometry: import("./topology.js").TopoGeometry) => string | null) | null} groupOf
   * @param {string} code
   */
  drawOutline(sheets, groupOf, code) {
    const old = this.outline;
    const lines = groupOf ? sheets.flatMap((sheet) => findBorders(sheet.topology, sheet.arcs, groupOf, code)) : [];
    this.outline = lines.length ? makeLines(lines, this.lines, "outline").addTo(this.map) : null;
    old?.remove();
  }

  /** @param {(code: string) => string} fillOf */
  #shade(fillOf) {
    this.group?.eachLayer((layer) => {
      const path = /** @type {L.Path} */ (layer);
      const { fillColor, className } = styleOf(fillOf(/** @type {any} */ (layer).region.code));
      path.getElement()?.setAttribute("class", `leaflet-interactive ${className}`);
      path.setStyle({ fillColor: fillColor ?? "" });
    });
  }
}

/**
 * @param {string} fill
 * @returns {L.PathOptions}
 */
function styleOf(fill) {
  return { className: `land ${fill}`, fillColor: PATTERNS[fill] ?? "#888", fillOpacity: 1, weight: 1 };
}
