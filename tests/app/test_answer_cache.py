"""Answers made once are sent again, while the data stays; validators are strong, in every coding."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from app.answer_cache import Answers, Kept
from app.main import public_app
from app.settings import ReaderSettings
from geo.cluster import Cluster
from geo.publishing.dataset_version import move_dataset_version
from geo.serving.tables import dataset_version
from tests.app.conftest import open_client, until

pytestmark = pytest.mark.anyio

ITEMS = "/api/collections/records/items"
COUNTS = "/api/collections/records/counts?by=year"
PACKED = {"Accept-Encoding": "gzip"}
PLAIN = {"Accept-Encoding": "identity"}


@pytest.fixture
async def app_and_client(reader_url: str) -> AsyncIterator[tuple[FastAPI, httpx.AsyncClient]]:
    """An application that knows the version of the data, and a client of it."""
    app = public_app(ReaderSettings(reader_url=reader_url))
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://localhost") as client,
    ):
        await until(lambda: app.state.watch.dataset is not None)
        yield app, client


@contextmanager
def a_locked_table(cluster: Cluster, published: str) -> Iterator[None]:
    """Keep every reader from the table of the records."""
    owner = sa.create_engine(cluster.url(published))
    with owner.begin() as holding:
        holding.exec_driver_sql("LOCK TABLE published.feature, published.dataset_version IN ACCESS EXCLUSIVE MODE")
        yield
    owner.dispose()


async def test_a_kept_answer_and_304_ask_the_database_nothing(
    app_and_client: tuple[FastAPI, httpx.AsyncClient], cluster: Cluster, published: str
) -> None:
    """Even a database in which every table is locked does not hold them up."""
    _, client = app_and_client
    first = await client.get(ITEMS)
    with a_locked_table(cluster, published):
        async with asyncio.timeout(0.9):
            again = await client.get(ITEMS)
            unchanged = await client.get(ITEMS, headers={"If-None-Match": first.headers["etag"]})
    assert again.content == first.content
    assert again.headers["x-request-id"] != first.headers["x-request-id"]
    assert {**again.headers, "x-request-id": ""} == {**first.headers, "x-request-id": ""}
    assert (unchanged.status_code, unchanged.content) == (304, b"")


async def test_what_a_route_said_is_unchanged_is_not_asked_again(
    app_and_client: tuple[FastAPI, httpx.AsyncClient], reader_url: str, cluster: Cluster, published: str
) -> None:
    """The validator is kept without an answer: here another process gave it, else the answer was forgotten."""
    _, client = app_and_client
    async with open_client(ReaderSettings(reader_url=reader_url)) as other:
        known = {"If-None-Match": (await other.get(COUNTS)).headers["etag"]}
    assert (await client.get(COUNTS, headers=known)).status_code == 304
    with a_locked_table(cluster, published):
        async with asyncio.timeout(0.9):
            assert (await client.get(COUNTS, headers=known)).status_code == 304
    assert (await client.get(COUNTS)).json()["total"] > 0


async def test_a_new_version_of_the_data_is_answered_anew(
    app_and_client: tuple[FastAPI, httpx.AsyncClient], cluster: Cluster, published: str
) -> None:
    """NOTIFY tells of the commit, and nothing that was kept before is sent any more."""
    app, client = app_and_client
    first = await client.get(ITEMS)
    version = app.state.watch.dataset.version
    owner = sa.create_engine(cluster.url(published))
    try:
        with owner.begin() as publishing:
            move_dataset_version(publishing)
        # Sooner than by the question that is asked once a second.
        await until(lambda: app.state.watch.dataset.version > version, seconds=0.8)
        second = await client.get(ITEMS, headers={"If-None-Match": first.headers["etag"]})
        assert second.status_code == 200
        assert second.json()["datasetVersion"] == version + 1
        assert second.headers["etag"] != first.headers["etag"]
    finally:
        with owner.begin() as publishing:
            publishing.execute(sa.update(dataset_version).values(version=version))
        owner.dispose()


async def test_each_coding_has_a_strong_validator_of_its_own(client: httpx.AsyncClient) -> None:
    """The bytes differ, so the validators do; whoever has one of them has the answer."""
    tags = {}
    for coding in ("identity", "gzip", "br", "zstd"):
        headers = {"Accept-Encoding": coding}
        one, other = await client.get(ITEMS, headers=headers), await client.get(ITEMS, headers=headers)
        assert one.headers["etag"] == other.headers["etag"]
        assert one.content == other.content
        tags[coding] = one.headers["etag"]
        assert one.headers.get("content-encoding", "identity") == coding
    assert len(set(tags.values())) == 4
    assert not [tag for tag in tags.values() if not tag.startswith('"')]
    for coding in tags:
        for given in tags.values():
            answer = await client.get(ITEMS, headers={"Accept-Encoding": coding, "If-None-Match": given})
            assert (answer.status_code, answer.headers["etag"]) == (304, given)


async def test_the_same_bytes_come_whichever_process_answers(reader_url: str) -> None:
    """A strong validator promises that, to caches that hold pieces of both."""
    answers = []
    for _ in range(2):
        async with open_client(ReaderSettings(reader_url=reader_url)) as client:
            answers.append(await client.get(ITEMS, headers=PACKED))
    assert answers[0].headers["etag"] == answers[1].headers["etag"]
    assert answers[0].content == answers[1].content


@pytest.mark.parametrize("path", [ITEMS, "/api/collections/records/counts?by=province", "/", "/api/status"])
async def test_the_head_is_that_of_the_answer(client: httpx.AsyncClient, path: str) -> None:
    """HEAD gives the headers of GET without a body, whether the answer is kept or not."""
    first, got = await client.head(path, headers=PLAIN), await client.get(path, headers=PLAIN)
    again = await client.head(path, headers=PLAIN)
    for head in (first, again):
        assert head.content == b""
        assert {**head.headers, "x-request-id": ""} == {**got.headers, "x-request-id": ""}


async def test_hosts_and_formats_are_kept_apart(client: httpx.AsyncClient) -> None:
    """Links hold the host, and Accept may choose the format."""
    at_number = await client.get(ITEMS, headers={"Host": "127.0.0.1"})
    at_name = await client.get(ITEMS, headers={"Host": "localhost"})
    assert "http://127.0.0.1/api" in at_number.text
    assert "127.0.0.1" not in at_name.text
    counts = "/api/collections/records/counts?by=province"
    table = await client.get(counts, headers={"Accept": "text/csv"})
    document = await client.get(counts, headers={"Accept": "application/json"})
    assert (table.headers["content-type"][:8], document.headers["content-type"]) == ("text/csv", "application/json")
    assert table.headers["etag"] != document.headers["etag"]


async def test_a_problem_is_never_kept(app_and_client: tuple[FastAPI, httpx.AsyncClient]) -> None:
    """What was refused may be asked again."""
    _, client = app_and_client
    ids = {(await client.get(f"{ITEMS}?limit=0")).headers["x-request-id"] for _ in range(2)}
    bodies = {(await client.get(f"{ITEMS}?limit=0")).json()["request_id"] for _ in range(2)}
    assert len(ids) == len(bodies) == 2


def test_the_least_used_answers_are_forgotten() -> None:
    """What is kept stays below a number of bytes."""
    answers = Answers(most=10_000)
    for number in range(10):
        answers.keep((b"%d" % number,), Kept(1, b"", [], b"x" * 2_000, None))
        answers.find((b"0",))
    assert len(answers) == 3
    assert answers.find((b"0",)) is not None
    assert answers.find((b"1",)) is None
    assert answers.find((b"9",)) is not None
