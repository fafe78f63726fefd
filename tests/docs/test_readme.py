"""What the README says works as it says."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from app.main import public_app
from app.settings import ReaderSettings
from geo.cluster import Cluster
from geo.database import READER_ROLE, make_engine
from geo.loading.samples import load_samples
from geo.publishing.publish import publish_due, publish_reference
from tests.conftest import ROOT, copy_database
from tests.published import anyio_backend

__all__ = ["anyio_backend"]

README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.fixture
def sample_reader_url(cluster: Cluster, template: str) -> Iterator[str]:
    """The reader's address of a database as `scripts/serve` makes it on an empty machine."""
    name = f"readme_{os.getpid()}"
    engine = make_engine(copy_database(cluster, template, name))
    with engine.begin() as connection:
        publish_reference(connection)
        load_samples(connection)
        publish_due(connection)
    engine.dispose()
    yield cluster.url(name, user=READER_ROLE)
    cluster.drop_database(name)


@pytest.mark.anyio
async def test_the_example_answers_as_shown(sample_reader_url: str) -> None:
    """A newcomer who types the command sees the answer that stands below it."""
    found = re.search(r"curl '([^']+)'\n```.*?```json\n(.+?)\n```", README, re.DOTALL)
    assert found is not None
    address, shown = urlsplit(found[1]), json.loads(found[2])
    app = public_app(ReaderSettings(reader_url=sample_reader_url))
    transport = httpx.ASGITransport(app)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport) as client:
        answer = await client.get(f"http://localhost{address.path}?{address.query}")
    assert answer.json() == shown


def test_the_first_lines_say_what_it_is_and_is_not() -> None:
    """Nobody should take it for a work of China Labour Bulletin."""
    beginning = README.split("## Run it")[0]
    assert "independent successor, in purpose" in beginning
    assert "not affiliated with China Labour Bulletin, nor endorsed by it" in beginning


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_within_the_project_lead_somewhere(document: os.PathLike[str]) -> None:
    """A link to a file of ours names a file that is there."""
    path = ROOT / document
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


def test_every_decision_record_has_its_four_parts() -> None:
    """Context, decision, consequences, and when to think again."""
    records = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [path.name[:4] for path in records] == [f"{number:04}" for number in range(1, len(records) + 1)]
    for path in records:
        headings = re.findall(r"^## (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert headings == ["Context", "Decision", "Consequences", "Reconsider when"], path.name
