"""What is counted of a union: each case once, what is not known too, never one in which it was not asked."""

from __future__ import annotations

from typing import Any

from tests.web.test_cards import make_words
from web.content import Record
from web.shares import BarTable, Share, count_codes, roll_up, say_share
from web.translations import load_texts
from web.union_profile import UnionProfile


def make_case(number: int, *contacts: dict[str, Any], **known: Any) -> Record:
    """A case with contacts of the union 3, unless they say otherwise."""
    told = [{"union_id": 3, "contacted": True, **contact} for contact in contacts]
    properties = {"layer": "accountability", "starts_on": f"2020-0{number}-01", "contacts": told, **known}
    return Record(id=f"U-2020-00000{number}", properties=properties)


CASES = (
    make_case(1, {"awareness": "unaware"}, {"awareness": "aware", "involvement": "involved", "excuses": ["a", "b"]}),
    make_case(2, {"awareness": "no_response", "excuses": ["b"]}, {"awareness": "unaware", "union_id": 4}),
    make_case(3, {"contacted": False, "awareness": "aware", "involvement": "involved"}),
    make_case(4, {"awareness": "no_response"}, {}),
)
PROFILE = UnionProfile(make_words(), 3, CASES, ())


def find_table(name: str) -> BarTable:
    """The chart of that name."""
    return next(table for table in PROFILE.tables if table.name == name)


def test_a_case_in_which_it_was_only_named_is_told_but_not_counted() -> None:
    """Its contacts say nothing about what the union knew."""
    assert (PROFILE.asked, PROFILE.only_named) == (3, 1)
    assert [case.record.id for case in PROFILE.cases] == [f"U-2020-00000{number}" for number in (4, 3, 2, 1)]


def test_a_case_counts_once_however_often_the_union_was_asked() -> None:
    """Knowing outweighs not knowing, no answer counts where there was none other; the rest is not known."""
    known = {bar.label: bar.share for bar in find_table("awareness").bars}
    assert known == {"Unaware": Share(0, 3), "Not known": Share(1, 3)}
    excuses = [(bar.label, bar.share.part) for bar in find_table("excuses").bars]
    assert excuses == [("b", 2), ("a", 1), ("None recorded", 1)]


def test_answers_of_one_case_come_to_one() -> None:
    """As for a case: any that knew, else any that did not, else no response if nobody answered at all."""
    rule = {"first": "aware", "second": "unaware", "only_all": "no_response"}
    assert roll_up(["unaware", "aware"], **rule) == "aware"
    assert roll_up(["no_response", "unaware", None], **rule) == "unaware"
    assert roll_up(["no_response", "no_response"], **rule) == "no_response"
    assert roll_up(["no_response", None], **rule) is None
    assert roll_up([], **rule) is None


def test_a_share_says_its_numerator_and_denominator() -> None:
    """Halves up; of nothing there is no percentage."""
    texts = load_texts("en")
    assert say_share(texts, Share(7, 77)) == "7 of 77 (9.1%)"
    assert say_share(texts, Share(47, 127)) == "47 of 127 (37.0%)"
    assert say_share(texts, Share(0, 0)) == "0 of 0"
    assert Share(1, 2000).percent == 0.1


def test_the_unknown_has_a_bar_even_where_there_is_none() -> None:
    """Zero is said."""
    bars = count_codes([["a"]], {"a": "A"}, "Not known")
    assert [(bar.label, bar.share, bar.is_unknown) for bar in bars] == [
        ("A", Share(1, 1), False),
        ("Not known", Share(0, 1), True),
    ]


def test_a_case_of_incidents_without_a_region_in_common_is_of_several_places() -> None:
    """Its place is known well enough: it is more than one."""
    words = make_words()
    assert words.place(make_case(1, incidents=["S-2020-000001", "S-2020-000002"])) == words.texts["place.several"]
    assert words.place(make_case(1, incidents=["S-2020-000001"])) == words.texts["place.unknown"]
