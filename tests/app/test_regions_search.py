"""Regions by name, code and point, on the regions of China as they are installed."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.anyio


async def search(china: httpx.AsyncClient, **parameters: str) -> dict[str, Any]:
    """Return what `/api/regions` answers."""
    answer = await china.get("/api/regions", params=parameters)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def codes_of(document: dict[str, Any]) -> list[str]:
    """Return the codes found, in their order."""
    return [one["code"] for one in document["regions"]]


@pytest.mark.parametrize("name", ["深圳", "深圳市", "shenzhen", "SHENZHEN CITY", "Shēnzhèn", "shenzhenshi"])
async def test_a_name_is_found_in_every_way_it_is_written(china: httpx.AsyncClient, name: str) -> None:
    """Full and short, English and pinyin, with and without capitals and tones."""
    document = await search(china, q=name)
    first = document["regions"][0]
    assert (first["code"], first["match"], first["is_retired"]) == ("440300", "exact", False)
    assert [step["code"] for step in first["path"]] == ["440000", "440300"]


@pytest.mark.parametrize(
    ("name", "code"), [("廣東", "440000"), ("广东", "440000"), ("Hohhot", "150100"), ("huhehaote", "150100")]
)
async def test_scripts_and_established_names_are_one(china: httpx.AsyncClient, name: str, code: str) -> None:
    """Traditional finds Simplified; Hohhot is Huhehaote."""
    assert codes_of(await search(china, q=name))[0] == code


async def test_a_found_region_says_where_it_is(china: httpx.AsyncClient) -> None:
    """With a path from the province down, a point inside its box, and a link to its outline that works."""
    (found,) = (await search(china, q="宝安区"))["regions"]
    assert [(step["level"], step["name_en"]) for step in found["path"]] == [
        ("province", "Guangdong"),
        ("prefecture", "Shenzhen"),
        ("county", "Bao'an District"),
    ]
    west, south, east, north = found["bbox"]
    assert west < found["point"][0] < east
    assert south < found["point"][1] < north
    assert (await china.get(found["links"][0]["href"])).json()["id"] == found["code"]


async def test_an_ambiguous_name_lists_every_region_that_has_it(china: httpx.AsyncClient) -> None:
    """There are three districts 鼓楼区 and more: none is chosen."""
    document = await search(china, q="鼓楼区", limit="100")
    exact = {one["code"] for one in document["regions"] if one["match"] == "exact"}
    assert exact == {"320106", "320302", "350102", "410204"}


async def test_exact_comes_before_prefix_and_prefix_before_the_rest(china: httpx.AsyncClient) -> None:
    """And `limit` cuts, while the number says how many there are."""
    document = await search(china, q="guangzhou", limit="10000")
    order = [("exact", "prefix", "contains").index(one["match"]) for one in document["regions"]]
    assert order == sorted(order)
    few = await search(china, q="县", limit="3")
    assert (few["numberReturned"], few["numberMatched"] > 1000) == (3, True)


@pytest.mark.parametrize(
    ("code", "successors", "drawn_at"),
    [
        ("520222", [("520281", "upgrade")], "520281"),
        ("542421", [("540602", "upgrade")], "540602"),
        ("330103", [("330105", "merge")], "330105"),
        ("371200", [("370116", "split"), ("370117", "split")], "370100"),
    ],
)
async def test_a_retired_code_says_where_it_is_today(
    china: httpx.AsyncClient, code: str, successors: list[tuple[str, str]], drawn_at: str
) -> None:
    """With the kind of the change, and the region at which its records are drawn."""
    (found,) = (await search(china, code=code))["regions"]
    assert found["is_retired"]
    assert [(one["code"], one["kind"]) for one in found["successors"]] == successors
    assert [one["region"]["code"] for one in found["successors"]] == [new for new, _kind in successors]
    assert found["drawn_at"]["code"] == drawn_at


async def test_the_day_of_a_change_is_told_where_it_is_known(china: httpx.AsyncClient) -> None:
    """Laiwu became part of Jinan on 9 January 2019; its old name finds it too."""
    (found,) = (await search(china, code="371200"))["regions"]
    assert found["name_zh_hans"] == "莱芜市"
    assert {one["happened_on"] for one in found["successors"]} == {"2019-01-09"}
    assert "371200" in codes_of(await search(china, q="莱芜市"))


async def test_a_code_in_force_is_the_region_it_means(china: httpx.AsyncClient) -> None:
    """A municipality's bare code is the province; a county without an outline says where it is drawn."""
    (beijing,) = (await search(china, code="110000"))["regions"]
    assert (beijing["level"], beijing["drawn_at"]) == ("province", None)
    (undrawn,) = (await search(china, code="460302"))["regions"]
    assert (undrawn["is_retired"], undrawn["bbox"], undrawn["drawn_at"]["code"]) == (False, None, "460321")
    assert codes_of(await search(china, code="999999")) == []


async def test_a_point_is_answered_from_the_province_down(china: httpx.AsyncClient) -> None:
    """Longitude first; a point in the sea or abroad is in no region."""
    assert codes_of(await search(china, point="114.0579,22.5431")) == ["440000", "440300", "440304"]
    assert codes_of(await search(china, point="116.44,39.92")) == ["110000", "110000", "110105"]
    assert codes_of(await search(china, point="124.0,30.0")) == []
    assert codes_of(await search(china, point="-74.0,40.7")) == []


async def test_a_point_on_a_border_is_in_one_of_the_regions_that_meet(china: httpx.AsyncClient) -> None:
    """Every corner of an inland district belongs to it or to a neighbour, and to neither twice."""
    outline = (await china.get("/api/collections/regions/items?code=610103&band=z8")).json()["features"][0]
    for lon, lat in outline["geometry"]["coordinates"][0][0][:8]:
        found = codes_of(await search(china, point=f"{lon},{lat}"))
        assert found[:2] == ["610000", "610100"]
        assert len(found) == 3


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("", "q"),
        ("q=a&code=440000", "q"),
        ("q=!!!", "q"),
        ("q=" + "a" * 201, "q"),
        ("code=44%270000", "code"),
        ("point=22.5,114.0,1", "point"),
        ("point=nan,1", "point"),
        ("point=181,1", "point"),
        ("point=1,-90.1", "point"),
        ("q=a&limit=0", "limit"),
        ("q=a&level=county", "level"),
    ],
)
async def test_what_cannot_be_looked_for_is_refused_by_name(china: httpx.AsyncClient, query: str, fault: str) -> None:
    """Never an error of the server."""
    answer = await china.get(f"/api/regions?{query}")
    assert answer.status_code == 400
    assert fault in {one["name"] for one in answer.json()["invalid_params"]}
