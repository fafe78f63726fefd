// What the search asks the API: regions in every script and of the past, and records that may name a company.

import { ApiError } from "./api.js";
import { findCompanies, readFound } from "./search-finds.js";

/** @typedef {import("./api.js").Api} Api */

const PLACES = 8;
const COMPANIES = 4;
const RECORDS_READ = 100;
/** A text without a letter or digit asks for nothing. */
const NO_QUESTION = 400;

/**
 * @param {Api} api
 * @param {string} text
 * @param {AbortSignal} signal
 */
export async function askPlaces(api, text, signal) {
  const question = new URLSearchParams([[/^\d{6}$/.test(text) ? "code" : "q", text], ["limit", String(PLACES)]]);
  const answer = await ask(api, `/api/regions?${question}`, signal);
  return readFound(answer?.regions ?? []);
}

/**
 * @param {Api} api
 * @param {string} text
 * @param {AbortSignal} signal
 */
export async function askCompanies(api, text, signal) {
  const question = new URLSearchParams({ q: text, properties: "employers", skipGeometry: "true", limit: String(RECORDS_READ) });
  const answer = await ask(api, `/api/collections/records/items?${question}`, signal);
  return findCompanies(answer?.features ?? [], text, COMPANIES);
}

/**
 * @param {Api} api
 * @param {string} address
 * @param {AbortSignal} signal
 */
async function ask(api, address, signal) {
  try {
    return await api.read(address, signal);
  } catch (error) {
    if (error instanceof ApiError && error.status === NO_QUESTION) return null;
    throw error;
  }
}
