"""What robots are told: `/robots.txt`, `/sitemap.xml` and its pages. No call for help is in them."""

from __future__ import annotations

from html import escape

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from app.readers.answers import cache_headers, find_unchanged, link_base, make_etag, open_snapshot
from geo.errors import NotFound
from geo.serving.dataset import Dataset
from geo.serving.sitemap import fetch_entries, fetch_pages, fetch_union_entries
from web.translations import LANGUAGES

PAGES = ("/", "/method", "/accountability", "/accountability/report")
"""Pages beside the records', each in every language."""
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
XML = "application/xml"
ROBOTS = "User-agent: *\nDisallow: /api/\nAllow: /\n"

router = APIRouter(include_in_schema=False)


@router.get("/robots.txt")
async def send_robots(request: Request) -> Response:
    """Let search engines read the pages and leave the API alone. The sitemap is named where we know our address."""
    base = request.app.state.settings.base_url
    text = ROBOTS + (f"Sitemap: {base}/sitemap.xml\n" if base else "")
    return Response(text, headers={"Cache-Control": "public, max-age=86400"}, media_type="text/plain")


@router.get("/sitemap.xml")
async def send_index(request: Request) -> Response:
    """Name the pages of the sitemap."""
    async with open_snapshot(request) as (connection, dataset):
        etag = make_etag(dataset, f"{link_base(request)}/sitemap.xml")
        if unchanged := find_unchanged(request, etag):
            return unchanged
        pages = await recall_pages(request, connection, dataset)
    base, day = escape(link_base(request)), dataset.changed_at.date().isoformat()
    names = ["pages", "unions", *(str(page + 1) for page in pages)]
    entries = (f"<sitemap><loc>{base}/sitemap/{name}.xml</loc><lastmod>{day}</lastmod></sitemap>" for name in names)
    return send_xml("sitemapindex", "\n".join(entries).encode(), etag)


@router.get("/sitemap/{name}.xml")
async def send_page(request: Request, name: str) -> Response:
    """List one page of records, or the pages beside them."""
    base = escape(link_base(request))
    async with open_snapshot(request) as (connection, dataset):
        etag = make_etag(dataset, f"{link_base(request)}/sitemap/{name}.xml")
        if name == "pages":
            default = request.app.state.settings.default_language
            return send_xml("urlset", list_pages(base, default), etag)
        if name == "unions":
            return send_xml("urlset", await fetch_union_entries(connection, base), etag)
        pages = {str(page + 1): page for page in await recall_pages(request, connection, dataset)}
        if name not in pages:
            raise NotFound("The sitemap has no such page.")
        if unchanged := find_unchanged(request, etag):
            return unchanged
        entries = await fetch_entries(connection, pages[name], base, request.app.state.sitemap_size)
    return send_xml("urlset", entries, etag)


async def recall_pages(request: Request, connection: AsyncConnection, dataset: Dataset) -> tuple[int, ...]:
    """Return the numbers of the pages with records, remembered for a version of the data."""
    kept: tuple[int, ...] | None = request.app.state.sitemap_pages.find(dataset.version, "pages")
    if kept is None:
        kept = await fetch_pages(connection, request.app.state.sitemap_size)
        request.app.state.sitemap_pages.keep(dataset.version, "pages", kept)
    return kept


def list_pages(base: str, default_language: str) -> bytes:
    """Return the entries of the pages beside the records."""
    queries = ["" if tag == default_language else f"?lang={tag}" for tag in LANGUAGES]
    return "\n".join(f"<url><loc>{base}{path}{query}</loc></url>" for path in PAGES for query in queries).encode()


def send_xml(root: str, entries: bytes, etag: str) -> Response:
    """Return a document of the protocol of sitemaps."""
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{NAMESPACE}">\n'.encode()
    body = head + entries + f"\n</{root}>\n".encode()
    return Response(body, headers=cache_headers(etag), media_type=XML)
