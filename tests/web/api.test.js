// Asking the API: errors are thrown with the problem document, answers are kept, questions have one form.

import assert from "node:assert/strict";
import test, { afterEach } from "node:test";

import { Api, ApiError, countsAddress, itemsAddress } from "../../web/static/js/api.js";

const realFetch = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = realFetch;
});

/** @param {(address: string, options: RequestInit) => Promise<Response>} answer */
function answerWith(answer) {
  globalThis.fetch = /** @type {typeof fetch} */ (/** @type {unknown} */ (answer));
}

test("a problem document becomes an ApiError that says what it says", async () => {
  answerWith(async () => new Response(JSON.stringify({ title: "Bad Request", detail: "region: no such code" }), { status: 400 }));
  await assert.rejects(new Api().read("/api/x"), (error) => error instanceof ApiError && error.status === 400 && error.message === "region: no such code");
});

test("no answer at all is an ApiError of status 0", async () => {
  answerWith(async () => { throw new TypeError("network away"); });
  await assert.rejects(new Api().read("/api/x"), (error) => error instanceof ApiError && error.status === 0);
});

test("an answer is asked for once", async () => {
  let asked = 0;
  answerWith(async () => { asked += 1; return new Response("{}"); });
  const api = new Api();
  await Promise.all([api.read("/a"), api.read("/a")]);
  await api.read("/a");
  assert.equal(asked, 1);
});

test("a failure is not kept: asking again asks anew", async () => {
  let asked = 0;
  answerWith(async () => { asked += 1; return new Response("{}", { status: asked === 1 ? 503 : 200 }); });
  const api = new Api();
  await assert.rejects(api.read("/a"));
  assert.deepEqual(await api.read("/a"), {});
});

test("an aborted question stays an AbortError, so that nobody reports it", async () => {
  answerWith(async (_, { signal }) => { signal?.throwIfAborted(); return new Response("{}"); });
  await assert.rejects(new Api().read("/a", AbortSignal.abort()), { name: "AbortError" });
});

test("what one gave up is asked anew for the next, who is given no AbortError", async () => {
  let asked = 0;
  answerWith((_, { signal }) => new Promise((resolve, reject) => {
    asked += 1;
    signal?.addEventListener("abort", () => reject(signal.reason));
    if (asked > 1) resolve(new Response("{}"));
  }));
  const api = new Api();
  const waiting = new AbortController();
  const first = api.read("/a", waiting.signal);
  waiting.abort();
  assert.deepEqual(await api.read("/a", new AbortController().signal), {});
  await assert.rejects(first, { name: "AbortError" });
  await api.read("/a");
  assert.equal(asked, 2);
});

test("how many answers are awaited is told at each change", async () => {
  answerWith(async () => new Response("{}"));
  /** @type {number[]} */
  const told = [];
  await new Api((pending) => told.push(pending)).read("/a");
  assert.deepEqual(told, [1, 0]);
});

test("filters stand in one order, and commas stay commas", () => {
  assert.equal(countsAddress(["month", "layer"], "440000", [["q", "a b"], ["industry", "mining"]]), "/api/collections/records/counts?by=month,layer&industry=mining&q=a+b&region=440000");
});

test("a list asks for the layers that are on", () => {
  const selection = { language: "en", layers: ["strikes", "accidents"], region: null, record: null, tab: /** @type {const} */ ("list"), shade: /** @type {const} */ ("count"), theme: null, filters: [] };
  assert.equal(itemsAddress(selection, 20), "/api/collections/records/items?layer=strikes,accidents&limit=20");
});
