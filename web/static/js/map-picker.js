// A small map of provinces: a click on it writes longitude and latitude into the form, in WGS-84.
import { L } from "./leaflet.js";

/** @typedef {{ lon: HTMLInputElement, lat: HTMLInputElement, datum: HTMLSelectElement }} PointFields */

const CHINA = /** @type {[[number, number], [number, number]]} */ ([[18, 73], [54, 135]]);
const DIGITS = 5;
const NEAR = 9;

/**
 * @param {HTMLElement} box
 * @param {PointFields} fields
 */
export function startPicker(box, fields) {
  box.hidden = false;
  const stage = document.createElement("div");
  box.append(stage);
  const map = L.map(stage, { attributionControl: false, minZoom: 2, maxZoom: 14 }).fitBounds(CHINA);
  stage.setAttribute("role", "application");
  stage.setAttribute("aria-label", box.dataset.label ?? "");
  const point = L.circleMarker([0, 0], { radius: 8, className: "point" });
  drawProvinces(map, box.dataset.outlines ?? "");
  const show = () => showPoint(map, point, fields);
  map.on("click", (event) => {
    fields.lon.value = event.latlng.lng.toFixed(DIGITS);
    fields.lat.value = event.latlng.lat.toFixed(DIGITS);
    fields.datum.value = "wgs84";
    show();
  });
  for (const field of [fields.lon, fields.lat]) field.addEventListener("change", show);
  show();
  if (map.hasLayer(point)) map.setView(point.getLatLng(), NEAR, { animate: false });
}

/**
 * @param {L.Map} map
 * @param {L.CircleMarker} point
 * @param {PointFields} fields
 */
function showPoint(map, point, fields) {
  const [lon, lat] = [fields.lon, fields.lat].map((field) => (field.value.trim() === "" ? NaN : Number(field.value)));
  if (!Number.isFinite(lon) || !Number.isFinite(lat) || Math.abs(lat ?? 0) > 90) point.remove();
  else point.setLatLng([lat ?? 0, lon ?? 0]).addTo(map);
}

/**
 * The map is of use without outlines, too: what cannot be fetched is left out.
 * @param {L.Map} map
 * @param {string} address
 */
async function drawProvinces(map, address) {
  const answer = await fetch(address, { headers: { Accept: "application/geo+json" } });
  if (!answer.ok) return;
  const land = L.geoJSON(await answer.json(), { interactive: false, style: () => ({ className: "land", weight: 1 }) });
  land.addTo(map).bringToBack();
}
