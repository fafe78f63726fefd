// What is handed to others, as the server writes it too.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { writeIframe } from "../../web/static/js/share-links.js";

const cases = JSON.parse(readFileSync(new URL("share-cases.json", import.meta.url), "utf8"));

test("a frame's code is the server's, letter by letter", () => {
  for (const { address, title, code } of cases) assert.equal(writeIframe(address, title), code);
});
