"""The applications. `public_app` is what the public reads: it holds the reader's credential and no other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware import Middleware

from app.admission import Admission
from app.answer_cache import AnswerCache, Answers
from app.headers import AnswerHeaders
from app.logs import RequestLog
from app.memory import give_back_now_and_then, settle
from app.problems import UnexpectedErrors, install_problems
from app.readers import (
    accountability,
    accountability_pages,
    changes,
    collections,
    counts,
    items,
    linked,
    links,
    method,
    pages,
    record_pages,
    regions,
    sharing,
    sitemaps,
    status,
    styles,
    tiles,
    tilesets,
    union_pages,
    vocabularies,
)
from app.readers.exports import MOST_AT_ONCE
from app.readers.representations import Representations
from app.refusals import Refusals
from app.settings import ReaderSettings
from geo.database import make_reader_engine
from geo.serving.column_keeper import ColumnKeeper
from geo.serving.dataset import LayerState
from geo.serving.dataset_watch import DatasetWatch
from geo.serving.matched import Matched
from geo.serving.place_keeper import PlaceKeeper
from geo.serving.quick_items import QuickItems
from geo.serving.quick_pages import QuickPages
from geo.serving.quick_reads import QuickReads, conninfo_of
from geo.serving.region_search import RegionIndex
from geo.serving.remembered import Remembered
from geo.serving.sitemap import MOST_ON_A_PAGE
from web.api_pages import ApiPages

ROUTERS = (
    *(collections.router, items.router, counts.router, status.router, accountability.router, linked.router),
    *(tilesets.router, tiles.router, styles.router),
    *(vocabularies.router, regions.router, changes.router, links.router, pages.router),
    *(
        method.router,
        record_pages.router,
        union_pages.router,
        accountability_pages.router,
        sharing.router,
        sitemaps.router,
    ),
)


def public_app(settings: ReaderSettings) -> FastAPI:
    """Make the application that the public reads: the API under `/api`, and the pages.

    Its engine (`app.state.engine`) gives each connection one REPEATABLE READ transaction, so that all that is read
    through it speaks of one version of the data.
    """

    @asynccontextmanager
    async def live(app: FastAPI) -> AsyncIterator[None]:
        engine = make_reader_engine(settings.reader_url)
        app.state.engine = engine.execution_options(isolation_level="REPEATABLE READ")
        await watch.start()
        await app.state.columns.start(app.state.engine)
        settle()
        try:
            async with give_back_now_and_then():
                yield
        finally:
            await app.state.places.stop()
            await app.state.columns.stop()
            await watch.stop()
            await reads.close()
            await engine.dispose()

    watch = DatasetWatch(conninfo_of(settings.reader_url))
    reads = QuickReads(settings.reader_url)
    app = FastAPI(
        lifespan=live,
        middleware=make_middleware(settings, watch, reads),
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False},  # what is asked here is told to nobody
    )
    prepare_state(app, settings)
    prepare_reads(app, watch, reads)
    install_problems(app)
    include_routes(app)
    return app


def include_routes(app: FastAPI) -> None:
    """Let the application answer at all addresses: the busiest first, without a router's own work around them."""
    app.router.routes += items.router.routes
    for router in ROUTERS:
        if router is not items.router:
            app.include_router(router)


def make_middleware(settings: ReaderSettings, watch: DatasetWatch, reads: QuickReads) -> list[Middleware]:
    """Return what a request passes through before it reaches a route, the outermost first."""
    return [
        Middleware(RequestLog),
        Middleware(AnswerHeaders, https=(settings.base_url or "").startswith("https://")),
        Middleware(AnswerCache, answers=Answers(), watch=watch, reads=reads),
        Middleware(Admission),
        Middleware(UnexpectedErrors),
        Middleware(Representations, default_language=settings.default_language),
        Middleware(Refusals, settings=settings),
        Middleware(UnexpectedErrors),
    ]


def prepare_state(app: FastAPI, settings: ReaderSettings) -> None:
    """Give the application what its routes share: the settings, what is worth remembering, and the pages."""
    app.state.settings = settings
    app.state.columns = ColumnKeeper()
    app.state.places = PlaceKeeper(app.state.columns)
    app.state.region_tiles = Remembered[bytes](size=128)
    app.state.matched = Matched(app.state.columns)
    app.state.export_turns = asyncio.Semaphore(MOST_AT_ONCE)
    app.state.counted = Remembered[bytes](size=16)
    app.state.pages = pages.Pages(settings.default_language, settings.contact)
    app.state.sitemap_pages = Remembered[tuple[int, ...]](size=2)
    app.state.sitemap_size = MOST_ON_A_PAGE
    app.state.plates = record_pages.Plates()
    app.state.api_pages = ApiPages(app.state.pages.site)
    app.state.region_index = Remembered[RegionIndex](size=2)
    app.state.layer_states = Remembered[dict[str, LayerState]](size=2)


def prepare_reads(app: FastAPI, watch: DatasetWatch, reads: QuickReads) -> None:
    """Give the application what its busiest routes read with."""
    app.state.watch = watch
    app.state.reads = reads
    app.state.quick_pages = QuickPages(reads, app.state.matched)
    app.state.quick_items = QuickItems(reads)
