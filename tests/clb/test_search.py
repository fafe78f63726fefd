"""Searching CLB's export, against a plain reading of its files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import opencc
import openpyxl
import pytest

from tests.clb.conftest import find_clb_files

pytestmark = [pytest.mark.anyio, pytest.mark.clb]

SEARCHED = ("Title", "Description", "Employer")
TO_SIMPLIFIED = {"薪資": "薪资", "計程車": "计程车", "電子": "电子", "建築": "建筑", "富士康": "富士康", "討薪": "讨薪"}
"""What is asked, and how it is in Simplified characters. CLB's files have both."""


@pytest.fixture(scope="module")
def texts(clb_folder: Path) -> list[str]:
    """What can be searched of each row of the files, in lower case and Simplified characters."""
    convert = opencc.OpenCC("t2s").convert
    return [convert(text) for text in read_texts(clb_folder)]


def read_texts(folder: Path) -> Iterator[str]:
    """Read the searched columns of every row."""
    for path in find_clb_files(folder):
        with closing(openpyxl.load_workbook(path, read_only=True)) as book:
            rows = book.worksheets[0].iter_rows(values_only=True)
            header = list(next(rows))
            places = [header.index(name) for name in SEARCHED]
            for row in rows:
                yield "\n".join(str(row[place] or "") for place in places).lower()


async def count_found(client: httpx.AsyncClient, text: str) -> int:
    """Return how many of CLB's strikes a search finds; items and counts must agree."""
    asked = {"q": text, "source_system": "clb_export"}
    items = await client.get("/api/collections/strikes/items", params=asked | {"limit": "1"})
    counts = await client.get("/api/collections/strikes/counts", params=asked | {"by": "year"})
    assert items.json()["numberMatched"] == counts.json()["total"]
    return int(items.json()["numberMatched"])


@pytest.mark.parametrize(
    "text", ["讨薪", "出租", "出租车", "公司", "有限公司", "电子", "车", "富士康", "建筑工程有限公司"]
)
async def test_chinese_is_found_wherever_it_stands(clb_client: httpx.AsyncClient, texts: list[str], text: str) -> None:
    """Of one, two, three or more characters."""
    expected = sum(text in row for row in texts)
    assert await count_found(clb_client, text) == expected


async def test_some_of_those_are_frequent(texts: list[str]) -> None:
    """So that the comparison says something."""
    assert sum("公司" in row for row in texts) > 500
    assert sum("出租车" in row for row in texts) > 10


@pytest.mark.parametrize(("traditional", "simplified"), TO_SIMPLIFIED.items())
async def test_traditional_characters_find_simplified_ones(
    clb_client: httpx.AsyncClient, texts: list[str], traditional: str, simplified: str
) -> None:
    """Whatever the reader's keyboard writes."""
    assert await count_found(clb_client, traditional) == sum(simplified in row for row in texts)


@pytest.mark.parametrize("word", ["wage", "Taxi", "drivers", "arrears", "Huai'an", "foxconn", "sit"])
async def test_english_words_are_found_whole(clb_client: httpx.AsyncClient, texts: list[str], word: str) -> None:
    """`wage` is not `wages`, and case does not matter."""
    whole = re.compile(rf"(?<![^\W_]){re.escape(word.lower())}(?![^\W_])")
    assert await count_found(clb_client, word) == sum(bool(whole.search(row)) for row in texts)


async def test_all_words_must_occur_and_a_phrase_as_a_whole(clb_client: httpx.AsyncClient, texts: list[str]) -> None:
    """Quotes make the difference."""
    both = sum(bool(re.search(r"\bwage\b", row) and re.search(r"\barrears\b", row)) for row in texts)
    phrase = sum(bool(re.search(r"\bwage\W+arrears\b", row)) for row in texts)
    assert await count_found(clb_client, "arrears wage") == both
    assert await count_found(clb_client, '"wage arrears"') == phrase
    assert both > phrase > 0
