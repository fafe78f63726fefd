"""The file that triggers every code of rows, on its page: each message as the catalogue has it, in both languages."""

from __future__ import annotations

import html
import re
import string

import pytest

from geo.loading.load import load_file
from geo.loading.messages import catalogue
from geo.loading.request import LoadRequest
from tests.app.editors.batch_desk import Work, desk, upload, work
from tests.editing import Editing
from tests.geo.loading.conftest import write_csv
from tests.geo.loading.every_code import EARLIER, EVERY_CODE, every_code_csv

__all__ = ["desk", "work"]

LINE = re.compile(r'<td class="words"><span lang="[\w-]+">(.*?)</span> <code[^>]*>(\w+)</code>', re.DOTALL)


def read_messages(page: str) -> dict[str, list[str]]:
    """Read the texts of a batch's page by code."""
    found: dict[str, list[str]] = {}
    for text, code in LINE.findall(page):
        found.setdefault(code, []).append(html.unescape(text))
    return found


def as_pattern(text: str) -> re.Pattern[str]:
    """Return a pattern for a text of the catalogue: its facts are anything, and a value may stand before its stop."""
    parts = [
        re.escape(literal) + (".*?" if name is not None else "")
        for literal, name, _, _ in string.Formatter().parse(text.rstrip(".。?？"))
    ]
    return re.compile("".join(parts), re.DOTALL)


@pytest.fixture(scope="module")
def pages(desk: Editing, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The page of that file in both languages."""
    folder = tmp_path_factory.mktemp("every")
    with desk.engine.begin() as connection:
        for number, (layer, rows) in enumerate(EARLIER):
            path = write_csv(folder / f"{number}.csv", rows)
            assert load_file(connection, LoadRequest(layer=layer, path=path, source="test", datum="wgs84")).loaded
    return {}


@pytest.mark.parametrize(("language", "column"), [("en", "text_en"), ("zh-Hans", "text_zh_hans")])
def test_every_code_is_said_as_the_catalogue_has_it(
    desk: Editing, work: Work, pages: dict[str, str], language: str, column: str
) -> None:
    """No code is missing, and none is said in other words or in the other language."""
    editor = desk.sign_in("editor")
    if not pages:
        address = upload(editor, work, every_code_csv(), layer="calls_for_help")
        pages |= {tag: editor.get(f"{address}?lang={tag}").text for tag in ("en", "zh-Hans")}
    said = read_messages(pages[language])
    assert sorted(EVERY_CODE - said.keys()) == []
    for code in EVERY_CODE:
        pattern = as_pattern(getattr(catalogue()[code], column))
        assert all(pattern.match(text) for text in said[code]), (code, said[code])
