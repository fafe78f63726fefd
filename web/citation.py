"""How a record is cited: as text, as BibTeX and as CSL-JSON.

All three name the version of the data that the page was made from, so the same address always cites the same words.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

_LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "{}$&%#_"},
    }
)


@dataclass(frozen=True, kw_only=True)
class Cited:
    """What a citation names. `language` is that of the title."""

    site: str
    id: str
    title: str
    language: str
    version: int
    changed_on: dt.date
    address: str
    licence: str


def write_bibtex(cited: Cited) -> str:
    """Return a BibTeX entry. Signs that mean something to LaTeX are written so that they stay signs."""
    fields = {
        "author": f"{{{_escape(cited.site)}}}",
        "title": f"{{{_escape(cited.title)}}}",
        "year": str(cited.changed_on.year),
        "date": cited.changed_on.isoformat(),
        "number": _escape(cited.id),
        "version": str(cited.version),
        "langid": _escape(cited.language),
        "url": cited.address,
        "note": _escape(cited.licence),
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{labourmap-{cited.id},\n{lines}\n}}"


def write_csl(cited: Cited) -> str:
    """Return a CSL-JSON item, as reference managers read it."""
    day = cited.changed_on
    item = {
        "id": f"labourmap-{cited.id}",
        "type": "dataset",
        "title": cited.title,
        "language": cited.language,
        "author": [{"literal": cited.site}],
        "container-title": cited.site,
        "number": cited.id,
        "version": str(cited.version),
        "issued": {"date-parts": [[day.year, day.month, day.day]]},
        "URL": cited.address,
        "note": cited.licence,
    }
    return json.dumps([item], ensure_ascii=False, indent=2)


def _escape(text: str) -> str:
    return " ".join(text.translate(_LATEX).split())
