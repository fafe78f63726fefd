"""Links by which a reader reaches the editors about one record. The twin of static/js/report-links.js.

The site itself takes no reports: the link opens the reader's mail program, or leads to a page of the editors' own.
"""

from __future__ import annotations

from urllib.parse import quote

MAIL = "mailto:"
UNQUOTED = "!~*'()"
"""What encodeURIComponent leaves as it is, beside what `quote` does."""


def report_link(address: str, public_id: str, subject: str) -> str:
    """Return the link to the editors' `address`: a letter with a subject, or their page with the record's id."""
    join = "&" if "?" in address else "?"
    if address.startswith(MAIL):
        return f"{address}{join}subject={quote(subject, safe=UNQUOTED)}"
    return f"{address}{join}record={quote(public_id, safe=UNQUOTED)}"
