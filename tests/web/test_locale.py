"""The texts of the pages: complete in every language, and no more than are used."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from web.translations import LANGUAGES, load_texts

WEB = Path(__file__).parent.parent.parent / "web"
ROUTES = WEB.parent / "app" / "readers"
EDITORS = WEB.parent / "app" / "editors"
SOURCES = [
    *(*WEB.rglob("*.js"), *WEB.rglob("*.html"), *WEB.glob("*.py")),
    *(*ROUTES.glob("*pages.py"), *EDITORS.glob("*.py")),
]
PLACES = re.compile(r"\{(\w+)\}")
COMPOSED = (
    "by.",
    "table.by.",
    "shade.",
    "tab.",
    "filter.",
    "search.",
    "remainder.",
    "legend.",
    "error.",
    "empty.",
    "card.",
    "contact.",
    "answer.",
    "change.",
    "ways.",
    "method.layer",
    "export.format.",
    "export.for.",
    "export.labels.",
    "export.rows",
    "time.preset.",
    "change.",
    "time.method.",
    "api.step.",
    "api.field.",
    "api.reason.",
    "api.parameters",
    "api.collection.",
    "api.problem.",
    "api.rel.",
    "api.member.",
    "editor.ways.",
    "editor.kind.",
    "editor.layer.",
    "editor.state.",
    "editor.problem.",
    "editor.class.",
    "editor.commit.",
    "editor.counts.",
    "editor.case.",
    "editor.decide.",
    "editor.decided.",
    "editor.decision.",
    "editor.discard.lead.",
    "editor.edit.",
    "editor.failure.",
    "editor.how.",
    "editor.map.lead.",
    "editor.op.",
    "editor.phase.",
    "editor.reason.",
    "editor.severity.",
    "editor.step.",
    "editor.tab.",
    "editor.role.",
    "editor.recovery.left",
    "editor.scope.",
    "editor.record.",
    "editor.field.",
    "editor.hint.",
    "union.",
    "accountability.",
    "incidents",
    "cases",
)
"""Beginnings of keys that are put together where they are used."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_exists_in_every_language(language: str) -> None:
    """A key of English is a key of all, and the other way round, with a text."""
    texts = load_texts(language).by_key
    assert texts.keys() == load_texts("en").by_key.keys()
    assert all(texts.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_has_the_same_places_to_fill(language: str) -> None:
    """A place that is missing would swallow a number; one too many would show braces."""
    english = load_texts("en").by_key
    for key, value in load_texts(language).by_key.items():
        if not key.endswith(".one"):
            assert set(PLACES.findall(value)) == set(PLACES.findall(english[key])), key


def test_every_text_that_is_asked_for_exists() -> None:
    """A key that no language file has would break the page."""
    known = load_texts("en").by_key
    asked = re.compile(
        r"""(?:\bt\[|texts\.get\(|texts\.count\(|t\.fill\(|t\.count\(|texts\[|show\()\s*["']([\w.]+)["']"""
    )
    for path in SOURCES:
        for key in asked.findall(path.read_text(encoding="utf-8")):
            assert key in known or key.endswith("."), f"{path.name}: {key}"


def test_no_text_is_left_over() -> None:
    """A text that nothing shows would be translated for nothing."""
    code = "".join(path.read_text(encoding="utf-8") for path in SOURCES)
    known = load_texts("en").by_key
    unused = [key for key in known if key.removesuffix(".one") not in code and not key.startswith(COMPOSED)]
    assert unused == []


def test_chinese_texts_keep_to_their_script() -> None:
    """Simplified and Traditional are two scripts, not one with two names."""
    simplified, traditional = (load_texts(tag).by_key for tag in ("zh-Hans", "zh-Hant"))
    assert not [key for key, value in simplified.items() if re.search("[圖層勞網開發區請將]", value)]
    assert not [key for key, value in traditional.items() if re.search("[图层劳网开发区请将]", value)]
