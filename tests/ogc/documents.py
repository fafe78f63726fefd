"""What the abstract tests read: JSON documents, their links, and the pages of a collection."""

from __future__ import annotations

from typing import Any

import httpx

from app.readers.descriptions import COLLECTIONS_SHOWN

API = "http://localhost/api"
COLLECTIONS = tuple(COLLECTIONS_SHOWN)
PROBLEM = "application/problem+json"


async def read(client: httpx.AsyncClient, url: str) -> dict[str, Any]:
    """Return a JSON document that answers 200."""
    answer = await client.get(url)
    assert answer.status_code == 200, (url, answer.text)
    document: dict[str, Any] = answer.json()
    return document


def find_link(document: dict[str, Any], rel: str, media_type: str | None = None) -> dict[str, str] | None:
    """Return the first link with a relation, and with a media type if one is given."""
    for link in document["links"]:
        if link["rel"] == rel and (media_type is None or link["type"] == media_type):
            found: dict[str, str] = link
            return found
    return None


def get_link(document: dict[str, Any], rel: str, media_type: str | None = None) -> dict[str, str]:
    """Return the link, which must be there."""
    link = find_link(document, rel, media_type)
    assert link is not None, (rel, media_type, document["links"])
    return link


async def read_pages(client: httpx.AsyncClient, url: str, most: int = 50) -> list[dict[str, Any]]:
    """Return a page and all that follow it by rel=next."""
    pages = [await read(client, url)]
    while (link := find_link(pages[-1], "next")) is not None:
        assert len(pages) < most, "the walk does not end"
        pages.append(await read(client, link["href"]))
    return pages


def ids_of(pages: list[dict[str, Any]]) -> list[str]:
    """Return the ids of all features of some pages."""
    return [feature["id"] for page in pages for feature in page["features"]]
