"""Union organizations: the one that a name, a level and a region mean, made when it is not there yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa

from geo.federation_names import FEDERATION_LEVELS
from geo.folded_names import normalise_name
from geo.records.federations import find_federation, find_federation_name, find_or_make_federation
from geo.records.tables import union_organization

_UNION: Final = union_organization.c


def find_or_make_union(
    connection: sa.Connection, *, name_en: str | None, name_zh_hans: str | None, level: str, region_code: str | None
) -> int:
    """Return the id of the union of this level and region that has one of these names; names it lacks are added.

    Names are compared folded. A Chinese name that is there decides; the English one only where one side has no Chinese
    name. Federations of one region are compared whatever level is said of them: there is one of each name.
    """
    found = _find_union(connection, (name_en, name_zh_hans), level, region_code)
    if found is None and name_en and not name_zh_hans and region_code and level in FEDERATION_LEVELS:
        federation = find_federation(connection, region_code, name_en)
        if federation is not None:
            return federation
    if found is None:
        values = {"name_en": name_en, "name_zh_hans": name_zh_hans, "level": level, "region_code": region_code}
        return int(connection.execute(sa.insert(union_organization).values(values).returning(_UNION.id)).scalar_one())
    given = {"name_en": name_en, "name_zh_hans": name_zh_hans}
    missing = {name: text for name, text in given.items() if text and not getattr(found, name)}
    if missing:
        connection.execute(sa.update(union_organization).where(_UNION.id == found.id).values(missing))
    return int(found.id)


def find_contacted_union(connection: sa.Connection, contact: Mapping[str, Any]) -> int | None:
    """Return the id of the union that a contact names, or None.

    Without a name, level and region together may mean one: the federation by rule of that region.
    """
    name_en, name_zh_hans = contact.get("union_name_en"), contact.get("union_name_zh_hans")
    level, region_code = contact.get("union_level"), contact.get("union_region")
    if level and (name_en or name_zh_hans):
        return find_or_make_union(
            connection, name_en=name_en, name_zh_hans=name_zh_hans, level=level, region_code=region_code
        )
    if level not in FEDERATION_LEVELS or region_code is None:
        return None
    name = find_federation_name(connection, region_code)
    return find_or_make_federation(connection, region_code) if name is not None and name.level == level else None


def _find_union(
    connection: sa.Connection, names: tuple[str | None, str | None], level: str, region_code: str | None
) -> Any:
    """Return the row of the union, one with the same Chinese name before one with the same English name."""
    alike = FEDERATION_LEVELS if level in FEDERATION_LEVELS and region_code else (level,)
    name_en, name_zh_hans = (normalise_name(name) if name else None for name in names)
    rows = connection.execute(
        sa.select(_UNION.id, _UNION.name_en, _UNION.name_zh_hans)
        .where(_UNION.level.in_(alike), _UNION.region_code.is_not_distinct_from(region_code))
        .order_by((_UNION.level == level).desc(), _UNION.id)
    ).all()
    by_english = None
    for row in rows:
        if name_zh_hans and row.name_zh_hans and normalise_name(row.name_zh_hans) == name_zh_hans:
            return row
        one_is_missing = not (name_zh_hans and row.name_zh_hans)
        if by_english is None and one_is_missing and name_en and row.name_en:
            by_english = row if normalise_name(row.name_en) == name_en else None
    return by_english
