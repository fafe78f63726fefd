"""Which records would lose their region. Looks at the records' tables by name: regions stand below records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

if TYPE_CHECKING:
    from collections.abc import Collection

_incident: Final = sa.table(
    "incident", sa.column("regions", ARRAY(sa.Text)), sa.column("region_code", sa.Text), schema="editorial"
)
_union_organization: Final = sa.table("union_organization", sa.column("region_code", sa.Text), schema="editorial")
_union_contact: Final = sa.table("union_contact", sa.column("union_region", sa.Text), schema="editorial")


def find_records_without_region(connection: sa.Connection, codes: Collection[str]) -> list[tuple[str, int]]:
    """Codes that records stand under and that are not among `codes`, with the number of uses, most used first."""
    used = sa.union_all(
        sa.select(sa.func.unnest(_incident.c.regions).label("code")),
        sa.select(_incident.c.region_code),
        sa.select(_union_organization.c.region_code),
        sa.select(_union_contact.c.union_region),
    ).subquery()
    counted = sa.select(used.c.code, sa.func.count()).where(used.c.code.is_not(None)).group_by(used.c.code)
    rows = [(code, count) for code, count in connection.execute(counted) if code not in codes]
    return sorted(rows, key=lambda row: (-row[1], row[0]))
