// Links by which a reader reaches the editors about one record. The twin of web/report_links.py:
// tests/web/report-cases.json holds for both.

/**
 * A letter with a subject, or the editors' own page with the record's id. The site itself takes no reports.
 * @param {string} address  mailto: or https:
 * @param {string} id
 * @param {string} subject
 */
export function reportLink(address, id, subject) {
  const join = address.includes("?") ? "&" : "?";
  if (address.startsWith("mailto:")) return `${address}${join}subject=${encodeURIComponent(subject)}`;
  return `${address}${join}record=${encodeURIComponent(id)}`;
}
