"""Records at places of their own: marks, groups, and the ways to them. The data is synthetic and says so."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from geo.cluster import Cluster
from geo.database import READER_ROLE, make_engine
from geo.publishing.publish import publish_reference
from tests.browser.conftest import NASTY, OpenPage, read_rings, serve, wait_for_level, wait_until
from tests.browser.marked_records import load_marked_records
from tests.conftest import copy_database

pytestmark = pytest.mark.browser

SHENZHEN = "#10.25/22.650/114.050"
NUMBER = 40
"""Records of each of the two layers."""


@pytest.fixture(scope="module")
def site_address(cluster: Cluster, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running server of a database with records that may have marks."""
    name = f"marks_{secrets.token_hex(4)}"
    engine = make_engine(copy_database(cluster, template, name))
    with engine.begin() as connection:
        publish_reference(connection)
        load_marked_records(connection, tmp_path_factory.mktemp("marks"), NUMBER, NASTY)
    engine.dispose()
    with serve(cluster.url(name, READER_ROLE)) as address:
        yield address
    cluster.drop_database(name)


def count_marks(page: Page) -> int:
    """Return how many marks the map says that it has drawn."""
    return int(page.evaluate("document.documentElement.dataset.marks ?? 0"))


def place_on_screen(page: Page, record: str) -> tuple[float, float]:
    """Return where a record must stand, from its published point and the address's view; fails if it is not there."""
    lon, lat = page.request.get(f"/api/collections/records/items/{record}").json()["geometry"]["coordinates"]
    script = """([lon, lat]) => {
        const box = document.querySelector('.leaflet-container').getBoundingClientRect();
        const [zoom, south, west] = location.hash.slice(1).split('/').map(Number);
        const at = (x, y) => [256 * 2 ** zoom * (x + 180) / 360,
            256 * 2 ** zoom * (0.5 - Math.log(Math.tan(Math.PI / 4 + y * Math.PI / 360)) / (2 * Math.PI))];
        const [here, middle] = [at(lon, lat), at(west, south)];
        return [box.left + box.width / 2 + here[0] - middle[0], box.top + box.height / 2 + here[1] - middle[1]];
    }"""
    x, y = page.evaluate(script, [lon, lat])
    return x, y


def test_marks_stand_at_their_places_and_open_their_records(open_page: OpenPage) -> None:
    """One mark a record and no ring counts it too; it tells its title, opens its card, and the address names it."""
    page = open_page(f"/?region=440300{SHENZHEN}")
    wait_until(lambda: count_marks(page) == 2 * NUMBER)
    assert read_rings(page) == {}
    assert page.locator(".legend .marks li").all_inner_texts()[:1] == ["Strikes & protests"]
    found = page.request.get("/api/collections/accidents/items?limit=100").json()["features"]
    assert {one["properties"]["location_precision"] for one in found} == {"exact"}
    record = found[0]
    x, y = place_on_screen(page, record["id"])
    page.mouse.move(x, y)
    wait_until(lambda: "Synthetic record" in page.inner_text("#tooltip"))
    told = page.inner_text("#tooltip strong")
    page.mouse.click(x, y)
    wait_until(lambda: page.locator("#view-list .card").count())
    assert page.inner_text("#view-list .card h2") == told
    assert "record=A-" in page.url
    assert "region=440300" in page.url


def test_a_mark_says_its_title_letter_by_letter(open_page: OpenPage) -> None:
    """Markup in a title is text in the tooltip, for the screen reader, in the picture and on the card."""
    page = open_page("/#12/39.920/116.480")
    wait_until(lambda: count_marks(page) == 1)
    page.focus(".mark-keys")
    assert page.text_content("#tooltip strong") == NASTY
    assert (page.text_content("#mark-option") or "").startswith(NASTY)
    page.keyboard.press("Enter")
    wait_until(page.locator("#view-list .card h2").count)
    assert page.text_content("#view-list .card h2") == NASTY
    assert page.locator("img, [onerror]").count() == 0
    page.click(".top .ways a[data-way=export]")
    with page.expect_download() as taken:
        page.click("[data-picture=svg]")
    assert "<img" not in Path(taken.value.path()).read_text(encoding="utf-8")


READ_PIXEL = """([x, y]) => {
    const canvas = document.querySelector('.leaflet-marks-pane canvas');
    const box = canvas.getBoundingClientRect();
    const scale = canvas.width / box.width;
    const pen = canvas.getContext('2d');
    return [...pen.getImageData((x - box.left) * scale, (y - box.top) * scale, 1, 1).data].slice(0, 3).join();
}"""


