"""The time card as the server writes it: what the brush will show, and what works without JavaScript."""

from __future__ import annotations

import re
from html import unescape

from tests.web.conftest import ADDRESSES, LAYERS, make_content
from web.content import Selection
from web.first_frame import Land
from web.page import Site


def render(site: Site, land: Land, **changes: object) -> str:
    """Return the page of a selection in the small country, whose months are January to March 2016."""
    selection = Selection(language="en", layers=LAYERS, **changes)  # type: ignore[arg-type]
    return site.render_page(make_content(selection), land, ADDRESSES)


def test_the_window_stands_at_the_months_that_are_asked_for(site: Site, land: Land) -> None:
    """Two of three months are chosen: the window covers them, and one month before is veiled."""
    page = render(site, land, filters=(("datetime", "2016-02-01/2016-03-31"),))
    assert '<rect class="window" data-window x="33.33%" width="66.67%" height="100%"/>' in page
    assert '<rect class="veil" data-veil="before" width="33.33%" height="100%"/>' in page
    assert '<b class="time-range" data-range>Feb 2016 – Mar 2016</b>' in page


def test_a_range_of_days_is_written_with_its_days(site: Site, land: Land) -> None:
    """Ninety days are no whole months, and a range says what it is."""
    page = render(site, land, filters=(("datetime", "2016-02-10/2016-03-31"),))
    assert "10 Feb 2016 – 31 Mar 2016" in page


def test_presets_are_links_that_keep_the_other_filters(site: Site, land: Land) -> None:
    """Without JavaScript a preset is a link; the one that is shown is marked."""
    filters = (("industry", "mining"), ("datetime", "2015-04-01/2016-03-31"))
    page = render(site, land, filters=filters, region="100000")
    presets = {
        name: unescape(address)
        for address, name in re.findall(r'<a href="([^"]*)" data-page data-preset="(\w+)"', page)
    }
    assert presets["all"] == "/?industry=mining&region=100000"
    assert presets["years"].startswith("/?datetime=2011-04-01%2F2016-03-31&industry=mining")
    assert page.count('data-preset="year" aria-current="true"') == 2  # wide and narrow
    assert "Presets count back from Mar 2016, the last month with a record." in page


def test_the_form_of_months_keeps_everything_but_the_time(site: Site, land: Land) -> None:
    """What else is asked for stays; the range is what the form is for."""
    page = render(site, land, filters=(("industry", "mining"), ("datetime", "2016-02-01/2016-02-29")), tab="table")
    form = re.search(r'<form action="/" method="get" data-months>.*?</form>', page, re.DOTALL)
    assert form is not None
    assert re.findall(r'type="hidden" name="(\w+)" value="(\w+)"', form[0]) == [
        ("industry", "mining"),
        ("tab", "table"),
    ]
    assert re.findall(r'name="(from|to)"[^>]*value="([^"]*)"', form[0]) == [("from", "2016-02"), ("to", "2016-02")]


def test_a_card_without_a_known_month_says_so(site: Site, land: Land) -> None:
    """No month is no broken picture."""
    page = site.render_page(make_content(months=()), land, ADDRESSES)
    assert '<b class="time-range" data-range>No date known to the month</b>' in page
