// The dialog with files of the present selection.

/** @param {import("./ways.js").DialogParts} parts */
export async function open(parts) {
  throw new Error(parts.address({}));
}
