"""The page people come for, and the files it is made of. Its HTML answers any link without JavaScript."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from fastapi import APIRouter
from fastapi.responses import RedirectResponse
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from app.readers.answers import cache_headers, find_unchanged, link_base, make_etag, open_snapshot
from app.readers.clb_links import is_clb_link
from app.readers.counted import try_twice
from app.readers.dossiers import Retracted
from app.readers.links import follow_link
from app.readers.month_links import find_months_address
from app.readers.page_content import OUTSIDE_COVERAGE, PAGE_FILTERS, PageSource, make_words, read_selection
from app.readers.page_freshness import read_freshness
from app.readers.page_regions import COUNTRY, CountryFile, IndexFile, RegionTree, grow_tree
from geo.errors import BadRequest, Gone, NotFound
from geo.layers import CALLS_FOR_HELP, LAYERS
from geo.serving.dataset import Dataset
from geo.serving.regions import (
    Boundaries,
    fetch_boundaries,
    fetch_regions,
    fetch_topology,
    fetch_topology_hashes,
)
from geo.serving.remembered import Remembered
from web.assets import media_type
from web.content import PageContent
from web.country_topology import thin_topology
from web.first_frame import Land, prepare_land
from web.page import Addresses, Site
from web.translations import LANGUAGES

router = APIRouter(include_in_schema=False)

FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
ASK_AGAIN = {"Cache-Control": "no-cache"}
FIRST_TOPOLOGY = "province"
CALL_LETTER = f"{LAYERS[CALLS_FOR_HELP].letter}-"
PROBLEMS: dict[type[Exception], tuple[int, str]] = {
    BadRequest: (400, "error.title"),
    NotFound: (404, "error.missing"),
    Gone: (410, "record.gone"),
}
"""The status of each fault's page, and the key of its title."""


@dataclass(frozen=True)
class Ground:
    """What pages of one version of the data stand on: regions and their index, the land of the first picture."""

    tree: RegionTree
    indexes: Mapping[str, IndexFile]
    country: CountryFile
    land: Land
    boundaries: Boundaries | None


class Pages:
    """What the page routes share: the site, and what was made on a version of the data."""

    def __init__(self, default_language: str, editors: str | None = None) -> None:
        self.site = Site(make_words(), default_language, OUTSIDE_COVERAGE, PAGE_FILTERS, editors)
        self.rendered = Remembered[bytes](size=64)
        self._grounds = Remembered[Ground](size=2)

    async def ground(self, connection: AsyncConnection, dataset: Dataset) -> Ground:
        """Return what pages of this version of the data stand on. Raises NotFound before regions are published."""
        ground = self._grounds.find(dataset.version, "ground")
        if ground is None:
            ground = await self._prepare(connection)
            self._grounds.keep(dataset.version, "ground", ground)
        return ground

    async def _prepare(self, connection: AsyncConnection) -> Ground:
        found = await fetch_topology(connection, FIRST_TOPOLOGY)
        if found is None:
            raise NotFound("No regions are published yet: the map has nothing to draw.")
        tree = grow_tree(await fetch_regions(connection))
        hashes = await fetch_topology_hashes(connection)
        topologies = {name: f"/topology/{name}.{sha}.json" for name, sha in sorted(hashes.items())}
        indexes = {tag: IndexFile(tag, tree.write_index(tag, topologies)) for tag in LANGUAGES}
        provinces = json.loads(found[1])
        return Ground(
            tree=tree,
            indexes=indexes,
            country=CountryFile(json.dumps(thin_topology(provinces), separators=(",", ":")).encode()),
            land=prepare_land(provinces, tree.residents),
            boundaries=await fetch_boundaries(connection),
        )


def pages_of(request: Request) -> Pages:
    """Return what the page routes of this application share."""
    pages: Pages = request.app.state.pages
    return pages


def read_language(request: Request) -> str:
    """Return the language asked for in the address, else the first language of the site."""
    asked = request.query_params.get("lang")
    return asked if asked in LANGUAGES else pages_of(request).site.default_language


