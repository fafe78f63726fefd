"""What a reader sees who follows a link that was made to CLB's map."""

from __future__ import annotations

import pytest

from tests.browser.conftest import PHONE, OpenPage, follow, wait_until

pytestmark = pytest.mark.browser

LINK = "/clb?i18n_language=zh_CN&map=1&startDate=2020-07&endDate=2020-07&addressId=440300&eventId=2020101312203812345"


def test_the_notice_is_read_and_put_away(open_page: OpenPage) -> None:
    """In the reader's language; closed, it leaves the view and the address as they are without it."""
    page = open_page(LINK)
    assert "没有收录" in page.inner_text("#notice")
    assert "region=440300" in page.url
    height = page.locator("#map-hint").evaluate("() => document.querySelector('.stage').clientHeight")
    page.click("#notice-close")
    wait_until(lambda: page.locator("#notice").count() == 0)
    assert "notice=" not in page.url
    assert "region=440300" in page.url
    assert page.evaluate("document.querySelector('.stage').clientHeight") > height


def test_the_notice_needs_no_script(open_page: OpenPage) -> None:
    """The server writes it, and its link leads to the same view without it."""
    page = open_page(LINK, java_script_enabled=False)
    assert "没有收录" in page.inner_text("#notice")
    follow(page, "#notice-close")
    assert page.locator("#notice").count() == 0
    assert "datetime=2020-07-01" in page.url


def test_the_notice_fits_a_phone(open_page: OpenPage) -> None:
    """Nothing is wider than the screen."""
    page = open_page(f"{LINK}&startDate=x&keyword=!", viewport=PHONE, has_touch=True, is_mobile=True)
    notice, pill = page.locator("#notice p").bounding_box(), page.locator(".top").bounding_box()
    assert notice is not None
    assert pill is not None
    assert notice["y"] >= pill["y"] + pill["height"], "nothing lies over it"
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
