"""Which trade unions have an incident in their care, nearest first, and what each was asked and answered.

All of it is worked out from what is public: the regions that the record shows, the unions and cases that may be named.
A federation that nobody has named publicly stands by rule, whether or not somebody asked it about a protected call.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.federation_names import FEDERATION_LEVELS, FederationName, means_federation, name_federation
from geo.folded_names import normalise_name
from geo.serving.features import find_features
from geo.serving.tables import published_region, published_union

SECTORAL: Final = "sectoral"
_UNION_OF_CONTACT: Final = "union_"
_LEVELS: Final = (*FEDERATION_LEVELS, SECTORAL)


@dataclass(frozen=True, kw_only=True)
class Union:
    """A union. Without an `id` no public case names it. `has_duty` is whether the incident is in its care.

    `contacts` are the public contacts with it in cases about the incident, each with the id of its `case`.
    """

    id: int | None
    level: str
    region_code: str | None
    name_en: str | None
    name_zh_hans: str | None
    name_zh_hant: str | None
    sector: str | None = None
    name_by_rule: bool
    has_duty: bool
    contacts: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Jurisdiction:
    """The unions of an incident, and contacts with unions that may not be named: level and region only."""

    unions: tuple[Union, ...]
    unnamed: tuple[dict[str, Any], ...]


async def fetch_jurisdiction(connection: AsyncConnection, properties: Mapping[str, Any]) -> Jurisdiction:
    """Return the unions of the incident that has these public properties."""
    regions = await _fetch_regions(connection, properties.get("regions") or ())
    contacts = await _fetch_contacts(connection, properties.get("cases") or ())
    asked = {contact["union_id"] for contact in contacts} - {None}
    known = await _fetch_unions(connection, [region.code for region in regions], asked)
    in_care = [union for region in regions if (union := _find_federation(region, known)) is not None]
    trades = {properties.get("industry"), properties.get("sub_industry")} - {None}
    in_care += [_show(row, has_duty=True) for row in known if row.level == SECTORAL and row.sector in trades]
    listed = {union.id for union in in_care}
    others = [_show(row, has_duty=False) for row in known if row.id in asked and row.id not in listed]
    unions = {union.id: union for union in (*in_care, *others)}
    unnamed = []
    for contact in contacts:
        union = unions.get(contact["union_id"]) if contact["union_id"] is not None else None
        if union is None:
            unnamed.append(contact)
        else:
            union.contacts.append(_without_union(contact))
    in_care.sort(key=lambda union: _LEVELS.index(union.level) if union.level in _LEVELS else len(_LEVELS))
    return Jurisdiction((*in_care, *others), tuple(unnamed))


async def _fetch_regions(connection: AsyncConnection, codes: Iterable[str]) -> Sequence[Any]:
    """Return the regions with these codes and those that they lie in, the finest first."""
    region = published_region.c
    above = sa.select(region.code, region.prefecture, region.province).where(
        region.is_bare, region.code.in_(list(codes))
    )
    chain = {code for row in await connection.execute(above) for code in row if code is not None}
    asked = sa.select(
        *(region.level, region.code, region.name_en, region.name_zh_hans, region.name_zh_hant, region.short_name_en)
    ).where(region.is_bare, region.code.in_(chain))
    fineness = {"county": 0, "prefecture": 1, "province": 2}
    rows = (await connection.execute(asked)).all()
    return sorted(rows, key=lambda row: (fineness[row.level], row.code))


async def _fetch_contacts(connection: AsyncConnection, cases: Sequence[str]) -> list[dict[str, Any]]:
    texts = await find_features(connection, list(cases)) if cases else []
    features = [orjson.loads(text) for text in texts]
    return [{"case": one["id"], **contact} for one in features for contact in one["properties"]["contacts"]]


async def _fetch_unions(connection: AsyncConnection, codes: list[str], ids: set[int]) -> Sequence[Any]:
    """Return the public unions of some regions, sectoral ones of the whole country, and those with some ids."""
    union = published_union.c
    near = sa.or_(union.region_code.in_(codes), sa.and_(union.level == SECTORAL, union.region_code.is_(None)))
    rows = await connection.execute(
        sa.select(published_union).where(sa.or_(near, union.id.in_(ids))).order_by(union.id)
    )
    return rows.all()


def _find_federation(region: Any, known: Sequence[Any]) -> Union | None:
    """Return the federation of a region: the public union that it is, else the one by rule."""
    name = name_federation(region)
    if name is None:
        return None
    for row in known:
        if row.region_code == region.code and row.level in FEDERATION_LEVELS and _is_named(row, name, region):
            return _show(row, has_duty=True)
    return Union(
        id=None,
        level=name.level,
        region_code=region.code,
        name_en=name.name_en,
        name_zh_hans=name.name_zh_hans,
        name_zh_hant=name.name_zh_hant,
        name_by_rule=True,
        has_duty=True,
    )


def _is_named(row: Any, name: FederationName, region: Any) -> bool:
    if row.name_zh_hans:
        return normalise_name(row.name_zh_hans) == normalise_name(name.name_zh_hans)
    return means_federation(row.name_en, region)


def _show(row: Any, *, has_duty: bool) -> Union:
    names = ("id", "level", "region_code", "name_en", "name_zh_hans", "name_zh_hant", "sector", "name_by_rule")
    return Union(**{name: getattr(row, name) for name in names}, has_duty=has_duty)


def _without_union(contact: dict[str, Any]) -> dict[str, Any]:
    """Return a contact without what is said of its union beside it."""
    return {name: value for name, value in contact.items() if not name.startswith(_UNION_OF_CONTACT)}
