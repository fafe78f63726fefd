// Clicks on links that the page follows itself; those with which a reader asks for a new tab or window are left alone.

/**
 * @param {string} selector  of the links
 * @param {(link: HTMLAnchorElement) => void} act
 */
export function onPlainClick(selector, act) {
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest(selector) : null;
    if (!(link instanceof HTMLAnchorElement) || event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    act(link);
  });
}
