"""How many people, in one row: tests/web/person-cases.json holds for server and browser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.web.conftest import text
from web.content import PropertyWords, Record, Words
from web.records import RecordWords
from web.translations import load_texts

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "person-cases.json").read_text(encoding="utf-8"))
BANDS = {"1-99": "1-99", "100-999": "100-999", "1000-9999": "1,000-9,999", "10000-plus": "10,000 or more"}


def make_words(language: str = "en") -> RecordWords:
    """The words of the properties that are about people, and of the data set."""
    names = {"participants": "Participants", "participants_min": "Least", "participants_max": "Most"}
    names |= {"persons_min": "Least", "persons_max": "Most", "source_system": "Data set"}
    properties = tuple(
        PropertyWords(name=name, kind="code", label=text(label), vocabulary=name if name == "participants" else None)
        for name, label in names.items()
    )
    terms = {"participants": {code: text(label) for code, label in BANDS.items()}}
    return RecordWords(load_texts(language), Words(layers=(), properties=properties, terms=terms), {})


def make_record(data_set: str) -> Record:
    """A record of a data set."""
    return Record(id="S-2016-000001", properties={"source_system": data_set})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_how_many_people_is_one_row(case: dict[str, Any]) -> None:
    """Band, least and most are never said twice."""
    rows = make_words().rows(Record(id="S-2016-000001", properties=case["properties"]))
    assert [[row.label, *row.values] for row in rows] == ([case["row"]] if case["row"] else [])


@pytest.mark.parametrize(
    ("language", "name"), [("en", "China Labour Bulletin"), ("zh-Hans", "中国劳工通讯"), ("zh-Hant", "中國勞工通訊")]
)
def test_a_data_set_has_a_name(language: str, name: str) -> None:
    """Those that are known are named in the reader's language; any other stays as it is called."""
    words = make_words(language)
    for known in ("clb_export", "clb_pages", "waiting_for_weiquan"):
        assert words.rows(make_record(known))[0].values[0].startswith(name)
    assert words.rows(make_record("other_set"))[0].values == ("other_set",)
