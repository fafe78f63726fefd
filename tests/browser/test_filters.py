"""Filters, search and what is set: in the address, by keyboard, without JavaScript, on a phone and a tablet."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route

from tests.browser.conftest import NASTY, PHONE, OpenPage, follow, wait_for_place, wait_until
from tests.browser.test_accessibility import RULES

pytestmark = pytest.mark.browser

TABLET = {"width": 900, "height": 800}
UNKNOWN = "unknown"


def read_query(page: Page) -> dict[str, str]:
    """Return the parameters of the page's address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def read_options(page: Page, facet: str) -> dict[str, int]:
    """Return the counts beside the options of an open filter, by code, zeros left out."""
    script = f"""[...document.querySelectorAll("[data-facet={facet}] .option")]
        .map((option) => [option.querySelector("input").value, Number(option.querySelector("b").textContent)])
        .filter(([, count]) => count)"""
    return dict(page.evaluate(script))


def ask_facet(page: Page, facet: str, query: str) -> dict[str, int]:
    """Return what the API counts for the same options."""
    found = page.request.get(f"/api/collections/records/facets?{query}").json()["facets"][facet]
    missing = found["total"] - found["counted"]
    return {cell["value"]: cell["count"] for cell in found["counts"]} | ({UNKNOWN: missing} if missing else {})


def read_state(page: Page) -> dict[str, Any]:
    """Return all that an address carries, as the page shows it."""
    script = """({
        place: document.querySelector("h1").textContent, total: document.querySelector("[data-total]").textContent,
        language: document.documentElement.lang,
        ground: getComputedStyle(document.querySelector(".panel")).backgroundColor,
        layers: [...document.querySelectorAll("[data-layer][aria-pressed=true]")].map((one) => one.dataset.layer),
        shade: document.querySelector("[data-shade][aria-current]").dataset.shade,
        tab: document.querySelector("[role=tab][aria-selected=true]").id,
        checked: [...document.querySelectorAll(".option input:checked")].map((one) => `${one.name}=${one.value}`),
        chips: [...document.querySelectorAll(".chip b")].map((one) => one.textContent),
        words: document.querySelector("#search-box").value, hash: location.hash,
    })"""
    state: dict[str, Any] = page.evaluate(script)
    return state


def assert_axe_finds_nothing(page: Page) -> None:
    """Assert that axe finds no violation in the state that the page is in."""
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in found] == []


def test_the_whole_state_survives_a_copy_of_the_address(open_page: OpenPage) -> None:
    """What was set by hand is set on a page that was opened with the address, and unknown parameters are gone."""
    page = open_page("/?utm_source=mail&lang=zh-Hans&region=420000&datetime=2020-01-01/2020-12-31")
    page.click("[data-layer=accountability]")
    page.click("[data-facet=industry] input[value=services]")
    page.click("[data-facet=industry] input[value=transport]")
    page.click("[data-shade=count]")
    page.click("#tab-table")
    page.click("#theme")
    page.click("[data-zoom=in]")
    wait_until(lambda: "#" in page.url and "theme=dark" in page.url)
    wait_until(lambda: page.locator("[data-facet=industry] .chosen b").count())
    copied = open_page(page.url)
    wait_until(lambda: read_state(copied) == read_state(page))
    state = read_state(copied)
    assert state["checked"] == ["industry=transport", "industry=services"]
    assert state["chips"] == ["湖北", "2020年1月 – 2020年12月", "服务业", "交通运输业"]
    assert (state["shade"], state["tab"], state["language"]) == ("count", "tab-table", "zh-Hans")
    assert "utm_source" not in page.url
    assert read_query(page)["industry"] == "services,transport"


def test_options_count_as_the_api_does_and_back_takes_them_out(open_page: OpenPage) -> None:
    """A filter counts under all others but itself; map, total and address follow; Back, chips and Clear all undo."""
    page = open_page()
    assert read_options(page, "industry") == ask_facet(page, "industry", "")
    page.click("[data-facet=industry] input[value=services]")
    wait_until(lambda: page.locator(".chip").count() == 1)
    page.click("[data-facet=demands] > summary")
    wait_until(lambda: read_options(page, "demands") == ask_facet(page, "demands", "industry=services"))
    assert read_options(page, "industry") == ask_facet(page, "industry", "industry=services")
    page.click("[data-facet=demands] input[value=wage_arrears]")
    wait_until(lambda: read_query(page) == {"industry": "services", "demands": "wage_arrears"})
    wait_until(lambda: read_options(page, "industry") == ask_facet(page, "industry", "demands=wage_arrears"))
    total = page.request.get("/api/collections/incidents/counts?by=layer&industry=services&demands=wage_arrears")
    wait_until(lambda: page.inner_text("[data-total]") == str(total.json()["total"]))
    assert page.evaluate("document.activeElement.value") == "wage_arrears"
    page.go_back()
    wait_until(lambda: page.locator(".option input:checked").count() == 1)
    assert read_query(page) == {"industry": "services"}
    page.click(".chip")
    wait_until(lambda: read_query(page) == {})
    page.go_back()
    wait_until(page.locator("#filters-clear").is_visible)
    page.click("#filters-clear")
    wait_until(lambda: page.locator(".option input:checked").count() == 0)
    wait_until(page.locator("#filters-clear").is_hidden)


