"""Cells one at a time: numbers, terms, texts, sources, coordinates. No database."""

from __future__ import annotations

import pytest

from geo.loading.coordinate_cells import read_datum, read_position
from geo.loading.figures import parse_amount, parse_integer, parse_people
from geo.loading.profiles import OWN
from geo.loading.sources import (
    parse_channels,
    parse_employer,
    parse_employers,
    parse_legacy_url,
    parse_link,
    parse_source_id,
    parse_sources,
)
from geo.loading.terms import parse_term, parse_terms, split_on, split_own
from geo.loading.texts import clean_text, parse_either_language, parse_public_text


@pytest.mark.parametrize(
    ("cell", "low", "high"),
    [
        ("1-100 Persons", 1, 99),
        ("100-1000 persons", 100, 999),
        ("10000+ Persons", 10000, None),
        ("约200人", 200, None),
        ("200多", 200, None),
        ("100-300", 100, 300),
        ("1.5万人", 15000, 15000),
        ("１００", 100, 100),
        ("1,200", 1200, 1200),
        ("more than 50", 50, None),
    ],
)
def test_people_are_counted_as_a_range(cell: str, low: int, high: int | None) -> None:
    """Bands mean inclusive ranges, "about" and "more than" are open upward, and the cell is kept."""
    values, problems = parse_people("participants")(cell)
    assert (values["participants_min"], values.get("participants_max")) == (low, high)
    assert values["participants_reported"] == cell
    assert not any(problem.rejects for problem in problems)


@pytest.mark.parametrize(("cell", "code"), [("很多", "NUM_BAD"), ("-5", "NUM_NEG"), ("300-100", "NUM_ORDER")])
def test_what_counts_nobody_is_refused(cell: str, code: str) -> None:
    """A word is no number, and nobody is fewer than none."""
    assert [problem.code for problem in parse_people("participants")(cell)[1]] == [code]


@pytest.mark.parametrize("cell", ["Unknown", "不详", "-", ""])
def test_unknown_is_nothing(cell: str) -> None:
    """Never zero."""
    assert parse_integer("deaths")(cell) == ({}, ())


def test_an_amount_is_kept_to_the_fen() -> None:
    """Decimal, never a float."""
    assert parse_amount("amount_claimed_cny")("1,234.5")[0] == {"amount_claimed_cny": "1234.50"}


@pytest.mark.parametrize("cell", ["manufacturing", "Manufacturing", "制造业", "製造業", " manufacturing "])
def test_a_term_is_known_by_code_and_labels(cell: str) -> None:
    """In three scripts, whatever the case."""
    assert parse_term("industry", "industry")(cell) == ({"industry": "manufacturing"}, ())


def test_a_closed_list_refuses_what_it_does_not_know() -> None:
    """With the nearest term where one is near, else with the list."""
    parse = parse_term("industry", "industry")
    assert parse("制造")[1][0].code == "VOC_SUGGEST"
    assert parse("xyz")[1][0].code == "VOC_UNKNOWN"


def test_an_unknown_ownership_is_nothing_and_kept_as_reported() -> None:
    """CLB's word Unknown is no term."""
    parse = parse_term("ownership", "ownership", reported="ownership_reported")
    assert parse("Unknown") == ({"ownership_reported": "Unknown"}, ())


def test_an_open_list_keeps_what_it_does_not_know() -> None:
    """Verbatim, with the code other, and a warning that shows the part."""
    values, problems = parse_terms("demands", "demand", split_own, is_open=True)("欠薪；更好的茶；社保")
    assert values == {"demands": ["wage_arrears", "social_insurance", "other"], "demands_other": ["更好的茶"]}
    assert [(problem.code, problem.part, problem.rejects) for problem in problems] == [
        ("VOC_OTHER", "更好的茶", False),
        ("VOC_SPLIT", None, False),
    ]


def test_a_foreign_list_is_parted_by_its_own_sign() -> None:
    """On another sign only if every part is a known term."""
    parse = parse_terms("demands", "demand", split_on(","), is_open=True)
    assert parse("Wage Arrears, Pay Increase")[0] == {"demands": ["wage_arrears", "pay_increase"]}
    assert parse("Wage Arrears、Pay Increase")[0] == {"demands": ["wage_arrears", "pay_increase"]}
    assert parse("Wage Arrears；tea")[0] == {"demands": ["other"], "demands_other": ["Wage Arrears；tea"]}


def test_matching_ignores_case_and_knows_prefixes() -> None:
    """The export has "Beaten" and "beaten"; every threat to jump is one action."""
    assert parse_terms("responses", "response", split_on(","), is_open=True)("beaten")[0] == {"responses": ["beaten"]}
    threat = parse_terms("actions", "action", split_on(","), is_open=True)("Threaten to jump off a crane")
    assert threat[0] == {"actions": ["suicide_threat"]}


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("A\x00B", "TXT_CONTROL"),
        ("factory\u202egnp.exe", "TXT_BIDI"),
        ("深\u200b圳", "TXT_ZEROWIDTH"),
        ("锟斤拷工人", "ENC_MOJIBAKE"),
        ("æ·±åœ³", "ENC_MOJIBAKE"),
        ("a\ufffdb", "ENC_MOJIBAKE"),
    ],
)
def test_signs_that_deceive_or_harm_are_found(cell: str, code: str) -> None:
    """What cannot be seen, and what was damaged on the way."""
    assert code in {problem.code for problem in clean_text(cell)[1]}


