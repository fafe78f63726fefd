"""Notices that a release publishes by other rules than those by which everything public was made."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from geo.records.publication_tables import publishing_rules

_GEO = Path(__file__).parent.parent
_SOURCES = (
    *sorted((_GEO / "publishing").glob("*.py")),
    _GEO / "layers.py",
    _GEO / "records" / "source_systems.py",
    _GEO / "vocabularies" / "participants.csv",
)
"""Everything that decides what a feature says, but for the records and the regions."""


@cache
def find_rules_sha256() -> str:
    """Return the fingerprint of the rules of this program."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in _SOURCES)).hexdigest()


def keep_rules(connection: sa.Connection) -> bool:
    """Remember that everything is published by the rules of this program; return whether it was not so before."""
    statement = insert(publishing_rules).values(sha256=find_rules_sha256())
    statement = statement.on_conflict_do_update(
        index_elements=[publishing_rules.c.only_row],
        set_={"sha256": statement.excluded.sha256},
        where=publishing_rules.c.sha256 != statement.excluded.sha256,
    )
    return bool(connection.execute(statement.returning(publishing_rules.c.sha256)).all())
