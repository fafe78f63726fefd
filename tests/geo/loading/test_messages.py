"""The catalogue and the code that raises its codes agree."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

import geo.loading
from geo.loading.messages import Message, Problem, catalogue, refuse

FOLDER = Path(geo.loading.__file__).parent
FAMILIES = (
    "FILE|LIM|BATCH|SOURCE|ENC|TXT|PLACE|CSV|HDR|XL|ID|DUP|DATE|REGION|GEO|VOC|NUM|BOOL|URL|SRC|TITLE|PII|SENS"
    "|CASE|CONTACT|INCIDENT|UNION|REC|PUBLIC|FIX|REVIEW|ROW|REVERT|GPKG|SHP|GJ|EDIT"
)
CODE = re.compile(rf'"((?:{FAMILIES})_[A-Z0-9_]+)"')


def raised() -> set[str]:
    """Return every code that stands in the sources of loading."""
    return {code for path in FOLDER.glob("*.py") for code in CODE.findall(path.read_text(encoding="utf-8"))}


def test_every_code_raised_is_in_the_catalogue() -> None:
    """A message without a text could not be shown."""
    assert raised() - catalogue().keys() == set()


def test_every_code_of_the_catalogue_is_raised() -> None:
    """A text that is never shown says nothing true."""
    assert catalogue().keys() - raised() == set()


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_both_languages_say_the_same_facts(code: str) -> None:
    """English and Chinese have the same places to fill, save for hints, which are made in each language."""
    entry = catalogue()[code]

    def fields(*texts: str) -> set[str]:
        named = {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}
        return {name.removesuffix("_zh") for name in named}

    english, chinese = fields(entry.text_en, entry.remedy_en), fields(entry.text_zh_hans, entry.remedy_zh_hans)
    assert english - {"column"} == chinese - {"column"}
    assert bool(entry.remedy_en) == bool(entry.remedy_zh_hans)


def test_a_message_names_row_column_value_and_remedy() -> None:
    """In one line, in either language."""
    message = Message(Problem("NUM_NEG"), 7, "deaths", "-5")
    assert message.render() == 'Row 7, column "deaths": May not be negative (value: "-5"). Correct it.'
    assert message.render("zh_hans") == "第 7 行，“deaths”列：不能为负数（值：“-5”）。请更正。"


def test_a_refused_file_carries_its_code_and_facts() -> None:
    """Programs read the code, people the text."""
    refused = refuse("FILE_TOO_BIG", megabytes=300, limit=256)
    assert (refused.code, refused.facts) == ("FILE_TOO_BIG", {"megabytes": 300, "limit": 256})
    assert "300 MB" in str(refused)
