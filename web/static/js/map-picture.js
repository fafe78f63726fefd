// stub
/** @param {import("./ways.js").DialogParts} parts @param {"svg" | "png"} form @param {any} status */
export async function savePicture(parts, form, status) { throw new Error(form + status + parts); }
