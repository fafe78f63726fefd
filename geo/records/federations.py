"""Federations by rule: the one of a province, prefecture or county is made when it is first referred to."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from geo.federation_names import FEDERATION_LEVELS, FederationName, means_federation, name_federation
from geo.folded_names import normalise_name
from geo.records.tables import union_organization
from geo.regions.tables import region, region_path

_UNION: Final = union_organization.c
_NAMES: Final = ("name_en", "name_zh_hans", "name_zh_hant")


def find_or_make_federation(connection: sa.Connection, region_code: str) -> int | None:
    """Return the id of the federation of a region, made by rule if it is not there; its superiors are made with it.

    One that a file or an editor named is found too: its Chinese name folded, else its English one. Names that it lacks
    and its superior are added, and what it is called stays. None for 71, 81 and 82, and for what is no region of today.
    """
    place = _find_region(connection, region_code)
    name = None if place is None else name_federation(place)
    if place is None or name is None:
        return None
    superior = _find_superior(connection, region_code)
    parent_id = None if superior is None else find_or_make_federation(connection, superior)
    known = _find_known(connection, place, name)
    if known is not None:
        return _complete(connection, known, name, parent_id)
    names = {key: getattr(name, key) for key in _NAMES}
    values = {**names, "level": name.level, "region_code": region_code, "parent_id": parent_id, "name_by_rule": True}
    made = connection.execute(insert(union_organization).values(values).on_conflict_do_nothing().returning(_UNION.id))
    key = made.scalar_one_or_none()
    # Nothing is returned when another connection has just made it.
    return int(key) if key is not None else _find_key(connection, region_code, name)


def find_federation_name(connection: sa.Connection, region_code: str) -> FederationName | None:
    """Return what the federation of a region is called by rule, without making it."""
    place = _find_region(connection, region_code)
    return None if place is None else name_federation(place)


def find_federation(connection: sa.Connection, region_code: str, name_en: str) -> int | None:
    """Return the id of the federation of a region that is there, when an English name means it."""
    place = _find_region(connection, region_code)
    name = None if place is None else name_federation(place)
    if name is None or not means_federation(name_en, place):
        return None
    known = _find_known(connection, place, name)
    return None if known is None else int(known.id)


def _find_region(connection: sa.Connection, region_code: str) -> Any:
    asked = sa.select(region).join(
        region_path, sa.and_(region_path.c.code == region.c.code, region_path.c.level == region.c.level)
    )
    return connection.execute(asked.where(region.c.code == region_code, region.c.valid_to.is_(None))).one_or_none()


def _find_superior(connection: sa.Connection, region_code: str) -> str | None:
    """Return the code of the region above: the nearest one that is not the same area."""
    path = connection.execute(sa.select(region_path).where(region_path.c.code == region_code)).one()
    above = () if path.level == "province" else (path.prefecture, path.province)
    return next((code for code in above if code and code != region_code), None)


def _find_known(connection: sa.Connection, place: Any, name: FederationName) -> Any:
    """Return the row of the federation if there is one, under whatever spelling."""
    asked = sa.select(_UNION.id, *(_UNION[key] for key in _NAMES), _UNION.parent_id).order_by(_UNION.id)
    rows = connection.execute(asked.where(_UNION.region_code == place.code, _UNION.level.in_(FEDERATION_LEVELS))).all()
    wanted = normalise_name(name.name_zh_hans)
    by_chinese = (row for row in rows if row.name_zh_hans and normalise_name(row.name_zh_hans) == wanted)
    by_english = (row for row in rows if not row.name_zh_hans and means_federation(row.name_en, place))
    return next(by_chinese, None) or next(by_english, None)


def _complete(connection: sa.Connection, known: Any, name: FederationName, parent_id: int | None) -> int:
    given = {**{key: getattr(name, key) for key in _NAMES}, "parent_id": parent_id}
    missing = {key: value for key, value in given.items() if value is not None and getattr(known, key) is None}
    if missing:
        connection.execute(sa.update(union_organization).where(_UNION.id == known.id).values(missing))
    return int(known.id)


def _find_key(connection: sa.Connection, region_code: str, name: FederationName) -> int:
    asked = sa.select(_UNION.id).where(_UNION.region_code == region_code, _UNION.name_zh_hans == name.name_zh_hans)
    return int(connection.execute(asked.order_by(_UNION.id).limit(1)).scalar_one())
