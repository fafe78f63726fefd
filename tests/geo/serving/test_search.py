"""What a search asks, read from its parameter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import BadRequest
from geo.serving.filters import parse_query, write_query
from geo.serving.search import parse_search, write_search


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("讨薪", ("讨薪",)),
        (" b  a　讨薪 a ", ("a", "b", "讨薪")),
        ('"wage  arrears" taxi', ("taxi", "wage arrears")),
        ("“wage arrears”", ("wage arrears",)),
        ('"open phrase', ("open", "phrase")),
        ('a"b c"d', ("a", "b c", "d")),
        ("a - b", ("a", "b")),
        ("12333", ("12333",)),
    ],
)
def test_words_and_phrases_are_parted(text: str, expected: tuple[str, ...]) -> None:
    """At spaces, but for what stands in quotes; what holds no letter is left out."""
    assert parse_search(text) == expected


MANY = "".join(f'"a {number} b"' for number in range(10, 35))
"""As long as may be, and longer when it is written with spaces between the phrases."""


@pytest.mark.parametrize("text", ["", " ", '""', "%", "，。", '"- -"', "a" * 201, "a\x00b", "a\nb", MANY])
def test_a_search_that_cannot_be_made_is_refused(text: str) -> None:
    """Too long, without a letter, or with control characters."""
    with pytest.raises(BadRequest) as refused:
        parse_query("records", [("q", text)])
    assert [fault.name for fault in refused.value.invalid] == ["q"]


def test_a_search_is_given_once() -> None:
    """Two would need a rule for how they are joined."""
    with pytest.raises(BadRequest):
        parse_query("records", [("q", "a"), ("q", "b")])


@given(st.text(st.sampled_from('ab讨薪 "“”-，　'), max_size=40))
def test_the_canonical_form_of_a_search_is_read_as_the_same(text: str) -> None:
    """Links and validators are made from it."""
    try:
        query = parse_query("records", [("q", text)])
    except BadRequest:
        return
    assert parse_query("records", write_query(query)) == query
    assert parse_search(write_search(query.q)) == query.q
