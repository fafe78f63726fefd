"""What kinds of collection there are: how each reads its parameters, writes them, and finds its items.

Records have filters and orders of their own, regions have levels and outlines: whatever serves items asks the kind of
the collection, and no route tells collections apart by name.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request

from app.readers.answers import Query
from geo.layers import COLLECTIONS
from geo.serving import region_items, union_items
from geo.serving.dataset import Dataset
from geo.serving.exports.content import Content, Part, label_records, open_records, open_regions, open_unions
from geo.serving.features import Page, Retraction, fetch_page, find_feature
from geo.serving.filters import FeatureQuery, parse_query, write_query
from geo.serving.region_items import RegionQuery, fetch_region_page, find_region_feature
from geo.serving.union_items import UnionQuery, fetch_union_page, find_union_feature

Asked = TypeVar("Asked")
Given = Iterable[tuple[str, str]]
Found = bytes | Retraction | None
"""The GeoJSON Feature text of one item, what stays of a retracted one, or None."""


@dataclass(frozen=True, kw_only=True)
class ItemPage:
    """One page. `features` are GeoJSON Feature texts joined by commas, empty when there are none.

    `ways` leads to the pages next to it: by relation (next, prev) their canonical parameters, None where there is none.
    """

    features: bytes
    number_returned: int
    number_matched: int
    ways: dict[str, Query | None]


@dataclass(frozen=True, kw_only=True)
class CollectionKind(Generic[Asked]):
    """How the items of some collections are asked for.

    `parse` reads the parameters of a request to the named collection and raises BadRequest that names every one at
    fault; `write` returns them in their one canonical form; `fetch` returns a page, in a snapshot of the data; `find`
    returns one item of the named collection by its id. `fetch_quickly` and `find_quickly` do so without a transaction,
    on the given version of the data, and return None when that takes more than one statement. `open_file` begins a file
    of all that matches, None where there are no files; `label` puts labels, in some scripts, beside codes of a page.
    """

    parse: Callable[[str, Given], Asked]
    write: Callable[[Asked], Query]
    fetch: Callable[[Request, AsyncConnection, Dataset, Asked], Awaitable[ItemPage]]
    find: Callable[[AsyncConnection, str, str], Awaitable[Found]]
    fetch_quickly: Callable[[Request, int, Asked], Awaitable[ItemPage | None]] | None = None
    find_quickly: Callable[[Request, int, str, str], Awaitable[bytes | None]] | None = None
    open_file: Callable[[AsyncConnection, Asked, Part], Awaitable[Content]] | None = None
    label: Callable[[AsyncConnection, Asked, bytes, tuple[str, ...]], Awaitable[bytes]] | None = None


async def fetch_records(
    request: Request, connection: AsyncConnection, dataset: Dataset, query: FeatureQuery
) -> ItemPage:
    """Return a page of records."""
    return show_records(await fetch_page(connection, query, request.app.state.matched, dataset.version))


async def fetch_records_quickly(request: Request, version: int, query: FeatureQuery) -> ItemPage | None:
    """Return a page of records by one statement, or None."""
    page = await request.app.state.quick_pages.find(query, version)
    return None if page is None else show_records(page)


async def find_record_quickly(request: Request, version: int, collection: str, public_id: str) -> bytes | None:
    """Return one record by one statement, or None."""
    found: bytes | None = await request.app.state.quick_items.find(collection, public_id, version)
    return found


def show_records(page: Page) -> ItemPage:
    """Return a page of records with the ways on from it."""
    neighbours = {"next": page.next_query, "prev": page.prev_query}
    return ItemPage(
        features=page.features,
        number_returned=page.number_returned,
        number_matched=page.number_matched,
        ways={rel: write_query(near) if near else None for rel, near in neighbours.items()},
    )


async def fetch_regions(
    _request: Request, connection: AsyncConnection, _dataset: Dataset, query: RegionQuery
) -> ItemPage:
    """Return a page of regions."""
    page = await fetch_region_page(connection, query)
    return ItemPage(
        features=page.features,
        number_returned=page.number_returned,
        number_matched=page.number_matched,
        ways={"next": region_items.write_region_query(page.next_query) if page.next_query else None},
    )


async def fetch_unions(
    _request: Request, connection: AsyncConnection, _dataset: Dataset, query: UnionQuery
) -> ItemPage:
    """Return a page of unions."""
    page = await fetch_union_page(connection, query)
    return ItemPage(
        features=page.features,
        number_returned=page.number_returned,
        number_matched=page.number_matched,
        ways={"next": union_items.write_union_query(page.next_query) if page.next_query else None},
    )


RECORDS = CollectionKind(
    parse=parse_query,
    write=write_query,
    fetch=fetch_records,
    find=find_feature,
    fetch_quickly=fetch_records_quickly,
    find_quickly=find_record_quickly,
    open_file=open_records,
    label=label_records,
)
REGIONS = CollectionKind(
    parse=lambda _collection, given: region_items.parse_region_query(given),
    write=region_items.write_region_query,
    fetch=fetch_regions,
    find=lambda connection, _collection, feature_id: find_region_feature(connection, feature_id),
    open_file=open_regions,
)
UNIONS = CollectionKind(
    parse=lambda _collection, given: union_items.parse_union_query(given),
    write=union_items.write_union_query,
    fetch=fetch_unions,
    find=lambda connection, _collection, feature_id: find_union_feature(connection, feature_id),
    open_file=open_unions,
)

KINDS: dict[str, CollectionKind[Any]] = {
    **dict.fromkeys(COLLECTIONS, RECORDS),
    region_items.COLLECTION: REGIONS,
    union_items.COLLECTION: UNIONS,
}
"""The kind of every collection, by the id of the collection."""
