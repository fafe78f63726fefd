"""The contract of every error: RFC 9457 problem+json, small, with an id, without what was asked and without secrets.

`check_problem` is the shape; it is applied to every way to fail.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator

import anyio.from_thread
import httpx
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.problems import UNEXPECTED, shorten
from app.settings import ReaderSettings
from geo.cluster import Cluster
from geo.serving.filters import PAGE_NAMES, filter_names
from tests.app.conftest import open_client

ITEMS = "/api/collections/strikes/items"
SECRETS = ("Traceback", "psycopg", "sqlalchemy", "SELECT", "published.", ".py", "labourmap_reader", "password")


def check_problem(answer: httpx.Response, status: int) -> dict[str, object]:
    """Check the shape of a problem and return it."""
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert "server" not in answer.headers
    assert len(answer.content) < 2000
    problem: dict[str, object] = json.loads(answer.content)
    assert set(problem) - {"invalid_params"} == {"type", "title", "status", "detail", "request_id"}
    assert problem["type"] == "about:blank"
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    assert problem["request_id"] == answer.headers["x-request-id"]
    assert not [secret for secret in SECRETS if secret in answer.text]
    for fault in problem.get("invalid_params", []):  # type: ignore[attr-defined]
        assert set(fault) == {"name", "reason"}
        assert len(fault["name"]) <= 100
        assert fault["name"].isprintable()
    return problem


WAYS_TO_FAIL: list[tuple[str, str, int]] = [
    ("GET", f"{ITEMS}?colour=red", 400),
    ("GET", f"{ITEMS}?region=' OR 1=1--", 400),
    ("GET", f"{ITEMS}?region=999999", 400),
    ("GET", f"{ITEMS}?sub_industry=x", 400),
    ("GET", f"{ITEMS}?limit=0", 400),
    ("GET", f"{ITEMS}?limit={'9' * 5000}x", 400),
    ("GET", f"{ITEMS}?offset=1e12", 400),
    ("GET", f"{ITEMS}?sortby=title;select 1", 400),
    ("GET", f"{ITEMS}?properties=exact_geom", 400),
    ("GET", f"{ITEMS}?filter=contact LIKE '1%'", 400),
    ("GET", f"{ITEMS}?bbox=NaN,1,2,3", 400),
    ("GET", f"{ITEMS}?bbox=1,2,3,4,5", 400),
    ("GET", f"{ITEMS}?datetime=2024-02-30", 400),
    ("GET", f"{ITEMS}?after=2016", 400),
    ("GET", f"{ITEMS}?employers={'x' * 201}", 400),
    ("GET", f"{ITEMS}?employers=%00", 400),
    ("GET", f"{ITEMS}?{'x' * 3000}=1", 400),
    ("GET", f"{ITEMS}?%E2%80%AE%00=1", 400),
    ("GET", f"{ITEMS}?{'&'.join(f'a{n}=1' for n in range(900))}", 400),
    ("GET", f"{ITEMS}?{'&'.join(f'region={n}' for n in range(500))}", 400),
    ("GET", "/api/collections/strikes/counts", 400),
    ("GET", "/api/collections/strikes/counts?by=colour", 400),
    ("GET", "/api/collections/strikes/counts?by=province&limit=1", 400),
    ("GET", "/api/collections/regions/items?level=town", 400),
    ("GET", "/api/collections?utm=1", 400),
    ("GET", "/api/?utm=1", 400),
    ("GET", f"{ITEMS}/S-2016-000001?utm=1", 400),
    ("GET", "/api/collections/nothing", 404),
    ("GET", "/api/collections/nothing/items", 404),
    ("GET", "/api/collections/regions/counts?by=province", 404),
    ("GET", f"{ITEMS}/S-1999-000001", 404),
    ("GET", "/docs", 404),
    ("GET", "/openapi.json", 404),
    ("GET", "/api//collections", 404),
    ("GET", "/api/%2e%2e/collections", 404),
    ("GET", "/api/collections/", 404),
    ("POST", "/api/collections", 405),
    ("DELETE", ITEMS, 405),
    ("TRACE", ITEMS, 405),
    ("GET", f"{ITEMS}/S-2014-000009", 410),
    ("GET", f"{ITEMS}?employers={'x' * 8192}", 414),
]


@pytest.mark.anyio
@pytest.mark.parametrize(("method", "url", "status"), WAYS_TO_FAIL)
async def test_every_way_to_fail_has_the_same_shape(
    client: httpx.AsyncClient, method: str, url: str, status: int
) -> None:
    """A client needs one piece of code for all errors."""
    check_problem(await client.request(method, url), status)


@pytest.mark.anyio
async def test_the_parameters_at_fault_are_named_with_what_is_allowed(client: httpx.AsyncClient) -> None:
    """An error says how to mend the request."""
    problem = check_problem(await client.get(f"{ITEMS}?industry=ming&bbox=1"), 400)
    faults = {fault["name"]: fault["reason"] for fault in problem["invalid_params"]}  # type: ignore[attr-defined]
    assert set(faults) == {"industry", "bbox"}
    assert "mining" in faults["industry"]


@pytest.mark.anyio
async def test_a_method_that_changes_things_is_told_what_is_allowed(client: httpx.AsyncClient) -> None:
    """405 comes with Allow."""
    answer = await client.put(ITEMS)
    check_problem(answer, 405)
    assert "GET" in answer.headers["allow"]


@pytest.mark.anyio
async def test_headers_that_are_too_long_are_refused(client: httpx.AsyncClient) -> None:
    """Before anything is read."""
    check_problem(await client.get("/api", headers={"X-Long": "x" * 33_000}), 431)


@pytest.mark.anyio
@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost:80:80", "a b", "[::1", ""])
async def test_a_foreign_host_is_refused(client: httpx.AsyncClient, host: str) -> None:
    """Its name would stand in links."""
    check_problem(await client.get("/api", headers={"Host": host}), 400)


@pytest.mark.anyio
async def test_a_database_that_is_away_is_a_matter_of_waiting(caplog: pytest.LogCaptureFixture) -> None:
    """503 with Retry-After; the address of the database is nobody's business."""
    url = "postgresql+psycopg://labourmap_reader:password@/labourmap?host=/nowhere"
    with caplog.at_level(logging.CRITICAL):
        async with open_client(ReaderSettings(reader_url=url)) as client:
            answer = await client.get(ITEMS)
            landing = await client.get("/api")
    check_problem(answer, 503)
    assert int(answer.headers["retry-after"]) > 0
    assert landing.status_code == 200


