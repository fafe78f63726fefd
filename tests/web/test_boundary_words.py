"""Where the boundaries come from is said in the reader's language."""

from __future__ import annotations

from web.boundary_words import word_boundaries
from web.content import Attribution
from web.translations import load_texts


def test_a_known_set_is_named_in_the_readers_language() -> None:
    """Source and vintage are words of the page, not what the package says in English."""
    given = Attribution(
        source="Tianditu (a platform), packed", licence="", vintage="mid-2023, fingerprint 1", notice=""
    )
    assert word_boundaries(load_texts("zh-Hans"), "record.boundaries", given) == "边界：天地图，2023年年中。"
    assert word_boundaries(load_texts("en"), "record.boundaries", given) == "Boundaries: Tianditu, mid-2023."


def test_another_set_is_named_as_it_names_itself() -> None:
    """Boundaries can be replaced; what has no translation is shown as it is."""
    given = Attribution(source="A survey", licence="", vintage="2020", notice="")
    assert word_boundaries(load_texts("zh-Hant"), "record.boundaries", given) == "邊界：A survey，2020。"
