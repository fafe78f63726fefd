"""A marker planted in every private column is in no answer, header or log line, whatever is asked."""

from __future__ import annotations

import io
import json
import logging
import re
import secrets
import zipfile
from collections.abc import Iterator

import httpx
import pyarrow.parquet as pq
import pytest

from app.logs import configure_logs
from app.main import ROUTERS
from app.readers.collection_kinds import KINDS
from app.settings import ReaderSettings
from geo.cluster import Cluster
from geo.database import READER_ROLE, make_engine
from geo.layers import COLLECTIONS
from geo.publishing.publish import publish_reference
from geo.serving.dimensions import dimensions
from geo.serving.exports.formats import FORMATS
from geo.serving.filters import filterable_properties
from tests.app.conftest import open_client
from tests.conftest import copy_database
from tests.private_records import MARKER, Records, plant_canaries
from web.translations import LANGUAGES

ADDRESS = re.compile(r"""["'(](?:http://localhost)?(/[A-Za-z0-9._~/?=&%,:+-]*)["')]""")
MOST_VISITS = 1500
TILES = ("0/0/0", "5/13/26", "8/111/209", "10/446/837", "12/1785/3349", "14/7142/13397")
CLB_PATHS = ("", "clb", "strikes", "strikes/en", "accidents", "callsforhelp")


@pytest.fixture(scope="module")
def planted_url(cluster: Cluster, template: str) -> Iterator[str]:
    """The reader's address of a database where the marker stands in every private text."""
    name = f"canary_{secrets.token_hex(4)}"
    engine = make_engine(copy_database(cluster, template, name))
    try:
        with engine.begin() as connection:
            publish_reference(connection)
            records = Records(connection)
            plant_canaries(records)
            records.publish()
    finally:
        engine.dispose()
    yield cluster.url(name, READER_ROLE)
    cluster.drop_database(name)


def list_questions() -> list[str]:
    """Return questions of every kind; links in the answers lead to more."""
    asked = [
        "/",
        "/embed",
        "/share?region=440300",
        "/export/map.svg?region=440300",
        "/api",
        "/api/",
        "/robots.txt",
        *("/sitemap.xml", "/sitemap/1.xml"),
        "/favicon.ico",
        "/?lang=zh-Hans",
        "/?tab=filters",
        f"/?region=440300&q={MARKER[:6]}",
    ]
    for collection in COLLECTIONS:
        base = f"/api/collections/{collection}"
        asked += [f"{base}/counts?by={by}" for by in dimensions(collection)]
        asked += [f"{base}/counts?by=county&labels=en&f={name}" for name in ("csv", "geojson")]
        asked += [f"{base}/items?{name}=unknown" for name in filterable_properties(collection)]
        asked += [f"{base}/items?limit=2", f"{base}/items?colour=red", f"{base}/items?bbox=73,3,136,54"]
        asked += [f"{base}/facets?labels=en", f"{base}/items?labels=en&limit=100", f"{base}/items?f=html"]
        asked += [f"{base}/tiles/WebMercatorQuad/{place}" for place in TILES]
    asked += ["/api/accountability/statistics?by=county,year", "/api/accountability/statistics?by=industry&f=csv"]
    asked += ["/api/accountability/reference", "/accountability", "/accountability/report", "/unions/1"]
    for collection in KINDS:
        parts = ("", "/queryables", "/sortables", "/schema", "/tiles", "/tiles/WebMercatorQuad")
        asked += [f"/api/collections/{collection}{part}" for part in parts]
        asked += [f"/api/collections/{collection}/items?f={name}&download=true" for name in FORMATS]
    asked += [f"/api/tiles/WebMercatorQuad/{place}" for place in TILES]
    asked += [f"/{path}?eventId=1{MARKER[:6]}&addressId=440300&keyword=a&map=1" for path in CLB_PATHS]
    asked += ["/api/tiles", "/api/tiles/WebMercatorQuad", "/api/tileMatrixSets/WebMercatorQuad", "/api/docs"]
    asked += ["/api/regions?q=guang", "/api/changes?f=ndjson", "/api/vocabularies/industry?f=csv", "/api/styles/light"]
    return [*asked, "/api/collections/regions/items?level=province&band=national", "/api/collections/strikes/items/x"]


def unpack(url: str, content: bytes) -> bytes:
    """Return what is in an answer, also where a file has it compressed."""
    if "f=xlsx" in url:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return b"".join(parts.read(name) for name in parts.namelist())
    if "f=parquet" in url:
        table = pq.read_table(io.BytesIO(content))
        return repr((table.to_pylist(), table.schema.metadata)).encode()
    return content


@pytest.mark.anyio
async def test_nothing_private_is_in_any_answer_header_or_log_line(planted_url: str) -> None:
    """Ask everything, follow every link, open every record: the marker is nowhere."""
    lines = io.StringIO()
    ours = logging.getLogger("labourmap")
    before = (ours.handlers, ours.level, ours.propagate)
    configure_logs(lines)
    async with open_client(ReaderSettings(reader_url=planted_url)) as client:
        met = await visit_everything(client)
    ours.handlers, ours.level, ours.propagate = before
    shown = {url: answer for url, answer in met.items() if "/items/" in url and answer.status_code == 200}
    assert {url.rpartition("/")[2][:1] for url in shown} >= {"S", "A", "H", "U"}, "the planted records are public"
    for url, answer in met.items():
        found = unpack(url, answer.content) if answer.status_code == 200 else answer.content
        assert MARKER.encode() not in found, url
        assert MARKER not in str(answer.headers), url
    assert MARKER not in lines.getvalue()
    routes = {json.loads(line).get("route") for line in lines.getvalue().splitlines()}
    assert {str(getattr(route, "path", "")) for router in ROUTERS for route in router.routes} <= routes


async def visit_everything(client: httpx.AsyncClient) -> dict[str, httpx.Response]:
    """Return every answer that questions and links lead to."""
    met: dict[str, httpx.Response] = {}
    waiting = list_questions()
    while waiting and len(met) < MOST_VISITS:
        url = waiting.pop(0)
        if url in met:
            continue
        answer = await client.get(url)
        assert answer.status_code < 500, url
        met[url] = answer
        media_type = answer.headers.get("content-type", "")
        if not url.startswith("/static") and ("json" in media_type or "html" in media_type):
            waiting += ADDRESS.findall(answer.text.replace("&amp;", "&"))
        if media_type == "application/geo+json" and "features" in answer.json():
            collection, ids = url.partition("/items")[0], [feature["id"] for feature in answer.json()["features"]]
            waiting += [f"{collection}/items/{one}" for one in ids]
            waiting += [f"{collection}/items/{one}/{part}" for one in ids[:1] for part in ("unions", "linked")]
            waiting += [f"/records/{one}?lang={language}" for one in ids for language in LANGUAGES]
            waiting += [f"/?record={one}" for one in ids] + [f"/api/changes?public_id={one}" for one in ids]
    return met
