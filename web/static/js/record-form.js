// The form of a record: names of regions while typing, and a small map on which a click sets the point.
import { startPicker } from "./map-picker.js";
import { startNear } from "./record-near.js";
import { suggestRegions } from "./region-names.js";

const picker = /** @type {HTMLElement | null} */ (document.querySelector(".picker"));
const lon = /** @type {HTMLInputElement | null} */ (document.getElementById("lon"));
const lat = /** @type {HTMLInputElement | null} */ (document.getElementById("lat"));
const datum = /** @type {HTMLSelectElement | null} */ (document.getElementById("datum"));
if (picker && lon && lat && datum) startPicker(picker, { lon, lat, datum });

const region = /** @type {HTMLInputElement | null} */ (document.getElementById("region"));
const names = /** @type {HTMLDataListElement | null} */ (document.getElementById("region-names"));
if (region && names) suggestRegions(region, names);

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form.record"));
const near = /** @type {HTMLElement | null} */ (document.querySelector(".near"));
if (form && near) startNear(form, near);
