// Regions offered while a place is typed: the code is what is kept, the names say which one it is.

const PAUSE = 250;

/**
 * @param {HTMLInputElement} field
 * @param {HTMLDataListElement} list
 */
export function suggestRegions(field, list) {
  let waiting = 0;
  let asked = "";
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(async () => {
      const words = field.value.split(/[;；]/).at(-1)?.trim() ?? "";
      if (words === "" || words === asked) return;
      asked = words;
      const answer = await fetch(`${list.dataset.source}?q=${encodeURIComponent(words)}`);
      if (!answer.ok || asked !== words) return;
      /** @type {{ regions: { code: string, name_en: string, name_zh_hans: string }[] }} */
      const found = await answer.json();
      list.replaceChildren(...found.regions.map((region) => makeOption(region.code, `${region.name_zh_hans} ${region.name_en}`)));
    }, PAUSE);
  });
}

/**
 * @param {string} code
 * @param {string} names
 */
function makeOption(code, names) {
  const option = document.createElement("option");
  option.value = code;
  option.label = `${code} ${names}`;
  return option;
}
