"""docs/api.md says what is so: every address, filter and reason is in it, and its examples work."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

from app.main import ROUTERS
from app.readers.counts import FORMATS
from app.readers.descriptions import COLLECTIONS_SHOWN
from app.readers.exports import NAMES
from app.readers.regions import WAYS
from geo.serving.changes import CHANGE_PARAMETERS
from geo.serving.dimensions import REASONS, dimensions
from geo.serving.exports.formats import FORMATS as FILES
from geo.serving.filters import PAGE_NAMES, filter_names
from geo.serving.labels import SCRIPTS
from geo.serving.order import sortable_properties
from geo.serving.region_items import BANDS, PARAMETERS
from geo.serving.region_search import MATCHES
from geo.serving.union_items import UNION_PARAMETERS

TEXT = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`([^`]+)`", TEXT))
EXAMPLES = re.findall(r"^    (/api\S+)$", TEXT, re.MULTILINE)


@pytest.mark.parametrize(
    "name",
    sorted(
        {
            *filter_names("records"),
            *PAGE_NAMES,
            *sortable_properties("records"),
            "by",
            *PARAMETERS,
            *BANDS,
            "f",
            "labels",
            *UNION_PARAMETERS,
            *CHANGE_PARAMETERS,
            *WAYS,
            *MATCHES,
            *FORMATS,
            *FILES,
            *NAMES,
            *SCRIPTS,
            *dimensions("records"),
            *REASONS,
            *COLLECTIONS_SHOWN,
        }
    ),
)
def test_every_parameter_and_word_of_an_answer_is_documented(name: str) -> None:
    """A filter that is not in the document does not exist for its readers."""
    assert name in NAMED


def test_every_route_of_the_api_is_documented() -> None:
    """The table of addresses is complete."""
    paths = {str(getattr(route, "path", "")) for router in ROUTERS for route in router.routes}
    assert {path for path in paths if path.startswith("/api/")} <= NAMED


@pytest.mark.anyio
@pytest.mark.parametrize("url", EXAMPLES)
async def test_the_examples_work(client: httpx.AsyncClient, url: str) -> None:
    """Whoever copies one gets an answer."""
    assert (await client.get(url)).status_code == 200


def test_there_are_examples() -> None:
    """The pattern that finds them still does."""
    assert len(EXAMPLES) > 4
