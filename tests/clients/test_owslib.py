"""OWSLib's client of OGC API - Features finds its way by itself and reads what the API has."""

from __future__ import annotations

import pytest
from owslib.ogcapi.features import Features

from app.readers.conformance import CONFORMANCE
from app.readers.descriptions import COLLECTIONS_SHOWN
from geo.layers import RECORDS
from geo.serving.filters import filterable_properties
from tests.clients.live_server import Live


@pytest.fixture(scope="module")
def client(live: Live) -> Features:
    """OWSLib's client at the landing page."""
    return Features(f"{live.api}/")


def test_owslib_reads_the_conformance(client: Features) -> None:
    """The classes are those declared."""
    assert client.conformance()["conformsTo"] == list(CONFORMANCE)


def test_owslib_knows_the_collections_of_features(client: Features) -> None:
    """All of them hold features."""
    assert client.feature_collections() == list(COLLECTIONS_SHOWN)
    assert client.collection("strikes")["id"] == "strikes"


@pytest.mark.parametrize("collection", RECORDS)
def test_owslib_reads_queryables(client: Features, collection: str) -> None:
    """What can be filtered by is what is declared."""
    assert set(filterable_properties(collection)) <= set(client.collection_queryables(collection)["properties"])


def test_owslib_reads_filtered_items(client: Features, live: Live) -> None:
    """Box, days and a property are passed on, and every feature found has them."""
    live.forget()
    chosen = {"bbox": [105, 20, 122, 40], "datetime": "2014-01-01/2018-12-31", "industry": "construction"}
    found = client.collection_items("strikes", limit=1000, **chosen)
    assert live.asked("strikes")[0] == {
        "bbox": ["105,20,122,40"],
        "datetime": ["2014-01-01/2018-12-31"],
        "industry": ["construction"],
        "limit": ["1000"],
    }
    assert found["numberMatched"] == found["numberReturned"] == len(found["features"]) > 0
    for feature in found["features"]:
        lon, lat = feature["geometry"]["coordinates"]
        assert 105 <= lon <= 122
        assert 20 <= lat <= 40
        assert feature["properties"]["industry"] == "construction"


def test_owslib_reads_one_record(client: Features) -> None:
    """By the id that a list gave."""
    listed = client.collection_items("accountability", limit=1)["features"][0]
    found = client.collection_item("accountability", listed["id"])
    assert found["properties"] == listed["properties"]
