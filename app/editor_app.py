"""The editors' application: an application and a process of its own, with the editors' credential and no other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import sqlalchemy as sa
from fastapi import FastAPI
from starlette.middleware import Middleware

from app.editors import (
    audit_page,
    batch_file_page,
    batch_map_page,
    batch_moves,
    batch_new_page,
    batch_pages,
    batch_routes,
    batch_upload,
    batch_views,
    case_pages,
    case_routes,
    contact_pages,
    dashboard,
    first_password,
    near_routes,
    own_account,
    own_codes,
    own_keys,
    people,
    record_history_pages,
    record_pages,
    record_routes,
    region_routes,
    sessions,
    static_files,
    template_files,
    union_pages,
)
from app.editors.bodies import BodyLimits
from app.editors.faults import Faults, install_faults
from app.editors.gate import Gate
from app.editors.headers import EditorHeaders
from app.editors.identify import Identify
from app.editors.pages import EditorPages
from app.editors.record_saving import Outlines
from app.editors.site_address import SiteAddress
from app.logs import RequestLog
from app.settings import EditorSettings
from geo.accounts.throttle import BucketNames
from geo.records.tombstones import with_key

ROUTERS = (
    *(static_files.router, sessions.router, first_password.router, dashboard.router),
    *(own_account.router, own_codes.router, own_keys.router, people.router, audit_page.router),
    *(batch_new_page.router, batch_pages.router, batch_file_page.router, batch_map_page.router),
    template_files.router,
    *(batch_moves.router, batch_upload.router, batch_views.router, batch_routes.router),
    *(record_pages.router, record_history_pages.router, record_routes.router, region_routes.router),
    near_routes.router,
    *(case_pages.router, contact_pages.router, union_pages.router, case_routes.router),
)
"""Every route of the editors. All but signing in and the files of pages stand on `app.editors.signing`."""

STATEMENT_MILLISECONDS = 60_000
CONNECTIONS = 10


def editor_app(settings: EditorSettings) -> FastAPI:
    """Make the application that editors use: pages under `/editor`, and an API under `/api/editing`.

    Its routes are plain functions; `app.state.engine` is the editors' way to the database.
    """

    @asynccontextmanager
    async def live(app: FastAPI) -> AsyncIterator[None]:
        app.state.engine = make_editor_engine(settings.editor_url, settings.tombstone_key)
        try:
            yield
        finally:
            app.state.engine.dispose()

    address = SiteAddress.of(settings)
    app = FastAPI(
        lifespan=live,
        middleware=[
            Middleware(RequestLog),
            Middleware(EditorHeaders, https=address.is_https),
            Middleware(Faults),
            Middleware(Gate, address=address),
            Middleware(Identify, address=address),
            Middleware(BodyLimits),
        ],
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.settings = settings
    app.state.address = address
    app.state.pages = EditorPages(settings)
    app.state.bucket_names = BucketNames()
    app.state.outlines = Outlines()
    install_faults(app)
    for router in ROUTERS:
        app.include_router(router)
    return app


def make_editor_engine(url: str, tombstone_key: str | None) -> sa.Engine:
    """Make the engine of the editors' application: a page that takes a minute is given up."""
    engine = sa.create_engine(
        url,
        pool_pre_ping=True,
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=5,
        connect_args={"connect_timeout": 3, "options": f"-c statement_timeout={STATEMENT_MILLISECONDS}"},
    )
    return engine if tombstone_key is None else with_key(engine, tombstone_key.encode())
