"""Some hundred requests that schemathesis draws from the OpenAPI document; run_schemathesis.py makes many thousands."""

from __future__ import annotations

from tests.clients.live_server import Live
from tests.clients.run_schemathesis import run_schemathesis

CASES = 150


def test_answers_are_as_the_openapi_document_says(live: Live) -> None:
    """No 5xx, no status, media type or body that the document does not name; the seed is fixed."""
    outcome = run_schemathesis(live.api, 20_110_101, "--phases", "fuzzing", "--max-examples", "4")
    assert outcome.cases >= CASES, outcome.said
    assert outcome.passed, outcome.said
