"""The pages beside the map: who may frame what, what their links keep, and what a broken address gets."""

from __future__ import annotations

import re

import httpx
import pytest

from app.settings import ReaderSettings
from tests.app.conftest import open_client

pytestmark = pytest.mark.anyio

OTHERS = ["/", "/share", "/method", "/nothing", "/api", "/embed/", "/?region=x", "/embedded"]
QUERY = "layer=strikes,accidents&datetime=2016-01-01/..&region=440000&shade=none&lang=zh-Hans&theme=dark"


async def test_any_site_may_frame_the_embedded_map(client: httpx.AsyncClient) -> None:
    """The one page that may be framed has no forms and sets no cookie; all else of its policy is that of pages."""
    framed, page = await client.get("/embed"), await client.get("/")
    policy = framed.headers["content-security-policy"]
    assert "frame-ancestors *" in policy
    assert "form-action 'none'" in policy
    assert framed.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "set-cookie" not in framed.headers
    assert "<form" not in framed.text
    own = page.headers["content-security-policy"]
    assert own.partition("form-action")[0] == policy.partition("form-action")[0]


@pytest.mark.parametrize("path", OTHERS)
async def test_no_other_page_may_be_framed(client: httpx.AsyncClient, path: str) -> None:
    """SAFETY.md, attack 38: whoever frames a page could have its readers click what they do not see."""
    policy = (await client.get(path)).headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "frame-ancestors *" not in policy


@pytest.mark.parametrize("path", ["/embed", "/share"])
async def test_a_broken_address_says_what_is_wrong(client: httpx.AsyncClient, path: str) -> None:
    """A 400 in the reader's language; inside a frame the way back stays inside."""
    answer = await client.get(f"{path}?lang=zh-Hans&region=999999")
    assert answer.status_code == 400
    assert "<code>region</code>" in answer.text
    assert f'href="{"/embed" if path == "/embed" else "/"}?lang=zh-Hans"' in answer.text
    assert answer.headers["cache-control"] == "no-store"


async def test_links_of_the_embedded_map_stay_inside_but_one(china: httpx.AsyncClient) -> None:
    """Regions are steps inside the frame; the whole page opens elsewhere, with the same selection."""
    page = (await china.get(f"/embed?{QUERY}")).text
    links = re.findall(r'<a [^>]*href="([^"]*)"', page)
    outside = [link for link in links if not link.startswith("/embed?")]
    kept = "/?layer=strikes,accidents&amp;datetime=2016-01-01%2F..&amp;region=440000&amp;shade=none&amp;lang=zh-Hans"
    assert outside == [f"{kept}&amp;theme=dark"]
    assert 'target="_blank" rel="noopener"' in page


async def test_the_embedded_map_is_a_page_of_its_own_to_caches(client: httpx.AsyncClient) -> None:
    """What is remembered of one page is never sent for another."""
    first, framed, again = [await client.get(path) for path in ("/?lang=zh-Hant", "/embed?lang=zh-Hant", "/share")]
    assert len({answer.headers["etag"] for answer in (first, framed, again)}) == 3
    assert 'class="embed"' in framed.text
    assert 'class="embed"' not in (await client.get("/?lang=zh-Hant")).text


async def test_what_is_shared_begins_with_the_address_that_readers_know(reader_url: str) -> None:
    """The link and the frame's code are absolute, and keep the whole selection."""
    settings = ReaderSettings(reader_url=reader_url, base_url="https://map.example")
    async with open_client(settings) as client:
        page = (await client.get("/share?layer=strikes&theme=dark", headers={"Host": "map.example"})).text
    assert 'value="https://map.example/?layer=strikes&amp;theme=dark"' in page
    assert "src=&#34;https://map.example/embed?layer=strikes&amp;amp;theme=dark&#34;" in page


async def test_every_host_is_shared_under_its_own_name(client: httpx.AsyncClient) -> None:
    """A page that was made for one host is not remembered for another."""
    for host in ("localhost:8000", "127.0.0.1:9000"):
        page = (await client.get("/share", headers={"Host": host})).text
        assert f'value="http://{host}/"' in page
