// Why an answer did not come, in the words of the page.

import { ApiError } from "./api.js";

/** What a server answers that has too much to do, and will do it in a few seconds. */
const BUSY = [429, 503];

/** The key of what a reader is told: no connection, a busy server, or simply not loaded. @param {unknown} error */
export function nameFailure(error) {
  if (!navigator.onLine || (error instanceof ApiError && error.status === 0)) return "error.offline";
  return error instanceof ApiError && BUSY.includes(error.status) ? "error.busy" : "error.load";
}
