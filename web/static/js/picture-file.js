// A picture as a file: SVG as it is, PNG as the browser draws the SVG.

import { element } from "./dom.js";

const SCALE = 2;

/**
 * Hand a picture to the reader as a file.
 * @param {SVGSVGElement} picture
 * @param {"svg" | "png"} form
 * @param {string} name  without the ending
 */
export async function saveFile(picture, form, name) {
  const text = new XMLSerializer().serializeToString(picture);
  save(form === "svg" ? new Blob([text], { type: "image/svg+xml" }) : await paint(text, picture), `${name}.${form}`);
}

/**
 * @param {string} text
 * @param {SVGSVGElement} picture
 * @returns {Promise<Blob>}
 */
async function paint(text, picture) {
  const [width, height] = ["width", "height"].map((name) => Number(picture.getAttribute(name)));
  const image = new Image(width, height);
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = element("canvas", { width: Math.round((width ?? 0) * SCALE), height: Math.round((height ?? 0) * SCALE) });
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The picture is too large for this browser."))), "image/png");
  });
}

/**
 * @param {Blob} blob
 * @param {string} name
 */
function save(blob, name) {
  const address = URL.createObjectURL(blob);
  element("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
