"""What editors decide about a case beside what its rows say: whether it is public, how coarse, and how it is judged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa

from geo.records.roll_up import RollUp
from geo.records.tables import accountability_case

ROLLED: Final = ("awareness", "involvement", "involvement_timing")
"""What the contacts say together, unless an editor overrode it."""

CASE_DECISIONS: Final = ("status", "override_precision", "withheld", "editor_notes", "override_reason", *ROLLED)
"""Columns of a case that no file fills. The last three are an editor's only where there is a reason."""


def complete_case_decisions(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return every decision; those not given are none, and a case of which nothing is said is published."""
    plain: dict[str, Any] = dict.fromkeys(CASE_DECISIONS)
    return plain | {"status": "published", "withheld": False} | {name: given[name] for name in plain if name in given}


def lay_over(rolled: RollUp, decisions: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of the decisions; without a reason the roll-up of the contacts stands."""
    whole = complete_case_decisions(decisions)
    if not whole["override_reason"]:
        whole |= {name: getattr(rolled, name) for name in ROLLED}
    return whole


def read_case_decisions(connection: sa.Connection, case_id: int) -> dict[str, Any]:
    """Return what editors decided about a case; the roll-up only where it is theirs."""
    found = read_judgement(connection, case_id)
    return found if found["override_reason"] else found | dict.fromkeys(ROLLED)


def read_judgement(connection: sa.Connection, case_id: int) -> dict[str, Any]:
    """Return the decisions with the roll-up as it stands, for a version of the case."""
    columns = [accountability_case.c[name] for name in CASE_DECISIONS]
    found = connection.execute(sa.select(*columns).where(accountability_case.c.id == case_id)).one()
    return dict(zip(CASE_DECISIONS, found, strict=True))
