"""What the form of a record is told about records that look alike, while somebody types."""

from __future__ import annotations

from typing import Any

from tests.editing import Browser, Editing

STRIKE = {"starts_on": "2016-07-02", "title_en": "Cleaners of the harbour stop work", "region": "440300"}


def ask(browser: Browser, **typed: str) -> list[dict[str, Any]]:
    """Ask as the form does."""
    answer = browser.get("/api/editing/near", params={"layer": "strikes", **STRIKE, **typed})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["records"])


def test_a_record_is_found_by_day_place_and_title(editing: Editing) -> None:
    """A day apart at most, in the same prefecture, with a title that is alike; never the record itself."""
    browser = editing.sign_in("editor")
    body = {"fields": STRIKE | {"lon": "114.06", "lat": "22.54", "datum": "wgs84", "sources": "A newspaper"}}
    name = browser.call("POST", "/api/editing/records/strikes", json=body).json()["name"]
    (found,) = ask(browser, starts_on="2016-07-03", title_en="Cleaners of harbour stop working")
    assert (found["name"], found["title"]) == (name, STRIKE["title_en"])
    assert "1 day apart" in found["words"]
    (near,) = ask(browser, lon="114.061", lat="22.541", datum="wgs84")
    assert near["words"] == "same day, 0.2 km away, titles 100 % alike"
    for other in (
        {"starts_on": "2016-07-04"}, {"region": "440100"}, {"title_en": "Something else"}, {"layer": "accidents"},
        {"lon": "114.3", "lat": "22.7", "datum": "wgs84"}, {"name": name},
    ):  # fmt: skip
        assert ask(browser, **other) == [], other


def test_what_cannot_be_read_yet_finds_nothing(editing: Editing) -> None:
    """Half a date, a month, no title, a place that means nothing or several."""
    browser = editing.sign_in("viewer")
    for half in ({"starts_on": "2016-0"}, {"starts_on": "2016-07"}, {"title_en": ""}, {"region": "x"}, {"lon": "nan"}):
        assert isinstance(ask(browser, **half), list)
    assert ask(browser, starts_on="2016-07") == []
    assert browser.get("/api/editing/near?layer=strikes&colour=red").status_code == 400