@router.get("/")
async def show_map(request: Request) -> Response:
    """Show the map for any selection. A link made to CLB's map leads on to it."""
    if is_clb_link(request.query_params.multi_items()):
        return await follow_link(request)
    if months := find_months_address("/", request.query_params.multi_items()):
        return RedirectResponse(months, status_code=302)
    return await answer_selection(
        request, "/", lambda site, shown: site.render_page(shown.content, shown.land, shown.addresses)
    )


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What a page about a selection is written from. `base` is what absolute links to this site begin with."""

    content: PageContent
    land: Land
    addresses: Addresses
    base: str


Render = Callable[[Site, Shown], str]


async def answer_selection(request: Request, page: str, render: Render) -> Response:
    """Answer with what `render` writes about the selection that the address asks for, or with what is wrong with it.

    `page` is the path of the page: what is remembered of one page is never sent for another.
    """
    language, pages = read_language(request), pages_of(request)
    try:
        return await try_twice(lambda: _show(request, pages, page, render))
    except (BadRequest, NotFound, Gone) as fault:
        return show_problem(pages, language, fault, page)


async def _show(request: Request, pages: Pages, page: str, render: Render) -> Response:
    selection, query = read_selection(request.query_params.multi_items(), read_language(request))
    base = link_base(request)
    address = f"{pages.site.own.sha} {base}{page} {selection!r}"
    async with open_snapshot(request) as (connection, dataset):
        etag = make_etag(dataset, address)
        if unchanged := find_unchanged(request, etag):
            return unchanged
        body = pages.rendered.find(dataset.version, address)
        if body is None:
            columns = await request.app.state.columns.current(dataset.version)
            etag = make_etag(columns.dataset, address)
            body = pages.rendered.find(columns.dataset.version, address)
        if body is None:
            ground = await pages.ground(connection, dataset)
            matched = request.app.state.matched
            source = PageSource(connection, dataset, columns, ground.tree, ground.boundaries, matched)
            freshness = await read_freshness(request, connection, dataset)
            content = replace(await source.fill(selection, query), freshness=freshness)
            addresses = Addresses(
                regions=ground.indexes[selection.language].address,
                first_topology=ground.country.address,
                base=base,
            )
            shown = Shown(content=content, land=ground.land, addresses=addresses, base=base)
            body = render(pages.site, shown).encode()
            pages.rendered.keep(columns.dataset.version, address, body)
    headers = {**cache_headers(etag), **robot_headers(selection.record or "")}
    return Response(body, headers=headers, media_type="text/html")


def robot_headers(public_id: str) -> dict[str, str]:
    """Return what keeps robots from the page of a call for help; nothing for other records."""
    return {"X-Robots-Tag": "noindex, noarchive"} if public_id.startswith(CALL_LETTER) else {}


def show_problem(pages: Pages, language: str, fault: BadRequest | NotFound | Gone, page: str = "/") -> Response:
    """Return a page that says what is wrong with an address of `page`, in the reader's language."""
    faults = [(one.name, one.reason) for one in fault.invalid] if isinstance(fault, BadRequest) else []
    status, key = next((code, key) for kind, (code, key) in PROBLEMS.items() if isinstance(fault, kind))
    said = None
    if isinstance(fault, Retracted):
        day = pages.site.texts[language].date(fault.retraction.retracted_on)
        said = pages.site.texts[language].fill("record.gone.text", id=fault.retraction.public_id, date=day)
    body = pages.site.render_problem(language, key, faults, page, said)
    return Response(body, status, {"Cache-Control": "no-store"}, "text/html")


@router.get("/shell.{sha}.js")
async def send_shell(request: Request, sha: str) -> Response:
    """Send the script that makes Folium's map."""
    asked = f"/shell.{sha}.js"
    shells = pages_of(request).site.shells
    shell = next((shell for shell in shells if shell.address == asked), shells[0])
    return _send(shell.file, "text/javascript", is_current=shell.address == asked)


@router.get("/static/{sha}/{name:path}")
async def send_asset(request: Request, sha: str, name: str) -> Response:
    """Send a module, style or picture of ours, or a file of Leaflet's."""
    site = pages_of(request).site
    tree = next((tree for tree in (site.own, site.leaflet) if name in tree.contents), None)
    if tree is None:
        raise NotFound("Nothing is at this address.")
    return _send(tree.contents[name], media_type(name), is_current=tree.sha == sha)


@router.get("/words/{name}.{sha}.json")
async def send_words(request: Request, name: str, sha: str) -> Response:
    """Send labels and texts of one language."""
    words = pages_of(request).site.words_files.get(name)
    if words is None:
        raise NotFound("Nothing is at this address.")
    return _send(words.body, "application/json", is_current=words.address == f"/words/{name}.{sha}.json")


@router.get("/regions/{language}.{sha}.json")
async def send_index(request: Request, language: str, sha: str) -> Response:
    """Send the index of all regions in one language."""
    async with open_snapshot(request) as (connection, dataset):
        index = (await pages_of(request).ground(connection, dataset)).indexes.get(language)
    if index is None:
        raise NotFound("Nothing is at this address.")
    return _send(index.body, "application/json", is_current=index.address == f"/regions/{language}.{sha}.json")


@router.get("/topology/{name}.{sha}.json")
async def send_topology(request: Request, name: str, sha: str) -> Response:
    """Send one topology."""
    async with open_snapshot(request) as (connection, dataset):
        if name == COUNTRY:
            country = (await pages_of(request).ground(connection, dataset)).country
            return _send(country.body, "application/json", is_current=country.sha == sha)
        found = await fetch_topology(connection, name)
    if found is None:
        raise NotFound("Nothing is at this address.")
    return _send(found[1].encode(), "application/json", is_current=found[0] == sha)


def _send(body: bytes, kind: str, *, is_current: bool) -> Response:
    """Send a file whose address holds its hash.

    A page that a cache has kept may ask under an older hash: it gets today's file, which nobody may keep under that
    address.
    """
    return Response(body, headers={**(FOR_EVER if is_current else ASK_AGAIN), "Content-Type": kind})


@router.get("/favicon.ico")
async def send_icon(request: Request) -> Response:
    """Lead browsers that ask by habit to our icon."""
    return RedirectResponse(pages_of(request).site.own.address("icon.svg"), status_code=302)
