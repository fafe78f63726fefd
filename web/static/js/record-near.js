// Records that look like the one which is being typed, shown beside the form before it is saved.

const PAUSE = 400;
const FIELDS = ["starts_on", "region", "title_en", "title_zh_hans", "lon", "lat", "datum"];

/** @typedef {{ name: string, title: string, words: string }} NearRecord */

/**
 * @param {HTMLFormElement} form
 * @param {HTMLElement} box
 */
export function startNear(form, box) {
  let waiting = 0;
  let asked = "";
  const ask = async () => {
    const question = writeQuestion(form, box);
    if (question === asked) return;
    asked = question;
    const answer = await fetch(`${box.dataset.source}?${question}`).catch(() => null);
    if (asked !== question) return;
    /** @type {NearRecord[]} */
    const found = answer?.ok ? (await answer.json()).records : [];
    if (asked === question) showNear(box, found);
  };
  const wait = () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(ask, PAUSE);
  };
  form.addEventListener("input", wait);
  form.addEventListener("change", wait);
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLElement} box
 */
function writeQuestion(form, box) {
  const question = new URLSearchParams({ layer: box.dataset.layer ?? "", name: box.dataset.name ?? "" });
  for (const name of FIELDS) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) question.set(name, field.value.slice(0, 400));
  }
  return question.toString();
}

/**
 * @param {HTMLElement} box
 * @param {NearRecord[]} found
 */
function showNear(box, found) {
  box.hidden = found.length === 0;
  box.querySelector("ul")?.replaceChildren(...found.map(makeLine));
}

/** @param {NearRecord} record */
function makeLine(record) {
  const line = document.createElement("li");
  const link = document.createElement("a");
  link.href = `/editor/records/${record.name}`;
  link.textContent = `${record.name} ${record.title}`;
  const words = document.createElement("small");
  words.textContent = record.words;
  line.append(link, " ", words);
  return line;
}
