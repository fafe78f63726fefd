"""What editors decide about an incident beside what a source says: columns that no file fills."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa

from geo.records.tables import incident

DECISIONS: Final = ("override_precision", "withheld", "widely_reported", "embargo_days", "editor_notes")
_MARKS: Final = frozenset({"withheld", "widely_reported"})


def complete_decisions(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return every decision; those not given are none."""
    return {name: given.get(name, False if name in _MARKS else None) for name in DECISIONS}


def write_decisions(connection: sa.Connection, record_id: int, given: Mapping[str, Any]) -> None:
    """Set the decisions named in `given`, in the transaction that writes the record's version."""
    values = {name: given[name] for name in DECISIONS if name in given}
    if values:
        connection.execute(sa.update(incident).where(incident.c.id == record_id).values(values))
