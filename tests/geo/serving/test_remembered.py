"""What is remembered between requests is bounded and never outlives its version of the data."""

from __future__ import annotations

from geo.serving.remembered import Remembered


def test_an_answer_is_remembered_for_its_version_alone() -> None:
    """New data makes every count again."""
    remembered = Remembered[int]()
    remembered.keep(1, "question", 7)
    assert remembered.find(1, "question") == 7
    assert remembered.find(2, "question") is None
    assert remembered.find(1, "another") is None


def test_the_least_recently_used_answer_is_forgotten() -> None:
    """However many different questions come, memory does not grow."""
    remembered = Remembered[int](size=2)
    remembered.keep(1, "a", 1)
    remembered.keep(1, "b", 2)
    remembered.find(1, "a")
    remembered.keep(1, "c", 3)
    assert len(remembered) == 2
    assert [remembered.find(1, question) for question in "abc"] == [1, None, 3]
