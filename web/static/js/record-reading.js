// What a card needs: the record, the records linked with it, its public history, and the card's style.

import { ApiError, itemAddress } from "./api.js";
import { loadStyle } from "./style-sheet.js";

/** @typedef {import("./types.js").ApiRecord} ApiRecord */
/** @typedef {{record: ApiRecord, linked: ApiRecord[], changes: import("./record-history.js").Change[]}} Dossier */

const GONE = [404, 410];

/**
 * @param {import("./page-parts.js").PageParts} parts
 * @param {string} id
 * @param {AbortSignal} signal
 * @returns {Promise<Dossier>}
 */
export async function readDossier({ api }, id, signal) {
  const [record, history] = await Promise.all([
    api.read(itemAddress(id), signal),
    api.read(`/api/changes?public_id=${encodeURIComponent(id)}`, signal),
    loadStyle("card.css"),
  ]);
  const ids = [...(record.properties.cases ?? []), ...(record.properties.incidents ?? [])].sort();
  const linked = await Promise.all(ids.map((one) => api.read(itemAddress(one), signal).catch(leaveOutGone)));
  return { record, linked: linked.filter((one) => one !== null), changes: history.changes };
}

/**
 * A linked record may have gone meanwhile; its card is not worse for that.
 * @param {unknown} error
 */
export function leaveOutGone(error) {
  if (error instanceof ApiError && GONE.includes(error.status)) return null;
  throw error;
}
