"""Finds records for editors, restricted texts too: newest first, a page at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from geo.layers import ACCOUNTABILITY
from geo.records.publication_tables import embargo, publication
from geo.records.record_keys import table_of
from geo.regions.tables import region_path

PAGE: Final = 50
_TEXTS: Final = (
    *("title_en", "title_zh_hans", "description_en", "description_zh_hans", "summary_en", "summary_zh_hans"),
    *("place_text_en", "place_text_zh_hans", "source_id", "legacy_id", "contact", "exact_address", "raw_text"),
    *("editor_notes",),
)
_LISTS: Final = ("employers", "person_names")


@dataclass(frozen=True, kw_only=True)
class RecordQuery:
    """What is looked for; None is whatever. `before` is the key after which the page begins."""

    layer: str
    words: str | None = None
    region: str | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    status: str | None = None
    source_system: str | None = None
    before: int | None = None


def find_records(connection: sa.Connection, query: RecordQuery) -> Sequence[Any]:
    """Return a page of records: key, public id, titles, dates, region, status, and whether the public sees them."""
    table = table_of(query.layer)
    columns = table.c
    shown: sa.ColumnElement[bool] = sa.literal_column(
        "EXISTS (SELECT FROM published.feature AS f WHERE f.id = publication.feature_id)"
    )
    asked = (
        sa.select(
            columns.id, publication.c.public_id, columns.title_en, columns.title_zh_hans, columns.starts_on,
            columns.ends_on, columns.region_code, columns.status, columns.withheld, columns.version,
            columns.source_system, columns.updated_at, embargo.c.release_on,
            shown.label("shown"),
        )
        .select_from(
            table.outerjoin(
                publication, sa.and_(publication.c.record_id == columns.id, publication.c.layer == query.layer)
            ).outerjoin(embargo, sa.and_(embargo.c.record_id == columns.id, embargo.c.layer == query.layer))
        )
        .where(*_make_conditions(table, query))
        .order_by(columns.id.desc())
        .limit(PAGE)
    )  # fmt: skip
    return connection.execute(asked).all()


def _make_conditions(table: sa.Table, query: RecordQuery) -> list[sa.ColumnElement[bool]]:
    columns = table.c
    found: list[sa.ColumnElement[bool]] = []
    if query.layer != ACCOUNTABILITY:
        found.append(columns.layer == query.layer)
    if query.words:
        found.append(_says(table, query.words))
    if query.region:
        path = region_path.c
        inside = sa.or_(*(level == query.region for level in (path.province, path.prefecture, path.county)))
        codes = sa.select(sa.func.array_agg(path.code)).where(inside).scalar_subquery()
        found.append(columns.regions.op("&&", is_comparison=True)(codes))
    if query.since:
        found.append(columns.ends_on >= query.since)
    if query.until:
        found.append(columns.starts_on <= query.until)
    if query.status == "withheld":
        found.append(columns.withheld)
    elif query.status:
        found.append(columns.status == query.status)
    if query.source_system:
        found.append(columns.source_system == query.source_system)
    if query.before:
        found.append(columns.id < query.before)
    return found


def _says(table: sa.Table, words: str) -> sa.ColumnElement[bool]:
    """Whether any text has all of the words as they stand; an id of ours or of the data set is found as well."""
    columns = table.c
    texts = [columns[name] for name in _TEXTS if name in columns]
    lists = [sa.func.array_to_string(columns[name], " ") for name in _LISTS if name in columns]
    said = [text.icontains(words, autoescape=True) for text in (*texts, *lists)]
    return sa.or_(*said, publication.c.public_id == words.strip().upper())
