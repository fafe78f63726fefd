"""Unions found, added, changed and confirmed by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from geo.errors import DataError, NotFound
from geo.layers import ACCOUNTABILITY
from geo.records.batches import end_batch, lock_layer
from geo.records.retraction import begin_edit
from geo.records.tables import accountability_case, union_contact, union_organization
from geo.regions.tables import region_path
from geo.vocabularies import vocabularies

PAGE: Final = 50
EDITED: Final = ("name_en", "name_zh_hans", "name_zh_hant", "level", "region_code", "sector")
"""What editors say of a union."""

_UNION: Final = union_organization.c
_NAME_LIMIT: Final = 300


def find_unions(
    connection: sa.Connection,
    *,
    words: str | None = None,
    level: str | None = None,
    regions: Sequence[str] = (),
    by_rule: bool | None = None,
    after: int = 0,
) -> Sequence[Any]:
    """Return a page of unions by words of their names, level, or the regions that they are of."""
    contacts = sa.select(sa.func.count()).where(union_contact.c.union_id == _UNION.id).scalar_subquery()
    asked = sa.select(union_organization, contacts.label("contacts")).where(_UNION.id > after)
    if words:
        names = (_UNION.name_en, _UNION.name_zh_hans, _UNION.name_zh_hant)
        asked = asked.where(sa.or_(*(name.icontains(words, autoescape=True) for name in names)))
    if level:
        asked = asked.where(_UNION.level == level)
    if regions:
        asked = asked.where(_UNION.region_code.in_(regions))
    if by_rule is not None:
        asked = asked.where(_UNION.name_by_rule == by_rule)
    return connection.execute(asked.order_by(_UNION.id).limit(PAGE)).all()


def list_candidates(connection: sa.Connection, case_id: int) -> Sequence[Any]:
    """Return the unions that are likely to be asked about a case: asked before, or of its regions and those above."""
    case = accountability_case.c
    codes = connection.scalar(sa.select(case.regions).where(case.id == case_id)) or []
    path = region_path.c
    above = sa.select(path.province, path.prefecture, path.county).where(path.code.in_(codes))
    wanted = {code for row in connection.execute(above) for code in row if code}
    asked = sa.select(union_contact.c.union_id).where(union_contact.c.case_id == case_id)
    found = sa.select(union_organization).where(sa.or_(_UNION.region_code.in_(wanted), _UNION.id.in_(asked)))
    return connection.execute(found.order_by(_UNION.region_code.desc(), _UNION.id).limit(PAGE)).all()


def get_union(connection: sa.Connection, union_id: int) -> Any:
    """Return a union.

    Raises:
        NotFound: there is none.
    """
    found = connection.execute(sa.select(union_organization).where(_UNION.id == union_id)).one_or_none()
    if found is None:
        raise NotFound("There is no such union.")
    return found


def add_union(connection: sa.Connection, given: Mapping[str, str]) -> int:
    """Add a union and return its id.

    Raises:
        DataError: it has no name, no level, or is there already.
    """
    values = _check(connection, given, None)
    return int(connection.execute(sa.insert(union_organization).values(values).returning(_UNION.id)).scalar_one())


def change_union(connection: sa.Connection, union_id: int, given: Mapping[str, str], *, actor: str) -> int:
    """Change a union, which confirms its name; the contacts with it follow. Return the batch that is to be published.

    Raises:
        NotFound: there is none. DataError: see `add_union`.
    """
    get_union(connection, union_id)
    lock_layer(connection, ACCOUNTABILITY)
    values = _check(connection, given, union_id) | {"name_by_rule": False}
    connection.execute(sa.update(union_organization).where(_UNION.id == union_id).values(values))
    contact = union_contact.c
    said = {"union_level": values["level"], "union_region": values["region_code"]}
    connection.execute(sa.update(union_contact).where(contact.union_id == union_id).values(said))
    batch_id = begin_edit(connection, ACCOUNTABILITY, actor, None, union=union_id)
    cases = sa.select(contact.case_id).where(contact.union_id == union_id)
    touched = sa.update(accountability_case).where(accountability_case.c.id.in_(cases)).values(batch_id=batch_id)
    rows = connection.execute(touched).rowcount
    end_batch(connection, batch_id, rows=rows, counts={})
    return batch_id


def _check(connection: sa.Connection, given: Mapping[str, str], union_id: int | None) -> dict[str, Any]:
    values: dict[str, Any] = {name: " ".join(given.get(name, "").split())[:_NAME_LIMIT] or None for name in EDITED}
    if not values["name_en"] and not values["name_zh_hans"]:
        raise DataError("A union needs a name in English or Chinese.")
    if vocabularies()["union_level"].find_code(values["level"] or "") != values["level"] or not values["level"]:
        raise DataError("A union needs its level.")
    if values["region_code"]:
        known = sa.select(sa.literal(1)).where(region_path.c.code == values["region_code"]).limit(1)
        if connection.scalar(known) is None:
            raise DataError("There is no such region.")
    same = sa.select(_UNION.id).where(
        _UNION.level == values["level"],
        _UNION.region_code.is_not_distinct_from(values["region_code"]),
        _UNION.name_zh_hans.is_not_distinct_from(values["name_zh_hans"]),
        _UNION.name_en.is_not_distinct_from(values["name_en"]),
        _UNION.id != (union_id or 0),
    )
    if connection.scalar(same.limit(1)) is not None:
        raise DataError("There is a union of this name, level and region already.")
    return values
