"""The feed of changes: what was inserted, updated and deleted, in the order in which it became public.

Publishers wait for each other, so the ids of `published.change` grow in the order of the versions, and whoever has read
up to an id has missed nothing before it. The feed says of a record that is not there any more only that: its id, layer,
operation and day, neither why it went nor which of its properties had changed before.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.errors import InvalidParameter
from geo.layers import COLLECTIONS, RECORDS
from geo.serving.allow_list import Parameters, only, refuse, split, unique
from geo.serving.parameters import BadValue, parse_limit, read_token, write_token
from geo.serving.tables import change, feature

ORDER = "change-id"
DEFAULT_CHANGES = 1_000
CHANGE_PARAMETERS = ("since", "after", "collection", "layer", "public_id")
"""Every parameter of the feed but `limit`."""

_LARGEST_ID = 2**63 - 1
_LONGEST_NUMBER = 19
_PUBLIC_ID = re.compile(r"[A-Z]-\d{4}-\d{1,12}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class ChangeQuery:
    """What is asked of the feed: changes later than the version `since`, or than the change with the id `after`.

    `layers` is empty for all, and `public_id` names the one record whose changes are asked for.
    """

    since: int | None = None
    after: int | None = None
    layers: tuple[str, ...] = ()
    public_id: str | None = None
    limit: int = DEFAULT_CHANGES


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change. `cursor` continues the feed after it. `properties_changed` names what an update changed."""

    cursor: str
    dataset_version: int
    public_id: str
    layer: str
    op: str
    changed_on: dt.date
    properties_changed: list[str] | None
    is_there: bool


@dataclass(frozen=True, kw_only=True)
class ChangePage:
    """A page of the feed, and the query that continues it; on an empty page that is the same one."""

    changes: list[Change]
    next_query: ChangeQuery


def parse_change_query(parameters: Iterable[tuple[str, str]]) -> ChangeQuery:
    """Read the parameters of a request for changes. Raises BadRequest that names every parameter at fault."""
    pairs = list(parameters)
    given = Parameters(pairs)
    since = given.read("since", only(parse_version), None)
    after = given.read("after", only(parse_cursor), None)
    every: tuple[str, ...] = RECORDS
    collections = given.read("collection", parse_collections, every)
    layers = given.read("layer", parse_layers, every)
    public_id = given.read("public_id", only(parse_public_id), None)
    limit = given.read("limit", only(parse_limit), DEFAULT_CHANGES)
    given.finish((*CHANGE_PARAMETERS, "limit"))
    if {"since", "after"} <= {name for name, _text in pairs}:
        refuse(
            [InvalidParameter("since", "cannot be given together with after: the cursor already says where to go on")]
        )
    wanted = tuple(layer for layer in RECORDS if layer in collections and layer in layers)
    if not wanted:
        refuse([InvalidParameter("layer", "is not in the collection asked for")])
    layers = () if wanted == RECORDS else wanted
    return ChangeQuery(since=since, after=after, layers=layers, public_id=public_id, limit=limit)


def parse_version(text: str) -> int:
    """Read a version of the data."""
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER) or int(text) > _LARGEST_ID:
        raise BadValue("must be a version of the data, as datasetVersion says it")
    return int(text)


def parse_public_id(text: str) -> str:
    """Read the public id of a record."""
    if not _PUBLIC_ID.fullmatch(text):
        raise BadValue("must be the id of a record, such as S-2016-000123")
    return text


def parse_cursor(text: str) -> int:
    """Read the cursor of a change."""
    (key,) = read_token(ORDER, text, 1)
    try:
        return parse_version(key)
    except BadValue:
        raise BadValue("is not a cursor of this feed: follow its link with rel=next") from None


def parse_collections(texts: list[str]) -> tuple[str, ...]:
    """Read names of collections of records, and return the layers in them."""
    names = unique(split(texts))
    if set(names) - set(COLLECTIONS):
        raise BadValue(f"must be one of: {', '.join(COLLECTIONS)}")
    return tuple(layer for name in names for layer in COLLECTIONS[name])


def parse_layers(texts: list[str]) -> tuple[str, ...]:
    """Read names of layers."""
    names = unique(split(texts))
    if set(names) - set(RECORDS):
        raise BadValue(f"must be one of: {', '.join(RECORDS)}")
    return names


def write_change_query(query: ChangeQuery) -> list[tuple[str, str]]:
    """Return the parameters of a query in their one canonical form."""
    written: list[tuple[str, str]] = []
    if query.since is not None:
        written.append(("since", str(query.since)))
    if query.after is not None:
        written.append(("after", write_token(ORDER, query.after)))
    if query.layers:
        written.append(("layer", ",".join(query.layers)))
    if query.public_id is not None:
        written.append(("public_id", query.public_id))
    if query.limit != DEFAULT_CHANGES:
        written.append(("limit", str(query.limit)))
    return written


def change_statement(query: ChangeQuery) -> sa.Select[tuple[object, ...]]:
    """Return the statement of one page: the changes by id, then whether each one's record is still public."""
    columns = change.c
    which = []
    if query.after is not None:
        which.append(columns.id > query.after)
    if query.since is not None:
        # Ids grow with versions: the walk by id begins at the first change of a later version, found by its index.
        first = sa.select(sa.func.min(columns.dataset_version)).where(columns.dataset_version > query.since)
        version = first.scalar_subquery()
        start = sa.select(sa.func.min(columns.id)).where(columns.dataset_version == version)
        which.append(columns.id >= start.scalar_subquery())
    if query.layers:
        which.append(columns.layer.in_(query.layers))
    if query.public_id is not None:
        which.append(columns.public_id == query.public_id)
    page = sa.select(change).where(*which).order_by(columns.id).limit(query.limit).subquery("page")
    there = feature.c.id.is_not(None).label("is_there")
    joined = page.outerjoin(feature, feature.c.public_id == page.c.public_id)
    return sa.select(page, there).select_from(joined).order_by(page.c.id)


async def fetch_changes(connection: AsyncConnection, query: ChangeQuery) -> ChangePage:
    """Return one page of the feed."""
    rows = (await connection.execute(change_statement(query))).all()
    changes = [
        Change(
            cursor=write_token(ORDER, row.id),
            dataset_version=row.dataset_version,
            public_id=row.public_id,
            layer=row.layer,
            op=row.op,
            changed_on=row.changed_on,
            properties_changed=row.properties_changed if row.is_there else None,
            is_there=row.is_there,
        )
        for row in rows
    ]
    further = replace(query, since=None, after=rows[-1].id) if rows else query
    return ChangePage(changes=changes, next_query=further)