@pytest.mark.anyio
async def test_a_statement_that_takes_too_long_is_a_matter_of_waiting(
    cluster: Cluster, published: str, reader_url: str
) -> None:
    """The database's own limit ends it; here it waits for a lock that an editor holds."""
    impatient = sa.make_url(reader_url).update_query_dict({"options": "-c statement_timeout=150"})
    owner = sa.create_engine(cluster.url(published))
    with owner.begin() as holding:
        holding.exec_driver_sql("LOCK TABLE published.feature IN ACCESS EXCLUSIVE MODE")
        text = impatient.render_as_string(hide_password=False)
        async with open_client(ReaderSettings(reader_url=text)) as client:
            answer = await client.get(ITEMS)
    owner.dispose()
    check_problem(answer, 503)
    assert int(answer.headers["retry-after"]) > 0


@pytest.mark.anyio
async def test_connections_that_were_cut_are_made_again(
    cluster: Cluster, published: str, client: httpx.AsyncClient
) -> None:
    """A restart of the database costs no answer once it is back."""
    assert (await client.get(ITEMS)).status_code == 200
    superuser = sa.create_engine(cluster.url(published, "postgres"), isolation_level="AUTOCOMMIT")
    with superuser.connect() as connection:
        cut = sa.text(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE datname = :name AND usename = 'labourmap_reader'"
        )
        assert connection.scalar(cut, {"name": published})
    superuser.dispose()
    assert (await client.get(ITEMS)).status_code == 200


@pytest.mark.anyio
async def test_an_unexpected_error_keeps_its_text_to_itself(
    cluster: Cluster, published: str, reader_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    """500 says nothing of what went wrong, and the log nothing of what was asked; here a table has gone."""
    owner = sa.create_engine(cluster.url(published))
    with owner.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE published.feature_text RENAME TO gone")
    try:
        async with open_client(ReaderSettings(reader_url=reader_url)) as client:
            answer = await client.get(f"{ITEMS}?employers=Somebody")
    finally:
        with owner.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE published.gone RENAME TO feature_text")
        owner.dispose()
    assert check_problem(answer, 500)["detail"] == UNEXPECTED
    (record,) = [record for record in caplog.records if record.name == "labourmap.errors"]
    logged = json.dumps(record.fields)  # type: ignore[attr-defined]
    assert "ProgrammingError" in logged
    assert "features.py" in logged
    assert "Somebody" not in logged


def test_what_is_repeated_is_short_and_printable() -> None:
    """No control character, no direction mark, 100 characters at most."""
    assert shorten("a\u202eb\x00c" + "x" * 500) == "abc" + "x" * 97


@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
def test_no_request_for_items_or_counts_breaks_the_server(
    fuzzed: Callable[[str], httpx.Response], data: st.DataObject
) -> None:
    """Whatever the parameters: an answer, or a problem that blames the request."""
    names = [*filter_names("records"), *PAGE_NAMES, "by", "f", "labels"]
    nearly = st.one_of(
        st.text(),
        st.sampled_from(
            ["unknown", "440300", "province", "2016-01-01/..", "1", "-1", "1e309", "9" * 30, "mining", "%s"]
        ),
        st.integers().map(str),
        st.floats().map(str),
        st.dates().map(str),
        st.lists(st.floats(), max_size=7).map(lambda numbers: ",".join(map(str, numbers))),
    )
    names_given = st.one_of(st.sampled_from(names), st.text(max_size=20))
    parameters = data.draw(st.lists(st.tuples(names_given, nearly), max_size=4))
    resource = data.draw(st.sampled_from(["items", "counts", "facets"]))
    collection = data.draw(st.sampled_from(["records", "strikes", "regions"]))
    asked = httpx.QueryParams([(name, value.encode("utf-8", "replace").decode()) for name, value in parameters])
    answer = fuzzed(f"/api/collections/{collection}/{resource}?{asked}")
    if answer.status_code != 200:
        assert answer.status_code in {400, 404, 414}
        check_problem(answer, answer.status_code)


@pytest.fixture(scope="module")
def fuzzed(reader_url: str) -> Iterator[Callable[[str], httpx.Response]]:
    """Ask the public application from synchronous code, in one event loop for many requests."""
    opening = open_client(ReaderSettings(reader_url=reader_url))
    with (
        anyio.from_thread.start_blocking_portal("asyncio") as portal,
        portal.wrap_async_context_manager(opening) as client,
    ):
        yield lambda url: portal.call(client.get, url)
