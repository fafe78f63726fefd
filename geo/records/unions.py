"""Union organizations: the one that a name, a level and a region mean, made when it is not there yet."""

from __future__ import annotations

import sqlalchemy as sa

from geo.records.tables import union_organization


def find_or_make_union(
    connection: sa.Connection, *, name_en: str | None, name_zh_hans: str | None, level: str, region_code: str | None
) -> int:
    """Return the id of the union of this level and region that has one of these names; names it lacks are added.

    A Chinese name that is there decides; the English one only where one side has no Chinese name.
    """
    table = union_organization
    same_chinese = table.c.name_zh_hans == name_zh_hans
    same_english = table.c.name_en == name_en
    one_is_missing = table.c.name_zh_hans.is_(None) if name_zh_hans else sa.true()
    found = connection.execute(
        sa.select(table.c.id, table.c.name_en, table.c.name_zh_hans)
        .where(table.c.level == level, table.c.region_code.is_not_distinct_from(region_code))
        .where(sa.or_(same_chinese, sa.and_(same_english, one_is_missing)))
        .order_by(same_chinese.is_(True).desc(), table.c.id)
        .limit(1)
    ).one_or_none()
    if found is None:
        values = {"name_en": name_en, "name_zh_hans": name_zh_hans, "level": level, "region_code": region_code}
        return int(connection.execute(sa.insert(table).values(values).returning(table.c.id)).scalar_one())
    missing = {
        name: given
        for name, given, known in (
            ("name_en", name_en, found.name_en),
            ("name_zh_hans", name_zh_hans, found.name_zh_hans),
        )
        if given and not known
    }
    if missing:
        connection.execute(sa.update(table).where(table.c.id == found.id).values(missing))
    return int(found.id)
