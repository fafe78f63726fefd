"""What is searched is what is public, and both languages are found as they are written or asked."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.publishing.publish import publish_all, publish_reference
from geo.serving.conditions import conditions
from geo.serving.filters import parse_query
from geo.serving.search import search_condition
from geo.serving.tables import feature
from tests.private_records import MARKER, Records, plant_canaries

TEXTS: dict[str, dict[str, Any]] = {
    "first": {
        "title_en": "Taxi drivers' strike over fees: 100% of cabs (Huai'an)",
        "title_zh_hans": "淮安出租车司机罢工，要求降低份子钱",
        "description_en": "Drivers block the road.\nWages were never paid",
        "employers": ["當地出租車公司", "Foxconn富士康"],
    },
    "second": {
        "title_en": "Construction workers protest wage arrears",
        "title_zh_hans": "工人车间讨薪出租屋",
        "place_text_zh_hans": "深圳市宝安区",
        "description_zh_hans": "老板ＡＢＣ跑路",
    },
}
"""Two strikes."""

QUESTIONS: list[tuple[str, set[str]]] = [
    ("出租", {"first", "second"}),
    ("出租车", {"first"}),
    ("出租車", {"first"}),
    ("当地出租车公司", {"first"}),
    ("当地 讨薪", set()),
    ("罢工 淮安", {"first"}),
    ('"罢工 淮安"', set()),
    ("讨薪", {"second"}),
    ("討薪", {"second"}),
    ("薪讨", set()),
    ("车", {"first", "second"}),
    ("钱", {"first"}),
    ("车间出租", set()),
    ("深圳市宝安区", {"second"}),
    ("strike", {"first"}),
    ("STRIKE", {"first"}),
    ("strik", set()),
    ("wage", {"second"}),
    ('"wage arrears"', {"second"}),
    ('"arrears wage"', set()),
    ("arrears wage", {"second"}),
    ('"protest wage"', {"second"}),
    ('"rotest wage"', set()),
    ('"protest wag"', set()),
    ("Huai'an", {"first"}),
    ("huai’an", {"first"}),
    ('"road wages"', {"first"}),
    ('"份子钱 drivers"', set()),
    ('"huai an 淮安"', set()),
    ("100%", {"first"}),
    ("10%", set()),
    ("str_ke", set()),
    ("%出租车%", {"first"}),
    ("ABC", {"second"}),
    ("老板ａｂｃ跑路", {"second"}),
    ("老板 跑路", {"second"}),
    ("老板跑路", set()),
    ("foxconn富士康", {"first"}),
    ('"Foxconn 富士康"', {"first"}),
    ("富士康foxconn", set()),
]


def find(connection: sa.Connection, text: str, collection: str = "records") -> set[int]:
    """Return the keys of the records that a request with this `q` gets."""
    wanted = conditions(parse_query(collection, [("q", text)]))
    return set(connection.scalars(sa.select(feature.c.id).where(*wanted)))


def find_names(records: Records, text: str, numbers: dict[str, int]) -> set[str]:
    """Return which of the records that were made are found."""
    found = find(records.connection, text)
    return {name for name, number in numbers.items() if records.row(number, "strikes")["id"] in found}


@pytest.mark.parametrize(("text", "expected"), QUESTIONS)
def test_words_and_phrases_are_found_where_they_stand(records: Records, text: str, expected: set[str]) -> None:
    """Both languages, both forms of Chinese characters, whole words of other scripts, phrases within one text."""
    numbers = {name: records.incident("strikes", **values) for name, values in TEXTS.items()}
    records.publish()
    assert find_names(records, text, numbers) == expected


def test_cases_are_searched_by_title_and_summary(records: Records) -> None:
    """Accountability has no description."""
    records.case(title_zh_hans="工會不作為", summary_en="The federation never answered")
    records.publish()
    assert len(find(records.connection, "工会不作为")) == len(find(records.connection, "federation answered")) == 1


def test_text_of_a_private_column_is_never_found(records: Records) -> None:
    """Nor text that the policy holds back: the marker stands in all of both, and in nothing public."""
    plant_canaries(records)
    publish_all(records.connection)
    count = sa.select(sa.func.count()).select_from(feature)
    assert records.connection.scalar(count) == 4
    assert find(records.connection, MARKER) == set()


def test_the_place_as_reported_is_searched_only_where_it_is_shown(records: Records) -> None:
    """A call's place is hidden unless the call is marked as already public."""
    records.incident("calls_for_help", place_text_zh_hans="福永街道")
    shown = records.incident("calls_for_help", place_text_zh_hans="福永街道", already_public=True)
    records.connection.exec_driver_sql("UPDATE editorial.incident SET starts_on = '2021-01-01', ends_on = '2021-01-01'")
    records.publish()
    assert find(records.connection, "福永街道") == {records.row(shown, "calls_for_help")["id"]}