@pytest.mark.parametrize("cell", ["工人讨薪，警察到场。", "Café naïve – “déjà vu”", "line one\nline two", "Bao’an"])
def test_honest_text_goes_through_unchanged(cell: str) -> None:
    """Accents, typographic signs and line breaks are no fault."""
    assert clean_text(cell) == (cell, ())


def test_a_title_is_short() -> None:
    """300 characters at most."""
    assert [problem.code for problem in parse_public_text("title_en", 300)("x" * 301)[1]] == ["TXT_TOO_LONG"]


def test_a_text_goes_to_the_language_it_is_in() -> None:
    """Where the heading does not say it."""
    assert parse_either_language("title")("富士康工人罢工 (Foxconn)")[0] == {
        "title_zh_hans": "富士康工人罢工 (Foxconn)"
    }
    assert parse_either_language("title")("Strike at 富士康 in Shenzhen")[0] == {
        "title_en": "Strike at 富士康 in Shenzhen"
    }


def test_a_formula_guard_is_taken_off() -> None:
    """Our exports put it there."""
    assert clean_text("'=1+1")[0] == "=1+1"


def test_an_employer_of_a_foreign_data_set_is_never_parted() -> None:
    """CLB's cells hold commas and semicolons of firms' own names; ours are parted."""
    assert parse_employer("A Co.; Ltd, 甲")[0] == {"employers": ["A Co.; Ltd, 甲"]}
    assert parse_employers("A Co., Ltd；甲")[0] == {"employers": ["A Co., Ltd", "甲"]}


def test_a_source_is_a_title_and_a_link() -> None:
    """The last word is the link if it begins like one; nothing is made up."""
    values, problems = parse_sources(
        "Caixin, 5 May https://example.org/a?b=1; dev.clb.org.hk/node/15419;https://x.cn/1"
    )
    assert values["sources"] == [
        {"title": "Caixin, 5 May", "url": "https://example.org/a?b=1"},
        {"title": "dev.clb.org.hk/node/15419"},
        {"url": "https://x.cn/1"},
    ]
    assert problems == ()


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "JaVaScRiPt:x"])
def test_only_web_links_are_links(link: str) -> None:
    """In sources and in the record's own link."""
    assert [problem.code for problem in parse_sources(f"A title {link}")[1]] == ["URL_SCHEME"]
    assert [problem.code for problem in parse_link("legacy_url")(link)[1]] == ["URL_SCHEME"]


def test_the_event_id_of_a_clb_link_is_kept() -> None:
    """It resolves dead links of reports and theses."""
    link = "https://maps.clb.org.hk/?map=1&eventId=2020101312203872956&addressId=130900"
    assert parse_legacy_url(link)[0] == {"legacy_url": link, "legacy_id": "2020101312203872956"}


@pytest.mark.parametrize(
    ("cell", "code"), [("4.40307E+17", "ID_NUMBER_LOST"), ("Mar-24", "ID_DATEISED"), ("3月4日", "ID_DATEISED")]
)
def test_an_id_that_a_spreadsheet_changed_is_refused(cell: str, code: str) -> None:
    """The digits are gone."""
    assert [problem.code for problem in parse_source_id(cell)[1]] == [code]


def test_channels_keep_their_order_and_results() -> None:
    """A channel without a result has an empty one."""
    assert parse_channels("police:refused;信访;court:lost")[0] == {
        "channels": ["police", "petition", "court"],
        "channel_results": ["refused", "", "lost"],
    }


def test_a_channel_that_is_not_in_the_list_is_refused() -> None:
    """The list is closed."""
    assert [problem.code for problem in parse_channels("carrier pigeon")[1]] == ["VOC_UNKNOWN"]


@pytest.mark.parametrize(
    ("lon", "lat", "coords", "code"),
    [
        ("114°3'28\"E", "22°32'35\"N", "", "GEO_DMS"),
        ("114,0579", "22,5431", "", "GEO_COMMA"),
        ("", "", "22.5431, 114.0579", "GEO_COMBINED"),
        ("", "", "114.0579，22.5431", "GEO_COMBINED"),
    ],
)
def test_a_position_has_many_spellings(lon: str, lat: str, coords: str, code: str) -> None:
    """All are read, and what was read is said."""
    position, said = read_position(lon, lat, coords, "wgs84")
    assert position is not None
    assert (round(position.lon, 3), round(position.lat, 3)) == (114.058, 22.543)
    assert code in {problem.code for _, problem in said}


def test_minutes_are_below_sixty() -> None:
    """22°75'00" is no latitude."""
    _, said = read_position("114°3'28\"E", "22°75'00\"N", "", "wgs84")
    assert [problem.code for _, problem in said if problem.rejects] == ["GEO_DMS_BAD"]


def test_a_datum_is_known_by_its_usual_names() -> None:
    """And by no others."""
    assert read_datum("GCJ-02")[0] == "gcj02"
    assert read_datum("百度")[0] == "bd09"
    assert read_datum("EPSG:3857")[1][0][1].code == "GEO_DATUM"


def test_our_own_shape_has_no_signature() -> None:
    """It is what remains when no other shape is recognised."""
    assert OWN.signature == frozenset()
