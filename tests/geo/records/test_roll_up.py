"""What contacts say together of a case."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.records.roll_up import RollUp, roll_up


def contact(awareness: str | None = None, involvement: str | None = None, timing: str | None = None) -> dict[str, Any]:
    """Make a contact that was made."""
    return {"contacted": True, "awareness": awareness, "involvement": involvement, "involvement_timing": timing}


@pytest.mark.parametrize(
    ("awareness", "rolled"),
    [
        (["unaware", "aware"], "aware"),
        (["unaware", None], "unaware"),
        (["unaware", "no_response"], "unaware"),
        (["no_response", "no_response"], "no_response"),
        (["no_response", None], None),
        ([None], None),
        ([], None),
    ],
)
def test_one_union_that_knew_makes_the_case_aware(awareness: list[str | None], rolled: str | None) -> None:
    """Unaware needs one that said so and none that knew; no answer needs that nobody answered."""
    assert roll_up(contact(value) for value in awareness).awareness == rolled


@pytest.mark.parametrize(
    ("involvement", "rolled"),
    [(["uninvolved", "involved"], "involved"), (["uninvolved", None], "uninvolved"), ([None, None], None)],
)
def test_one_union_that_acted_makes_the_case_involved(involvement: list[str | None], rolled: str | None) -> None:
    """What nobody recorded stays unknown."""
    assert roll_up(contact(None, value) for value in involvement).involvement == rolled


def test_the_timing_is_of_the_unions_that_acted() -> None:
    """The earlier one first; a timing beside no involvement says nothing."""
    after, before = contact(None, "involved", "after_contact"), contact(None, "involved", "before_contact")
    assert roll_up([after, before]).involvement_timing == "before_contact"
    assert roll_up([after]).involvement_timing == "after_contact"
    assert roll_up([contact(None, "uninvolved", "before_contact")]).involvement_timing is None


@given(st.lists(st.sampled_from([None, "aware", "unaware", "no_response"])))
def test_a_union_only_mentioned_never_counts(answers: list[str | None]) -> None:
    """Contacts that were not made change nothing, whatever stands in them."""
    made = [contact("unaware", "uninvolved")]
    mentioned = [contact(answer, "involved", "before_contact") | {"contacted": False} for answer in answers]
    assert roll_up(made + mentioned) == RollUp("unaware", "uninvolved", None)
