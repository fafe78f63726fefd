"""Regions: the way up and down, and the collection of their outlines."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.errors import BadRequest
from geo.serving.region_items import (
    RegionPage,
    fetch_region_page,
    find_region_feature,
    parse_region_query,
    write_region_query,
)
from geo.serving.regions import (
    fetch_ancestors,
    fetch_boundaries,
    fetch_children,
    fetch_region,
    fetch_topology,
    fetch_topology_hashes,
)
from tests.published import PROVINCES, REGIONS

pytestmark = pytest.mark.anyio


async def ask(reading: AsyncConnection, **parameters: str) -> RegionPage:
    """Return the page that a request for regions gets."""
    return await fetch_region_page(reading, parse_region_query(parameters.items()))


def read_features(page: RegionPage) -> list[dict[str, Any]]:
    """Return the features of a page."""
    found: list[dict[str, Any]] = json.loads(b"[" + page.features + b"]")
    return found


async def test_a_bare_code_means_the_highest_level_that_has_it(reading: AsyncConnection) -> None:
    """A municipality stands at two levels under one code."""
    found = await fetch_region(reading, "110000")
    assert found is not None
    assert found.level == "province"
    finer = await fetch_region(reading, "110000", "prefecture")
    assert finer is not None
    assert finer.level == "prefecture"


async def test_a_region_that_is_not_there_is_not_found(reading: AsyncConnection) -> None:
    """None, and no guess."""
    assert await fetch_region(reading, "999999") is None


async def test_the_way_down_begins_with_the_provinces(reading: AsyncConnection) -> None:
    """Without a parent, all provinces; with one, those directly inside."""
    provinces = await fetch_children(reading)
    assert [region.code for region in provinces] == ["110000", "440000"]
    assert [region.code for region in await fetch_children(reading, provinces[1])] == ["440100", "440300"]


async def test_the_way_up_begins_with_the_province(reading: AsyncConnection) -> None:
    """A county of a municipality has two ancestors under one code."""
    county = await fetch_region(reading, "110105")
    assert county is not None
    above = await fetch_ancestors(reading, county)
    assert [(region.level, region.code) for region in above] == [("province", "110000"), ("prefecture", "110000")]


async def test_a_province_has_no_ancestors(reading: AsyncConnection) -> None:
    """The country is not a region."""
    province = await fetch_region(reading, "440000")
    assert province is not None
    assert await fetch_ancestors(reading, province) == []


async def test_the_source_of_the_boundaries_is_known(reading: AsyncConnection) -> None:
    """Maps must name it."""
    found = await fetch_boundaries(reading)
    assert found is not None
    assert found.attribution == "Boundaries: a test"


async def test_a_topology_is_found_by_name_with_its_hash(reading: AsyncConnection) -> None:
    """The hash stands in the address of the text."""
    assert await fetch_topology_hashes(reading) == {"province": "0" * 64}
    assert await fetch_topology(reading, "province") == ("0" * 64, json.dumps(PROVINCES))
    assert await fetch_topology(reading, "county-990000") is None


ASKED: list[tuple[dict[str, str], list[str]]] = [
    ({"level": "province"}, ["110000", "440000"]),
    ({"parent": "440300"}, ["440305", "440306"]),
    ({"code": "110000"}, ["110000", "prefecture-110000"]),
    ({"province": "110000"}, ["110000", "prefecture-110000", "110105"]),
    ({"region": "440300"}, ["440300", "440305", "440306"]),
    ({"region": "440000", "level": "county"}, ["440305", "440306"]),
    ({"bbox": "116.5,39.5,116.6,39.6", "level": "province"}, ["110000"]),
    ({"datetime": "2016-01-01", "level": "province"}, ["110000", "440000"]),
]


@pytest.mark.parametrize(("parameters", "expected"), ASKED)
async def test_filters_choose_the_regions_they_name(
    reading: AsyncConnection, parameters: dict[str, str], expected: list[str]
) -> None:
    """From coarse to fine and by code; regions have no time, so any time finds them."""
    page = await ask(reading, **parameters)
    assert [feature["id"] for feature in read_features(page)] == expected
    assert page.number_matched == len(expected)


async def test_a_walk_meets_each_region_once(reading: AsyncConnection) -> None:
    """Following the tokens gives every region of every level."""
    met: list[str] = []
    page = await ask(reading, limit="3")
    met += [feature["id"] for feature in read_features(page)]
    while page.next_query is not None:
        following = parse_region_query(write_region_query(page.next_query))
        assert following == page.next_query
        page = await fetch_region_page(reading, following)
        met += [feature["id"] for feature in read_features(page)]
    assert len(met) == len(set(met)) == len(REGIONS) == page.number_matched


async def test_an_outline_is_wound_as_geojson_asks(reading: AsyncConnection) -> None:
    """RFC 7946: outer rings counter-clockwise, so their signed area is positive."""
    (feature,) = read_features(await ask(reading, code="440000"))
    ring = feature["geometry"]["coordinates"][0][0]
    area = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in itertools.pairwise(ring))
    assert area > 0


async def test_a_region_is_found_by_bare_code_and_by_level_and_code(reading: AsyncConnection) -> None:
    """The id of a page leads back to the same region."""
    for feature_id, level in {"110000": "province", "prefecture-110000": "prefecture"}.items():
        text = await find_region_feature(reading, feature_id)
        assert text is not None
        assert json.loads(text)["properties"]["level"] == level
        assert json.loads(text)["id"] == feature_id
    assert await find_region_feature(reading, "county-110000") is None


@pytest.mark.parametrize(
    ("name", "value"), [("level", "town"), ("band", "z9"), ("parent", "'"), ("after", "x"), ("industry", "mining")]
)
def test_what_regions_cannot_be_asked_is_refused(name: str, value: str) -> None:
    """As for records."""
    with pytest.raises(BadRequest) as refused:
        parse_region_query([(name, value)])
    assert refused.value.invalid[0].name == name
