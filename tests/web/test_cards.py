"""What a card says, as the browser says it: tests/web/card-cases.json and report-cases.json hold for both."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from tests.web.conftest import NASTY, text
from web.card import Card, Ways
from web.citation import Cited, write_bibtex, write_csl
from web.content import Change, LayerWords, PropertyWords, Record, Text, Words
from web.linked_data import describe_record
from web.record_ways import find_neighbours, record_address
from web.records import RecordWords
from web.report_links import report_link
from web.translations import load_texts
from web.union_contacts import word_contacts

CASES: dict[str, Any] = json.loads((Path(__file__).parent / "card-cases.json").read_text(encoding="utf-8"))
REPORTS: list[dict[str, str]] = json.loads((Path(__file__).parent / "report-cases.json").read_text(encoding="utf-8"))


def same(value: str) -> Text:
    """One text, the same in every script."""
    return text(value)


def make_words() -> RecordWords:
    """The words of the shared cases, in English."""
    properties = tuple(
        PropertyWords(name=name, kind="code", label=same(name.replace("_", " ")), vocabulary=None)
        for name in CASES["properties"]
    )
    terms = {name: {code: same(label) for code, label in of.items()} for name, of in CASES["terms"].items()}
    layers = tuple(
        LayerWords(id=name, shape="circle", label=same(name), short=same(name), is_incident=name != "accountability")
        for name in ("strikes", "calls_for_help", "accountability")
    )
    regions = {code: same(name) for code, name in CASES["regions"].items()}
    return RecordWords(load_texts("en"), Words(layers=layers, properties=properties, terms=terms), regions)


def make_card(properties: dict[str, Any], editors: str | None = None, **beside: Any) -> Card:
    """A card of one record."""
    record = Record(id="S-2016-000001", properties={"layer": "strikes", "starts_on": "2016-05-01"} | properties)
    return Card(
        make_words(),
        record,
        Ways(record=lambda one: f"/records/{one}", union=lambda one: f"/unions/{one}", editors=editors),
        **beside,
    )


@pytest.mark.parametrize("case", REPORTS, ids=lambda case: case["why"])
def test_the_editors_are_reached_as_in_the_browser(case: dict[str, str]) -> None:
    """One link, whoever writes it."""
    assert report_link(case["address"], case["id"], case["subject"]) == case["link"]


@pytest.mark.parametrize("case", CASES["contacts"], ids=lambda case: case["why"])
def test_a_union_is_worded_as_in_the_browser(case: dict[str, Any]) -> None:
    """Who was contacted, when, what it knew and did, and what it said."""
    (contact,) = word_contacts(make_words(), [case["contact"]])
    said = {
        "name": contact.name.text,
        "union": contact.union,
        "brief": contact.brief,
        "when": contact.when,
        "rows": [[row.label, *row.values] for row in contact.rows],
        "quote": [text.text for text in contact.quote],
        "promise": [text.text for text in contact.promise],
    }
    assert said == case["said"]


@pytest.mark.parametrize("case", CASES["histories"], ids=lambda case: case["why"])
def test_a_history_is_told_as_in_the_browser(case: dict[str, Any]) -> None:
    """Days, kinds of change and names of properties, the latest first."""
    changes = [
        Change(
            op=one["op"],
            changed_on=dt.date.fromisoformat(one["changed_on"]),
            properties=tuple(one["properties_changed"] or ()),
        )
        for one in case["changes"]
    ]
    assert [list(line) for line in make_card({}, changes=changes).changes] == case["said"]


def test_an_answer_says_too_what_is_not_known_of_it() -> None:
    """Whether the union knew and acted is always said; a union that was only named is no contact."""
    contacts = [{"contacted": None}, {"contacted": False}]
    case = Record(
        id="U-2020-000001", properties={"layer": "accountability", "awareness": "aware", "contacts": contacts}
    )
    (answer,) = make_card({}, linked=[case]).answers
    assert answer.contacted == "1 contact with a union"
    assert [(row.name, *row.values) for row in answer.rows] == [("awareness", "aware"), ("involvement", "Not known")]


def test_only_calls_for_help_lead_to_the_editors_about_a_worker() -> None:
    """In any record a mistake can be reported; without an address of the editors, in none."""
    editors = "mailto:editors@map.example"
    strike, call = make_card({}, editors), make_card({"layer": "calls_for_help"}, editors)
    assert strike.report
    assert (strike.contact, make_card({}).report) == (None, None)
    assert call.contact != call.report
    assert call.contact


def test_a_records_neighbours_are_those_of_the_list() -> None:
    """The first has none before it; a record that is not listed has none."""
    listed = [Record(id=one, properties={}) for one in ("a", "b", "c")]
    assert find_neighbours(listed, "a") == [("b", "next")]
    assert find_neighbours(listed, "b") == [("a", "previous"), ("c", "next")]
    assert find_neighbours(listed, "z") == []


def test_a_records_address_names_the_language_only_where_it_must() -> None:
    """The first language has the short address."""
    assert record_address("S-1", "en", "en") == "/records/S-1"
    assert record_address("S-1", "zh-Hans", "en", "dark") == "/records/S-1?lang=zh-Hans&theme=dark"


def make_cited(title: str) -> Cited:
    """What a citation names."""
    day = dt.date(2026, 11, 22)
    return Cited(
        site="Labour Map", id="S-1", title=title, language="en", version=7, changed_on=day,
        address="https://map.example/records/S-1", licence="CC BY 4.0",
    )  # fmt: skip


def test_bibtex_keeps_signs_that_mean_something_to_latex() -> None:
    """A title can neither close its field nor call a command."""
    entry = write_bibtex(make_cited("50% of \\input{x} & {a_b}\n#1 $y$ ~^"))
    title = next(line for line in entry.splitlines() if line.startswith("  title"))
    signs = r"50\% of \textbackslash{}input\{x\} \& \{a\_b\} \#1 \$y\$ \textasciitilde{}\textasciicircum{}"
    assert title == f"  title = {{{{{signs}}}}},"


def test_csl_is_json_whatever_the_title() -> None:
    """Reference managers read it back."""
    (item,) = json.loads(write_csl(make_cited(NASTY)))
    assert (item["title"], item["version"], item["issued"]) == (NASTY, "7", {"date-parts": [[2026, 11, 22]]})


@pytest.mark.parametrize(("point", "places"), [(None, 1), ((114.0, 22.5), 2)])
def test_linked_data_has_coordinates_only_of_a_public_place(point: tuple[float, float] | None, places: int) -> None:
    """A region is named; the point of a region is not a place."""
    card = make_card({"ends_on": "2016-05-31"})
    card.record = Record(id="S-1", properties=card.properties, point=point)
    data = describe_record(card, make_cited("x"), [("440300", "Shenzhen")], "https://map.example/")
    assert data["temporalCoverage"] == "2016-05-01/2016-05-31"
    assert len(data["spatialCoverage"]) == places