def test_an_answer_that_comes_late_is_dropped(open_page: OpenPage) -> None:
    """The counts are those of the last choice, whichever answer comes last; a line shows that one is awaited."""
    page = open_page()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(lambda url: "/facets?" in url and url.endswith("industry=mining"), hold)
    page.click("[data-facet=industry] input[value=mining]")
    wait_until(lambda: page.locator("#progress").is_visible() and held)
    page.click("[data-facet=industry] input[value=services]")
    wait_until(lambda: page.locator("[data-facet=industry] .chosen b").inner_text() == "2")
    page.click("[data-facet=severity] > summary")
    expected = ask_facet(page, "severity", "industry=mining,services")
    wait_until(lambda: read_options(page, "severity") == expected)
    for route in held:
        route.continue_()
    wait_until(lambda: not page.locator("#progress").is_visible())
    assert read_options(page, "severity") == expected


def test_the_keyboard_alone_finds_places_companies_and_words(open_page: OpenPage) -> None:
    """Pinyin on a Chinese page, Chinese on an English page, a company, words; Escape clears."""
    page = open_page("/?lang=zh-Hans")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search-box"
    page.keyboard.type("shenzhen")
    wait_until(lambda: page.locator("#search-found [role=option]", has_text="深圳").count())
    page.keyboard.press("ArrowDown")
    active = page.get_attribute("#search-box", "aria-activedescendant")
    assert page.get_attribute(f"#{active}", "aria-selected") == "true"
    page.keyboard.press("Enter")
    wait_for_place(page, "深圳")
    assert_that_search_is_closed(page)

    page = open_page()
    page.keyboard.press("/")
    page.keyboard.type("盘县")
    wait_until(lambda: page.locator("#search-found [role=option]", has_text="formerly 盘县").count())
    page.keyboard.press("Escape")
    assert page.input_value("#search-box") == ""
    assert_that_search_is_closed(page)
    page.keyboard.type("danke")
    company = page.locator("#search-found [role=group][aria-label=Companies] [role=option]")
    wait_until(company.count)
    while page.get_attribute("#search-box", "aria-activedescendant") != company.first.get_attribute("id"):
        page.keyboard.press("ArrowDown")
    assert_axe_finds_nothing(page)
    page.keyboard.press("Enter")
    wait_until(lambda: read_query(page).get("employers") == "Danke (蛋壳公寓)")
    wait_until(lambda: page.inner_text("[data-total]") == "4")
    page.keyboard.press("/") if page.evaluate("document.activeElement.id") != "search-box" else None
    page.keyboard.type("xyzzy")
    page.keyboard.press("Enter")
    wait_until(lambda: read_query(page).get("q") == "xyzzy")
    wait_until(lambda: page.locator("#view-list .empty").count())
    assert page.inner_text("#view-list .empty .button") == "Clear all"


def assert_that_search_is_closed(page: Page) -> None:
    """Assert that no suggestion is shown."""
    assert page.locator("#search-found").is_hidden()
    assert page.get_attribute("#search-box", "aria-expanded") == "false"


def test_without_javascript_filters_and_search_are_forms(open_page: OpenPage) -> None:
    """Options, the search and the layers send the page with the rest of the selection kept."""
    page = open_page("/?region=420000", java_script_enabled=False)
    page.check("[data-facet=industry] input[value=services]")
    follow(page, "#filters-form button")
    assert read_query(page) == {"industry": "services", "region": "420000"}
    assert page.is_checked("[data-facet=industry] input[value=services]")
    page.click("[data-facet=demands] > summary")
    follow(page, "[data-facet=demands] noscript a, [data-facet=demands] .options > a")
    page.click("[data-facet=demands] > summary")
    page.check("[data-facet=demands] input[value=wage_arrears]")
    follow(page, "#filters-form button")
    assert {"industry": "services", "demands": "wage_arrears", "region": "420000"}.items() <= read_query(page).items()
    page.fill("#search-box", "danke")
    with page.expect_navigation():
        page.press("#search-box", "Enter")
    query = read_query(page)
    assert (query["q"], query["industry"], query["region"]) == ("danke", "services", "420000")
    assert page.inner_text("[data-total]") == "2"
    phone = open_page("/?industry=services", java_script_enabled=False, viewport=PHONE)
    phone.click(".to-filters")
    assert phone.is_checked("[data-facet=industry] input[value=services]")
    assert phone.locator("#filters").bounding_box() is not None


