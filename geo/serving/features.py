"""Pages of records, one record, and how many match: finished GeoJSON texts, joined by the database."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.layers import COLLECTIONS
from geo.serving.conditions import after_condition, conditions
from geo.serving.filters import FeatureQuery, without_page
from geo.serving.regions import check_regions
from geo.serving.remembered import Remembered
from geo.serving.tables import feature, feature_text, retraction


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page. `features` are GeoJSON Feature texts joined by commas, empty when there are none.

    `next_query` asks for the page after this one; None on the last.
    """

    features: bytes
    number_returned: int
    number_matched: int
    next_query: FeatureQuery | None


@dataclass(frozen=True)
class Retraction:
    """What stays of a record that was retracted."""

    public_id: str
    layer: str
    retracted_on: dt.date


async def fetch_page(
    connection: AsyncConnection, query: FeatureQuery, remembered: Remembered[int], version: int
) -> Page:
    """Return one page, latest `starts_on` first, and the exact number of records on all pages.

    The number is counted once per filter and `version` of the data, then remembered. Raises BadRequest when the
    query names a region that does not exist.
    """
    await check_regions(connection, query)
    row = (await connection.execute(page_statement(query))).one()
    more = row.found > query.limit
    returned = min(row.found, query.limit)
    matched = returned if query.after is None and not more else None
    if matched is None:
        matched = await count_matched(connection, query, remembered, version)
    return Page(
        features=(row.features or "").encode(),
        number_returned=returned,
        number_matched=matched,
        next_query=replace(query, after=(row.last_starts_on, row.last_id)) if more else None,
    )


def page_statement(query: FeatureQuery) -> sa.Select[tuple[str | None, int, dt.date, int]]:
    """Return the one statement of a page: the keys by index, one row more than asked for, then their texts joined."""
    walk = (
        sa.select(feature.c.id, feature.c.starts_on)
        .where(*conditions(query), *after_condition(query))
        .order_by(feature.c.starts_on.desc(), feature.c.id.desc())
        .limit(query.limit + 1)
        .cte("walk")
    )
    place = sa.func.row_number().over(order_by=(walk.c.starts_on.desc(), walk.c.id.desc()))
    page = sa.select(walk.c.id, walk.c.starts_on, place.label("place")).subquery("page")
    texts = sa.func.string_agg(feature_text.c.geojson, sa.literal_column("','")).aggregate_order_by(page.c.place)
    last = page.c.place == query.limit
    return sa.select(
        texts.filter(page.c.place <= query.limit).label("features"),
        sa.func.count().label("found"),
        sa.func.min(page.c.starts_on).filter(last).label("last_starts_on"),
        sa.func.min(page.c.id).filter(last).label("last_id"),
    ).select_from(page.join(feature_text, feature_text.c.id == page.c.id))


async def count_matched(
    connection: AsyncConnection, query: FeatureQuery, remembered: Remembered[int], version: int
) -> int:
    """Return how many records match on all pages, from memory when it was counted on this version of the data."""
    question = without_page(query)
    matched = remembered.find(version, question)
    if matched is None:
        statement = sa.select(sa.func.count()).select_from(feature).where(*conditions(question))
        matched = (await connection.execute(statement)).scalar_one()
        remembered.keep(version, question, matched)
    return matched


async def find_feature(connection: AsyncConnection, collection: str, public_id: str) -> bytes | Retraction | None:
    """Return the GeoJSON text of one record of a collection, what stays of a retracted one, or None."""
    layers = list(COLLECTIONS[collection])
    texts = sa.select(feature_text.c.geojson).join(feature, feature.c.id == feature_text.c.id)
    text = await connection.scalar(texts.where(feature.c.public_id == public_id, feature.c.layer.in_(layers)))
    if text is not None:
        return str(text).encode()
    stubs = sa.select(retraction).where(retraction.c.public_id == public_id, retraction.c.layer.in_(layers))
    stub = (await connection.execute(stubs)).one_or_none()
    return None if stub is None else Retraction(stub.public_id, stub.layer, stub.retracted_on)
