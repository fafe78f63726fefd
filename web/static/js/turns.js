// Long work in pieces: between two of them the browser draws a frame and hears its reader.

/** Let the browser do what waits, then go on. In a hidden page no frame comes; there a timer takes its place. @returns {Promise<void>} */
export function nextTurn() {
  return new Promise((resolve) => {
    const soon = () => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve();
      port2.postMessage(null);
    };
    if (document.visibilityState === "visible") requestAnimationFrame(soon);
    else setTimeout(soon);
  });
}

/**
 * Do something for each part of a list, in pieces; stops when it is no longer wanted, and says whether it came to the end.
 * @template T
 * @param {T[]} list
 * @param {number} size  of a piece
 * @param {(piece: T[], start: number) => void} work
 * @param {() => boolean} isWanted
 */
export async function inPieces(list, size, work, isWanted) {
  for (let start = 0; start < list.length; start += size) {
    if (start) await nextTurn();
    if (!isWanted()) return false;
    work(list.slice(start, start + size), start);
  }
  return true;
}
