// The values of filters: codes stand side by side in one parameter, every other value alone.

/** @typedef {[string, string][]} Filters */

/**
 * The codes that are chosen in one filter.
 * @param {Filters} filters
 * @param {string} name
 */
export function codesOf(filters, name) {
  return filters.filter((pair) => pair[0] === name).flatMap((pair) => pair[1].split(","));
}

/**
 * The filters with one code more, or one less.
 * @param {Filters} filters
 * @param {string} name
 * @param {string} code
 * @param {boolean} isChosen
 * @returns {Filters}
 */
export function withCode(filters, name, code, isChosen) {
  const codes = codesOf(filters, name).filter((other) => other !== code);
  if (isChosen) codes.push(code);
  const kept = filters.filter((pair) => pair[0] !== name);
  return codes.length ? [...kept, [name, codes.sort().join(",")]] : kept;
}

/**
 * The filters with one value of a name in the place of all others; null takes the name out.
 * @param {Filters} filters
 * @param {string} name
 * @param {string | null} value
 * @returns {Filters}
 */
export function withValue(filters, name, value) {
  const kept = filters.filter((pair) => pair[0] !== name);
  return value ? [...kept, [name, value]] : kept;
}