@pytest.mark.parametrize("screen", [PHONE, TABLET], ids=["phone", "tablet"])
def test_on_small_screens_filters_are_a_tab(open_page: OpenPage, screen: dict[str, int]) -> None:
    """The same form stands in the panel; the sheet opens for it; nothing is too small to tap, in the dark too."""
    page = open_page("/?layer=strikes,accidents", viewport=screen, has_touch=True, color_scheme="dark")
    page.tap("#tab-filters")
    wait_until(page.locator("#view-filters #filters-form").is_visible)
    if screen is PHONE:
        assert page.get_attribute("#panel", "data-stop") == "half"
        assert page.locator(".languages a:visible").all_inner_texts() == ["简"]
        assert {round(chip.bounding_box()["height"]) for chip in page.locator(".layer").all()} == {40}  # type: ignore[index]
    page.tap("[data-facet=industry] input[value=services]")
    wait_until(lambda: page.inner_text("[data-facet=industry] .chosen b") == "1")
    assert read_query(page) == {"layer": "strikes,accidents", "industry": "services", "tab": "filters"}
    wait_until(lambda: read_options(page, "industry") == ask_facet(page, "industry", "layer=strikes,accidents"))
    assert page.locator("[data-facet=issues]").is_hidden()
    assert_axe_finds_nothing(page)
    page.set_viewport_size({"width": 1440, "height": 900})
    wait_until(page.locator("#left #filters-form").is_visible)
    assert page.get_attribute("#tab-overview", "aria-selected") == "true"


def test_at_twice_the_size_everything_is_still_reached(open_page: OpenPage) -> None:
    """At 200 % of a small desktop search, layers and filters have room and nothing scrolls sideways."""
    page = open_page("/?industry=services&demands=wage_arrears", viewport={"width": 640, "height": 400})
    assert page.evaluate("document.documentElement.scrollWidth") == 640
    assert page.locator("#search-box").is_visible()
    page.click("#grab")
    page.click("#tab-filters")
    page.click("[data-facet=industry] input[value=services]")
    wait_until(lambda: "industry" not in read_query(page))


def test_no_layer_no_connection_and_no_result_are_said(open_page: OpenPage) -> None:
    """Each state says what it is and has a way on; what was shown stays while the connection is away."""
    page = open_page("/?layer=none", forgiven="ERR_INTERNET_DISCONNECTED")
    assert page.inner_text("#filters-none").startswith("Choose a layer")
    assert page.locator(".facet:visible").count() == 0
    page.click("#view-overview .empty .button")
    wait_until(lambda: page.inner_text("[data-total]") == "25")
    assert page.locator(".facet:visible").count() > 10
    page.context.set_offline(offline=True)
    wait_until(page.locator("#offline").is_visible)
    page.click("[data-facet=industry] input[value=mining]")
    wait_until(lambda: page.locator("#toast.shown").count())
    assert page.inner_text("[data-total]") == "25"
    assert_axe_finds_nothing(page)
    page.context.set_offline(offline=False)
    wait_until(lambda: page.inner_text("[data-total]") != "25")
    wait_until(page.locator("#offline").is_hidden)


def test_what_is_searched_for_stays_text(open_page: OpenPage) -> None:
    """Markup in words and employers is shown as it was written, by the server and by the page."""
    page = open_page(f"/?{urlencode({'q': NASTY, 'employers': NASTY, 'region': '540000'})}")
    texts = ["Tibet", NASTY, NASTY]
    assert page.locator(".chip b").all_inner_texts() == texts
    page.click("[data-facet=industry] input[value=services]")
    wait_until(lambda: page.locator(".chip").count() == 4)
    assert page.locator(".chip b").all_inner_texts() == ["Tibet", NASTY, "Services", NASTY]
    assert page.input_value("#search-box") == NASTY
    page.fill("#search-box", f"{NASTY} x")
    wait_until(lambda: page.locator("#search-found [role=option]", has_text=NASTY).count())
    assert page.locator("img").count() == 0


def test_the_page_says_how_current_each_layer_is(open_page: OpenPage) -> None:
    """The days are those of the API's status."""
    page = open_page()
    layers = page.request.get("/api/status").json()["layers"]
    shown = page.locator(".fresh tbody tr").evaluate_all(
        "(rows) => rows.map((row) => [...row.querySelectorAll('time')].map((day) => day.dateTime))"
    )
    assert shown == [[state["latestStartsOn"], state["updatedOn"]] for state in layers.values()]
