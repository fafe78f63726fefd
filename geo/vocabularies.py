"""The controlled lists: read from `vocabularies/*.csv`, kept in the table `term`.

A file's columns are code, label_en, label_zh_hans, label_zh_hant, clb_value, position, retired_on. `clb_value` holds
the spellings of China Labour Bulletin's export, parted by "; "; one that ends in "*" is a prefix. A term is retired,
never deleted: records of the past still use it.
"""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from geo.database import metadata

FOLDER = Path(__file__).with_suffix("")

term = sa.Table(
    "term",
    metadata,
    sa.Column("vocabulary", sa.Text, primary_key=True),
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("label_en", sa.Text, nullable=False),
    sa.Column("label_zh_hans", sa.Text, nullable=False),
    sa.Column("label_zh_hant", sa.Text, nullable=False),
    sa.Column("clb_value", sa.Text),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("retired_on", sa.Date),
    schema="editorial",
)


@dataclass(frozen=True, kw_only=True)
class Term:
    """One value of a controlled list. `clb_values` are spellings of CLB's export; a final "*" marks a prefix."""

    code: str
    label_en: str
    label_zh_hans: str
    label_zh_hant: str
    clb_values: tuple[str, ...]
    position: int
    retired_on: dt.date | None


@dataclass(frozen=True)
class Vocabulary:
    """One controlled list, in its order."""

    name: str
    terms: tuple[Term, ...]
    _exact: dict[str, str] = field(init=False, repr=False, default_factory=dict)
    _prefixes: list[tuple[str, str]] = field(init=False, repr=False, default_factory=list)

    def __post_init__(self) -> None:
        for item in self.terms:
            labels = (item.code, item.label_en, item.label_zh_hans, item.label_zh_hant)
            for spelling in (*labels, *item.clb_values):
                if spelling.endswith("*"):
                    self._prefixes.append((spelling[:-1].casefold(), item.code))
                else:
                    self._exact.setdefault(spelling.casefold(), item.code)

    @property
    def codes(self) -> frozenset[str]:
        """Codes of all terms, retired ones too."""
        return frozenset(item.code for item in self.terms)

    def find_code(self, text: str) -> str | None:
        """Return the code that `text` names: a code, a label in any script or a CLB spelling, whatever the case."""
        wanted = text.strip().casefold()
        exact = self._exact.get(wanted)
        if exact is not None or not wanted:
            return exact
        return next((code for prefix, code in self._prefixes if wanted.startswith(prefix)), None)


def read_vocabulary(path: Path) -> Vocabulary:
    """Read one vocabulary file."""
    with path.open(encoding="utf-8", newline="") as file:
        terms = tuple(
            Term(
                code=row["code"],
                label_en=row["label_en"],
                label_zh_hans=row["label_zh_hans"],
                label_zh_hant=row["label_zh_hant"],
                clb_values=tuple(value for value in row["clb_value"].split("; ") if value),
                position=int(row["position"]),
                retired_on=dt.date.fromisoformat(row["retired_on"]) if row["retired_on"] else None,
            )
            for row in csv.DictReader(file)
        )
    return Vocabulary(path.stem, tuple(sorted(terms, key=lambda item: item.position)))


@cache
def vocabularies() -> dict[str, Vocabulary]:
    """Return every controlled list by name. The files are part of the program, so they are read once."""
    return {path.stem: read_vocabulary(path) for path in sorted(FOLDER.glob("*.csv"))}


def sync_terms(connection: sa.Connection) -> int:
    """Bring the table `term` to what the files say; return how many rows changed.

    A term that is gone from its file is retired as of today, so that records that use it keep their label.
    """
    rows = [
        {
            "vocabulary": vocabulary.name,
            "code": item.code,
            "label_en": item.label_en,
            "label_zh_hans": item.label_zh_hans,
            "label_zh_hant": item.label_zh_hant,
            "clb_value": "; ".join(item.clb_values) or None,
            "position": item.position,
            "retired_on": item.retired_on,
        }
        for vocabulary in vocabularies().values()
        for item in vocabulary.terms
    ]
    statement = insert(term)
    content = ("label_en", "label_zh_hans", "label_zh_hant", "clb_value", "position", "retired_on")
    differs = sa.or_(*(term.c[name].is_distinct_from(statement.excluded[name]) for name in content))
    statement = statement.on_conflict_do_update(
        index_elements=[term.c.vocabulary, term.c.code],
        set_={name: statement.excluded[name] for name in content},
        where=differs,
    )
    changed = len(connection.execute(statement.values(rows).returning(term.c.code)).all())
    known = sa.tuple_(term.c.vocabulary, term.c.code).in_([(row["vocabulary"], row["code"]) for row in rows])
    gone = sa.update(term).where(~known, term.c.retired_on.is_(None)).values(retired_on=sa.func.current_date())
    return changed + connection.execute(gone).rowcount
