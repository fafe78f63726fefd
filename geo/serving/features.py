"""Pages of records, one record, and how many match: finished GeoJSON texts, joined by the database."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.layers import COLLECTIONS
from geo.serving.conditions import conditions, page_conditions
from geo.serving.filters import FeatureQuery, without_page
from geo.serving.matched import Matched
from geo.serving.order import sort_by
from geo.serving.regions import check_regions
from geo.serving.search import row_conditions
from geo.serving.tables import feature, feature_text, retraction


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page. `features` are GeoJSON Feature texts joined by commas, empty when there are none.

    `next_query` asks for the page after this one and `prev_query` for the one before; None where there is none.
    """

    features: bytes
    number_returned: int
    number_matched: int
    next_query: FeatureQuery | None
    prev_query: FeatureQuery | None = None


class PageRow(NamedTuple):
    """The row of `page_statement`.

    It has the joined texts, how many records were found (one more than asked for at most), and the keys of the first
    and the last record of the page, whichever way it goes.
    """

    features: bytes | None
    found: int
    near_value: dt.date | int | None
    far_value: dt.date | int | None
    near_id: int
    far_id: int


@dataclass(frozen=True)
class Retraction:
    """What stays of a record that was retracted."""

    public_id: str
    layer: str
    retracted_on: dt.date


async def fetch_page(connection: AsyncConnection, query: FeatureQuery, counter: Matched, version: int) -> Page:
    """Return one page in the order of the query, and the exact number of records on all pages.

    The number is counted once per filter and `version` of the data, then remembered. Raises BadRequest when the
    query names a region that does not exist.
    """
    await check_regions(connection, query)
    among = await counter.find_few(connection, query, version)
    row = PageRow(*(await connection.execute(page_statement(query, among))).one())
    if query.after is None and query.before is None and row.found <= query.limit:
        counter.keep(version, without_page(query), row.found)
    matched = await counter.count(connection, query, version)
    return make_page(query, row, matched)


def make_page(query: FeatureQuery, row: PageRow, matched: int) -> Page:
    """Return the page of a row of `page_statement`."""
    more = row.found > query.limit
    returned = min(row.found, query.limit)
    near = (row.near_value, row.near_id) if returned else None
    far = (row.far_value, row.far_id) if more else None
    backwards = query.before is not None
    first, last = (far, near) if backwards else (near if query.after else None, far)
    return Page(
        features=row.features or b"",
        number_returned=returned,
        number_matched=matched,
        next_query=replace(query, after=last, before=None) if last else None,
        prev_query=replace(query, after=None, before=first) if first else None,
    )


def page_statement(query: FeatureQuery, among: list[int] | None = None) -> sa.Select[Any]:
    """Return the one statement of a page: the keys by index, one row more than asked for, then their texts joined.

    `among` holds the keys of all records that match a query with words, when they are few. A walk backwards goes from
    the token too; `near` is its first record and `far` its last, whichever way it goes.
    """
    backwards = query.before is not None
    wanted = conditions(replace(query, q=()))
    if among is None:
        wanted += row_conditions(query.q)
    else:
        wanted.append(feature.c.id == sa.any_(sa.bindparam("among", among, ARRAY(sa.BigInteger))))
    value = feature.c[query.order.name]
    walk = (
        sa.select(feature.c.id, value.label("value"))
        .where(*wanted, *page_conditions(query))
        .order_by(*sort_by(query.order, (value, feature.c.id), backwards=backwards))
        .limit(query.limit + 1)
        .cte("walk")
    )
    sorted_by = sort_by(query.order, (walk.c.value, walk.c.id), backwards=backwards)
    page = sa.select(walk, sa.func.row_number().over(order_by=sorted_by).label("place")).subquery("page")
    place = page.c.place.desc() if backwards else page.c.place.asc()
    texts = sa.func.string_agg(shown_text(query), sa.literal_column("','")).aggregate_order_by(place)
    ends = {"near": page.c.place == 1, "far": page.c.place == query.limit}
    columns: list[sa.ColumnElement[Any]] = [
        sa.func.convert_to(texts.filter(page.c.place <= query.limit), "UTF8", type_=sa.LargeBinary).label("features"),
        sa.func.count().label("found"),
        *(sa.func.min(page.c.value).filter(end).label(f"{name}_value") for name, end in ends.items()),
        *(sa.func.min(page.c.id).filter(end).label(f"{name}_id") for name, end in ends.items()),
    ]
    return sa.select(*columns).select_from(page.join(feature_text, feature_text.c.id == page.c.id))


def shown_text(query: FeatureQuery) -> sa.ColumnElement[str]:
    """Return the finished text of a feature, or, where less is asked for, one made from it."""
    if not (query.selected or query.skip_geometry):
        return feature_text.c.geojson
    whole = sa.cast(feature_text.c.geojson, sa.JSON)
    properties: sa.ColumnElement[str] = sa.cast(whole["properties"], sa.Text)
    if query.selected:
        each = sa.func.json_each(whole["properties"]).table_valued("key", sa.column("value", sa.JSON)).alias("each")
        names = sa.bindparam("selected", list(query.selected), ARRAY(sa.Text))
        chosen = sa.select(sa.func.json_object_agg(each.c.key, each.c.value)).where(each.c.key == sa.any_(names))
        properties = sa.func.coalesce(sa.cast(chosen.scalar_subquery(), sa.Text), "{}")
    geometry = sa.literal("null") if query.skip_geometry else sa.cast(whole["geometry"], sa.Text)
    opening, identity = sa.literal('{"type":"Feature","id":'), sa.cast(whole["id"], sa.Text)
    return sa.func.concat(opening, identity, ',"geometry":', geometry, ',"properties":', properties, "}")


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


async def find_features(connection: AsyncConnection, public_ids: list[str]) -> list[str]:
    """Return the GeoJSON texts of those of the records that are public, by public id."""
    texts = sa.select(feature_text.c.geojson).join(feature, feature.c.id == feature_text.c.id)
    wanted = sa.bindparam("wanted", public_ids, ARRAY(sa.Text))
    found = await connection.scalars(texts.where(feature.c.public_id == sa.any_(wanted)).order_by(feature.c.public_id))
    return list(found)
