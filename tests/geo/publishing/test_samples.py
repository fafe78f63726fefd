"""The sample records, by the whole way from their files to what the public sees."""

from __future__ import annotations

import json

import sqlalchemy as sa

from geo.loading.samples import load_samples
from geo.publishing.publish import publish_due


def test_the_samples_are_published_in_all_four_layers(connection: sa.Connection) -> None:
    """They come from a published report and carry its mark: sources and links are shown, days of calls are not."""
    loaded = load_samples(connection)
    assert publish_due(connection) == loaded == 35
    counts = sa.text("SELECT layer, count(*) AS records FROM published.feature GROUP BY layer")
    assert {row.layer: row.records for row in connection.execute(counts)} == {
        "strikes": 7,
        "accidents": 9,
        "calls_for_help": 8,
        "accountability": 11,
    }
    told = [
        json.loads(text)["properties"]
        for text in connection.scalars(sa.text("SELECT geojson FROM published.feature_text"))
    ]
    assert all(properties["sources"] for properties in told)
    calls = [properties for properties in told if properties["layer"] == "calls_for_help"]
    assert all(call["county"] is None and call["starts_on"].endswith("-01") for call in calls)
    assert all(call["date_precision"] in {"month", "range"} for call in calls)
    cases = [properties for properties in told if properties["layer"] == "accountability"]
    assert [len(case["incidents"]) for case in cases].count(0) == 1, (
        "one case of the report is about no incident of ours"
    )
    assert any(line["quote_en"] or line["quote_zh_hans"] for case in cases for line in case["contacts"])
