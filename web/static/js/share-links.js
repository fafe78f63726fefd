// What is handed to others: a link to a view, and the code that puts it into another page.
// The twin of web/share_links.py: tests/web/share-cases.json holds for both.

const SANDBOX = "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox";
const HEIGHT = 560;
const ESCAPED = /** @type {Record<string, string>} */ ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;" });

/**
 * The HTML of a frame that shows the map at `address`, for whoever pastes it into a page.
 * @param {string} address
 * @param {string} title
 */
export function writeIframe(address, title) {
  const [src, name] = [escape(address), escape(title)];
  return `<iframe src="${src}" title="${name}" width="100%" height="${HEIGHT}" loading="lazy" sandbox="${SANDBOX}"></iframe>`;
}

/** @param {string} text */
function escape(text) {
  return text.replace(/[&<>"']/g, (sign) => ESCAPED[sign] ?? sign);
}
