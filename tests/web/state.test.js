// The selection, the view in the fragment, and the regions' way up and down.

import assert from "node:assert/strict";
import test from "node:test";

import { RegionIndex } from "../../web/static/js/region-index.js";
import { Store } from "../../web/static/js/store.js";
import { listKnown, readHash, withoutKnownTo, writeHash } from "../../web/static/js/url-state.js";

const selection = { language: "en", layers: ["strikes"], region: null, record: null, tab: /** @type {const} */ ("overview"), shade: /** @type {const} */ ("count"), theme: null, filters: [] };

test("everybody is told of a change, with what was before", () => {
  const store = new Store(selection);
  /** @type {(string | null)[][]} */
  const told = [];
  store.listen((after, before) => told.push([after.region, before.region]));
  store.change({ region: "440000" });
  assert.deepEqual(told, [["440000", null]]);
});

test("a change that changes nothing is not told", () => {
  const store = new Store(selection);
  store.listen(() => assert.fail("told"));
  store.change({ layers: ["strikes"] });
});

test("a view survives the address", () => {
  assert.deepEqual(readHash(writeHash({ zoom: 6.5, lat: 22.654, lon: 114.05 })), { zoom: 6.5, lat: 22.654, lon: 114.05 });
});

test("a fragment that is no view is no view", () => {
  for (const hash of ["", "#", "#figures", "#1/2", "#5/91/0", "#5/0/500"]) assert.equal(readHash(hash), null, hash);
});

test("leaving a place leaves what was asked about its exactness", () => {
  assert.deepEqual(withoutKnownTo([["industry", "mining"], ["prefecture", "unknown"]]), [["industry", "mining"]]);
});

const index = new RegionIndex([], async () => ({ topologies: {}, regions: {
  440000: ["廣東", null, "province"],
  440300: ["深圳", "440000", "prefecture"],
  110000: ["北京", null, "province"],
  110101: ["東城", "110000", "county"],
} }));
await index.whole();

test("an unknown code names itself", () => {
  assert.deepEqual([index.name("440000"), index.name("999999")], ["廣東", "999999"]);
});

test("the path leads from the province down", () => {
  assert.deepEqual([index.path("440300"), index.path(null)], [["440000", "440300"], []]);
});

test("a municipality's inside is its counties", () => {
  assert.deepEqual([index.childLevel(null), index.childLevel("440000"), index.childLevel("110000"), index.childLevel("110101")], ["province", "prefecture", "county", null]);
});

test("only codes stand side by side in an address", () => {
  const property = (/** @type {string} */ name, /** @type {string} */ kind) => ({ name, kind, label: name, vocabulary: null });
  const properties = [property("industry", "code"), property("demands", "codes"), property("employers", "texts")];
  const layers = [{ id: "strikes", shape: "circle", label: "Strikes", short: "Strikes", isIncident: true }];
  const known = listKnown({ filters: ["q", "industry"], defaultLanguage: "en" }, { layers, properties });
  assert.deepEqual(known, { layers: ["strikes"], filters: ["q", "industry"], lists: ["industry", "demands"], defaultLanguage: "en" });
});
