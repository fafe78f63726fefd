"""Figures of cases: unknown is a class, and a share says of what."""

from __future__ import annotations

from geo.serving.case_figures import FEW_CASES, Cell, make_figures, read_cell
from geo.serving.published_reference import load_reference
from geo.serving.shares import Share


def test_half_a_tenth_is_rounded_up_and_nothing_has_no_percentage() -> None:
    """As people round."""
    assert [Share(1, 16).percent, Share(24, 47).percent, Share(0, 5).percent, Share(0, 0).percent] == [
        6.3,
        51.1,
        0,
        None,
    ]


def test_what_is_not_known_is_counted_as_such() -> None:
    """And who was not involved has no time at which it was."""
    assert read_cell(None, "uninvolved", "after_contact", 2) == Cell("unknown", "uninvolved", None, 2)
    figures = make_figures([read_cell("aware", "involved", None, 3), read_cell(None, None, None, 1)])
    assert figures.timing["unknown"] == Share(3, 3)
    assert figures.awareness["unknown"] == figures.involvement["unknown"] == Share(1, 4)
    assert sum(cell.cases for cell in figures.table) == figures.cases == 4


def test_rates_of_few_cases_are_marked() -> None:
    """Nineteen are few."""
    few, enough = (make_figures([read_cell("aware", None, None, count)]) for count in (FEW_CASES - 1, FEW_CASES))
    assert (few.are_few, enough.are_few) == (True, False)


def test_the_reference_names_its_errors_and_has_no_inner_cells() -> None:
    """One printed percentage does not follow from its count; two sums leave cases over."""
    reference = load_reference()
    figures = {figure["id"]: figure for figure in reference["figures"]}
    assert [name for name, figure in figures.items() if figure.get("agrees") is False] == ["aware"]
    assert (figures["aware"]["percent"], figures["aware"]["printed_percent"]) == (37.0, 32)
    assert [error["id"] for error in reference["errors"]][:3] == [
        "aware_percent",
        "aware_remainder",
        "involvement_total",
    ]
    assert [(part["numerator"], part["denominator"]) for part in reference["unstated"]] == [(7, 127), (4, 47)]
    assert not {"cells", "table"} & reference.keys()
    for part in ("errors", "notes"):
        assert all(set(entry["text"]) == {"en", "zh_hans", "zh_hant"} for entry in reference[part])
