// Lets a file be dropped anywhere on the field of an upload. Without this module the field is a plain one.

import { all } from "./dom.js";

/** @param {HTMLElement} field */
function acceptFiles(field) {
  const input = field.querySelector("input");
  const hint = field.querySelector("[data-drop-hint]");
  if (!input || !(hint instanceof HTMLElement)) return;
  hint.hidden = false;
  field.addEventListener("dragover", (event) => {
    event.preventDefault();
    field.classList.add("over");
  });
  field.addEventListener("dragleave", () => field.classList.remove("over"));
  field.addEventListener("drop", (event) => {
    event.preventDefault();
    field.classList.remove("over");
    if (event.dataTransfer?.files.length) input.files = event.dataTransfer.files;
  });
}

all("[data-drop]").forEach(acceptFiles);
