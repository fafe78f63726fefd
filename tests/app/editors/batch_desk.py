"""The editors' application with a folder of uploads and a worker that is run when a test says so."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from geo.cluster import Cluster
from geo.loading.workflow_run import Worker
from geo.publishing.publish import publish_batch
from tests.editing import Browser, Editing, open_editing

HEAD = "source_id,starts_on,title_en,region,sources,industry\n"
MAP = "http://map.example"

Work = Callable[[], None]


@pytest.fixture(scope="module")
def desk(cluster: Cluster, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editing]:
    """The editors' application with a folder of uploads of its own, beside a public map."""
    with open_editing(cluster, template, uploads_dir=tmp_path_factory.mktemp("uploads"), base_url=MAP) as opened:
        yield opened


@pytest.fixture
def work(desk: Editing) -> Work:
    """Let a worker do all that waits."""
    folder: Path = desk.app.state.settings.uploads_dir
    worker = Worker(desk.engine, folder, secrets.token_hex(4), publish_batch)

    def run() -> None:
        while worker.run_next() is not None:
            pass

    return run


def make_file(count: int = 3, industry: str = "manufacturing", *, broken: int = 0) -> bytes:
    """Make a file of strikes that no other test has; the last `broken` rows have no date."""
    name = secrets.token_hex(4)
    days = [f"2019-{n % 12 + 1:02d}-03" for n in range(count)] + [""] * broken
    lines = (f"{name}-{n},{day},Walkout {name} {n},440300,Paper,{industry}" for n, day in enumerate(days))
    return (HEAD + "\n".join(lines) + "\n").encode()


def send_file(browser: Browser, content: bytes, layer: str = "strikes", **fields: str) -> httpx.Response:
    """Send the form of an upload."""
    data = {"layer": layer, "source": "test"} | fields
    return browser.post("/editor/batches", data, files={"file": (fields.pop("name", "strikes.csv"), content)})


def upload(browser: Browser, work: Work, content: bytes, layer: str = "strikes", **fields: str) -> str:
    """Send a file, let the worker look at it, and return the address of its page."""
    answer = send_file(browser, content, layer, **fields)
    assert answer.status_code == 303, answer.text
    work()
    return answer.headers["location"]


def read_hash(page: str) -> str:
    """Read the content hash that stands in the form of a commit or an approval."""
    found = re.search(r'name="content_hash" value="([0-9a-f]{64})"', page)
    assert found is not None
    return found[1]