@pytest.mark.parametrize(("forced", "colour"), [("none", "151,10,13"), ("active", "0,0,0")])
def test_marks_keep_to_the_colours_that_a_system_forces(open_page: OpenPage, forced: str, colour: str) -> None:
    """Where the reader's system sets the colours, marks have those of text; else those of their layers."""
    page = open_page("/#12/39.920/116.480", forced_colors=forced)
    wait_until(lambda: count_marks(page) == 1)
    found = page.request.get("/api/collections/strikes/items?bbox=116,39,117,40").json()["features"]
    place = list(place_on_screen(page, found[0]["id"]))
    wait_until(lambda: page.evaluate(READ_PIXEL, place) == colour)


def test_the_keyboard_goes_from_mark_to_mark(open_page: OpenPage) -> None:
    """One stop of Tab holds all marks: arrows go on, what is reached is told, Enter opens it, Back closes it."""
    page = open_page(f"/{SHENZHEN}")
    wait_until(lambda: count_marks(page))
    page.focus(".mark-keys")
    first = page.inner_text("#tooltip strong")
    page.keyboard.press("ArrowRight")
    second = page.inner_text("#tooltip strong")
    assert second != first
    option = page.locator("#mark-option")
    assert second in (option.text_content() or "")
    assert (option.get_attribute("aria-posinset"), option.get_attribute("aria-setsize")) == ("2", str(2 * NUMBER))
    page.keyboard.press("Enter")
    wait_until(lambda: page.locator("#view-list .card").count())
    assert page.inner_text("#view-list .card h2") == second
    page.go_back()
    wait_until(lambda: "record=" not in page.url)


def test_far_out_marks_are_rings_of_their_region(open_page: OpenPage) -> None:
    """Marks, rings, table and API count the same records: near as marks, far as rings."""
    page = open_page("/?region=440000")
    wait_for_level(page, "prefecture")
    assert read_rings(page) == {"440300": 2 * NUMBER}
    assert count_marks(page) == 0
    near = open_page("/?region=440300&tab=table")
    wait_until(lambda: count_marks(near) == 2 * NUMBER)
    counted = near.request.get("/api/collections/incidents/counts?by=county&region=440300").json()
    rows = near.locator("#view-table tbody tr a").count()
    assert rows == len(counted["counts"])
    assert counted["total"] == 2 * NUMBER


def test_too_many_marks_are_groups_that_lead_nearer(open_page: OpenPage) -> None:
    """Where a view has more than 500, they are counted in squares; a click zooms in by two."""
    page = open_page("/")
    page.route("**/records/items?*bbox=*", lambda route: route.fulfill(json={"features": [], "numberMatched": 501}))
    page.goto(f"/?theme=dark{SHENZHEN}")
    wait_until(lambda: page.locator(".ring-marker[data-group]").count())
    groups = page.locator(".ring-marker[data-group]")
    counts = [int(groups.nth(index).get_attribute("data-count") or 0) for index in range(groups.count())]
    assert sum(counts) == 2 * NUMBER
    assert (groups.first.get_attribute("aria-label") or "").startswith("Records near here: ")
    groups.first.click()
    wait_until(lambda: "#12.25/" in page.url)


def test_a_mark_in_a_frame_opens_its_record_in_the_whole_map(open_page: OpenPage) -> None:
    """The framed map has no room for a card; it stays as it is, with the record ringed."""
    page = open_page(f"/embed?region=440300{SHENZHEN}")
    wait_until(lambda: count_marks(page) == 2 * NUMBER)
    record = page.request.get("/api/collections/accidents/items?limit=1").json()["features"][0]["id"]
    x, y = place_on_screen(page, record)
    with page.expect_popup() as opened:
        page.mouse.click(x, y)
    wait_until(lambda: opened.value.locator(".card").count())
    assert record in opened.value.inner_text(".card")
    assert f"record={record}" in page.url


def test_a_picture_of_the_map_has_its_marks(open_page: OpenPage) -> None:
    """The canvas of the marks is in the picture beside rings and land."""
    page = open_page(f"/?region=440300{SHENZHEN}")
    wait_until(lambda: count_marks(page) == 2 * NUMBER)
    page.click(".top .ways a[data-way=export]")
    with page.expect_download() as taken:
        page.click("[data-picture=svg]")
    picture = Path(taken.value.path()).read_text(encoding="utf-8")
    assert picture.count('href="data:image/png;base64,') == 1
    assert "M10 3l7.6 13.4H2.4z" in picture, "the legend has the accidents' triangle"