def test_what_is_searched_changes_with_the_record(records: Records) -> None:
    """Old words are forgotten; a withheld record is not found at all."""
    made = records.incident("strikes", title_zh_hans="工人罢工")
    records.publish()
    records.change(made, "strikes", title_zh_hans="工人讨薪")
    records.publish()
    assert (len(find(records.connection, "罢工")), len(find(records.connection, "讨薪"))) == (0, 1)
    records.change(made, "strikes", withheld=True)
    records.publish()
    assert find(records.connection, "讨薪") == set()


def test_a_database_from_before_the_search_is_filled_at_the_first_start(records: Records) -> None:
    """Without a change of any feature, but with a new version of the data: answers differ."""
    made = records.incident("strikes", title_zh_hans="工人讨薪")
    publish_all(records.connection)
    records.connection.exec_driver_sql("UPDATE published.feature SET updated_on = '2020-01-01'")
    records.connection.exec_driver_sql(
        "UPDATE published.feature_text SET geojson = regexp_replace(geojson, '[0-9-]{10}\"}}$', '2020-01-01\"}}')"
    )
    records.connection.exec_driver_sql("DELETE FROM published.feature_search")
    records.connection.exec_driver_sql("UPDATE editorial.publishing_rules SET sha256 = 'other'")
    records.connection.exec_driver_sql("SET LOCAL labourmap.dataset_version_moved_by = '0'")
    version = sa.text("SELECT version FROM published.dataset_version")
    before = records.connection.scalar(version)
    assert publish_reference(records.connection)
    assert len(find(records.connection, "讨薪")) == 1
    assert records.properties(made, "strikes")["updated_on"] == "2020-01-01"
    assert records.connection.scalar(version) == before + 1


def test_very_long_texts_and_words_are_published(records: Records) -> None:
    """What an index cannot hold is taken apart or left out, and stops nothing."""
    word = "x" * 5_000
    text = "".join(map(chr, range(0x4E00, 0x9000))) * 8
    records.incident("strikes", title_en=word, description_zh_hans=text)
    assert records.publish() == 1
    assert len(find(records.connection, word[:100])) == len(find(records.connection, "一丁丂七")) == 1


WORDS = st.text(st.sampled_from("罢工罷讨薪車车ab Ａ1,%_\\'\"-é\n"), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(WORDS, WORDS, WORDS)
def test_any_piece_of_chinese_in_a_text_is_found(connection: sa.Connection, left: str, piece: str, right: str) -> None:
    """A text holds each run of characters that stands in it: index and check never disagree with the text."""
    runs = [run for run in piece.replace("\n", " ").split() if run and set(run) <= set("罢工罷讨薪車车")]
    words = sa.func.published.search_words(left + piece + right)
    made = connection.execute(sa.select(words, sa.func.published.search_vector(words))).one()
    for run in runs:
        asked = sa.select(
            sa.literal(made[1]).op("::tsvector @@")(sa.func.published.search_query(run)),
            sa.literal(made[0]).like(sa.func.published.search_pattern(run)),
        )
        assert tuple(connection.execute(asked).one()) == (True, True)


def test_a_phrase_without_words_finds_nothing(records: Records) -> None:
    """A number of a script that is not indexed is no error."""
    records.incident("strikes")
    records.publish()
    assert records.connection.scalar(sa.select(sa.func.count()).where(search_condition(("ↀ",)))) == 0
