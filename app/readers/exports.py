"""Files of records and regions: in which format, for whom, and how they are sent.

`f=csv` and so on give everything that matches, as a file; with `limit`, `after` or `before`, that page. GeoJSON is a
page unless `download=true` is said. At most `MOST_AT_ONCE` files are made at a time: making one costs seconds of
processor time, and each has a connection of its own to the database until its reader has it.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from app.headers import IS_HEAD
from app.readers.answers import (
    Query,
    cache_headers,
    find_unchanged,
    make_address,
    make_etag,
    open_snapshot,
)
from app.readers.collection_kinds import CollectionKind
from app.readers.download import Download, Pieces, make_pieces, pack_pieces
from app.readers.formats import find_quality, parse_format
from geo.errors import BadRequest, Busy, InvalidParameter
from geo.serving.allow_list import Parameters, only, refuse
from geo.serving.crs import Crs
from geo.serving.dataset import Dataset
from geo.serving.exports.content import Content, Part
from geo.serving.exports.formats import (
    CSV,
    FLATGEOBUF,
    FORMATS,
    GEOJSON,
    GEOPACKAGE,
    GEOPARQUET,
    KML,
    SEQUENCE,
    XLSX,
    FileFormat,
)
from geo.serving.exports.kml import KmlWriter
from geo.serving.exports.notice import Notice
from geo.serving.exports.packed import (
    MOST_SHEET_ROWS,
    write_flatgeobuf,
    write_geopackage,
    write_geoparquet,
    write_xlsx,
)
from geo.serving.exports.texts import CsvWriter, GeojsonSequenceWriter, GeojsonWriter, Writer
from geo.serving.labels import parse_labels
from geo.serving.parameters import parse_flag

MOST_AT_ONCE = 2
WAIT_SECONDS = 3
PAGING = ("limit", "after", "before")
NAMES = ("f", "download", "labels", "raw", "bom")
"""Parameters of files; `labels` is also one of pages."""
_PACK = {
    XLSX: write_xlsx,
    GEOPACKAGE: write_geopackage,
    FLATGEOBUF: write_flatgeobuf,
    GEOPARQUET: write_geoparquet,
}


@dataclass(frozen=True, kw_only=True)
class Wish:
    """In which form records or regions are asked for; `format` is None for a page of GeoJSON.

    `rest` are the parameters that say which records, and `is_page` that a page of them is wanted.
    """

    format: FileFormat | None
    rest: Query
    labels: tuple[str, ...] = ()
    raw: bool = False
    bom: bool = False
    is_page: bool = False

    def write(self) -> Query:
        """Return the parameters of the form in their one canonical order."""
        own = [("labels", ",".join(self.labels))] if self.labels else []
        if self.format is not None:
            own += [("f", self.format.name)]
            own += [("download", "true")] if self.format.name == GEOJSON else []
        own += [(name, "true") for name, is_said in (("raw", self.raw), ("bom", self.bom)) if is_said]
        return own


def read_wish(request: Request, kind: CollectionKind[Any]) -> Wish:
    """Read the form from the parameters and the header Accept. Raises BadRequest."""
    items = request.query_params.multi_items()
    accepted = find_accepted(request.headers.get("accept", ""))
    known = NAMES if kind.label is not None else [name for name in NAMES if name != "labels"]
    own = [pair for pair in items if pair[0] in known]
    if accepted == GEOJSON and not own:
        return Wish(format=None, rest=items)
    given, nothing = Parameters(own), ()
    media_types = {name: form.media_type for name, form in FORMATS.items()}
    name = given.read("f", partial(parse_format, offered=media_types), accepted)
    is_download = given.read("download", only(parse_flag), default=False)
    labels: tuple[str, ...] = given.read("labels", parse_labels, nothing)
    raw, bom = (given.read(flag, only(parse_flag), default=False) for flag in ("raw", "bom"))
    given.finish(known)
    said = {"raw": raw, "bom": bom} if name != CSV else {}
    refuse([InvalidParameter(flag, "is for f=csv") for flag, is_said in said.items() if is_said])
    rest = [pair for pair in items if pair[0] not in known]
    is_page = any(pair[0] in PAGING for pair in rest)
    form = None if name == GEOJSON and not is_download else FORMATS[name]
    return Wish(format=form, rest=rest, labels=labels, raw=raw, bom=bom, is_page=is_page)


def find_accepted(accept: str) -> str:
    """Return the format that Accept likes best: GeoJSON unless another is named and liked better."""
    liked = {name: find_quality(accept, form.media_type) for name, form in FORMATS.items() if form.media_type in accept}
    best = max(liked, key=lambda name: liked[name], default=GEOJSON)
    plain = find_quality(accept, FORMATS[GEOJSON].media_type)
    return best if liked.get(best, 0) > plain else GEOJSON


@asynccontextmanager
async def take_turn(slots: asyncio.Semaphore) -> AsyncIterator[None]:
    """Wait shortly for one of the few turns. Raises Busy."""
    try:
        await asyncio.wait_for(slots.acquire(), WAIT_SECONDS)
    except TimeoutError:
        raise Busy("Other files are being made. Please ask again in a few seconds.") from None
    try:
        yield
    finally:
        slots.release()


@dataclass(frozen=True)
class Asked:
    """What a file is asked to hold: the collection, its kind, the question, and the form."""

    collection: str
    kind: CollectionKind[Any]
    question: Any
    wish: Wish

    @property
    def canonical(self) -> Query:
        """The parameters of the question in their one canonical form, without those of the form."""
        return self.kind.write(self.question)

    @property
    def form(self) -> FileFormat:
        """The format of the file."""
        return self.wish.format or FORMATS[GEOJSON]


async def send_file(request: Request, asked: Asked) -> Response:
    """Return everything that matches, or a page of it, as a file. Raises Busy when too many are being made."""
    async with open_snapshot(request) as (_, dataset):
        headers = describe_file(request, asked, dataset)
    if unchanged := find_unchanged(request, headers["ETag"].removeprefix("W/")):
        unchanged.headers["ETag"] = headers["ETag"]
        return unchanged
    if request.scope.get(IS_HEAD):
        return answer_head(headers, asked.form.media_type)
    async with AsyncExitStack() as opened:
        # The turn first: whoever waits for one holds no connection.
        await opened.enter_async_context(take_turn(request.app.state.export_turns))
        connection, dataset = await opened.enter_async_context(open_snapshot(request))
        content = await open_content(connection, asked)
        notice = make_notice(request, dataset, asked, content)
        gone, kept = threading.Event(), AsyncExitStack()
        pieces = begin_file(asked, content, notice, (kept, gone))
        kept.push_async_exit(opened.pop_all())
        return Download(pieces, kept, gone, describe_file(request, asked, dataset), asked.form.media_type)


def describe_file(request: Request, asked: Asked, dataset: Dataset) -> dict[str, str]:
    """Return the headers of a file. A packed one has other bytes each time it is made: its validator is weak."""
    mark = [("page", "true")] if asked.wish.is_page else []  # the canonical question leaves the default size out
    query = asked.wish.write() + asked.canonical + mark
    etag = make_etag(dataset, make_address(request, f"/collections/{asked.collection}/items", query))
    name = f"{asked.collection}-v{dataset.version}.{asked.form.extension}"
    return {
        **cache_headers(f"W/{etag.removeprefix('W/')}" if asked.form.packed else etag),
        "Content-Disposition": f'attachment; filename="{name}"',
    }


def answer_head(headers: dict[str, str], media_type: str) -> Response:
    """Return what HEAD is answered: the file is not made, so that nobody knows its length."""
    made = Response(headers=headers, media_type=media_type)
    del made.headers["content-length"]
    return made


async def open_content(connection: AsyncConnection, asked: Asked) -> Content:
    """Begin the walk. Raises BadRequest for a collection that is in no file, and for what the question has wrong."""
    if asked.question.crs is not Crs.CRS84:
        fault = InvalidParameter("crs", f"must be {Crs.CRS84.value} for a file: coordinates are longitude and latitude")
        raise BadRequest("Files have coordinates in CRS84.", fault)
    if asked.kind.open_file is None:
        raise BadRequest("This collection is in no file.", InvalidParameter("f", "must be one of: json, html, geojson"))
    most = MOST_SHEET_ROWS if asked.form.name == XLSX else None
    part = Part(scripts=asked.wish.labels, is_page=asked.wish.is_page, most=most)
    return await asked.kind.open_file(connection, asked.question, part)


def begin_file(asked: Asked, content: Content, notice: Notice, left: tuple[AsyncExitStack, threading.Event]) -> Pieces:
    """Return the pieces of a file; `left` is closed and set when nothing more of the database is needed."""
    wish, form, table = asked.wish, asked.form, content.table
    if form.packed:
        making = (partial(_PACK[form.name], table, notice), form.extension)
        return pack_pieces(making, content.chunks, *left)
    writers: dict[str, Callable[[], Writer]] = {
        GEOJSON: lambda: GeojsonWriter(content.shown, notice),
        SEQUENCE: lambda: GeojsonSequenceWriter(content.shown, notice),
        CSV: lambda: CsvWriter(table, notice, raw=wish.raw, bom=wish.bom),
        KML: lambda: KmlWriter(table, notice),
    }
    return make_pieces(writers[form.name](), content.chunks)


def make_notice(request: Request, dataset: Dataset, asked: Asked, content: Content) -> Notice:
    """Return what the file says about itself."""
    return Notice(
        title=f"Labour Map: {asked.collection}",
        collection=asked.collection,
        filter="&".join(f"{name}={value}" for name, value in asked.canonical) or "none",
        dataset_version=dataset.version,
        date=dataset.changed_at.astimezone(dt.UTC).date().isoformat(),
        licence=content.licence or str(request.app.state.settings.data_licence),
        address=make_address(request, f"/collections/{asked.collection}"),
    )
