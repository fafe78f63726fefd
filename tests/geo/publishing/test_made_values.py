"""Properties that publishing makes from others."""

from __future__ import annotations

import pytest

from tests.private_records import Records


@pytest.mark.parametrize(
    ("least", "most", "band"),
    [
        (1, 99, "1-99"),
        (100, 999, "100-999"),
        (99, 100, None),
        (150, None, None),
        (10_000, None, "10000-plus"),
        (12_000, 15_000, "10000-plus"),
        (9_000, 10_000, None),
        (None, 50, None),
        (None, None, None),
    ],
)
def test_the_band_holds_the_whole_range(
    records: Records, least: int | None, most: int | None, band: str | None
) -> None:
    """Open ranges from 10,000 on are the last band; a range over two bands is in none."""
    made = records.incident("strikes", participants_min=least, participants_max=most)
    records.publish()
    assert records.row(made, "strikes")["participants"] == band


@pytest.mark.parametrize(
    ("deaths", "severity"),
    [
        (None, None),
        (0, "ordinary"),
        (2, "ordinary"),
        (3, "serious"),
        (10, "major"),
        (29, "major"),
        (30, "extraordinary"),
    ],
)
def test_severity_is_by_deaths(records: Records, deaths: int | None, severity: str | None) -> None:
    """The bands of Decree 493; unknown when the number is."""
    made = records.incident("accidents", deaths=deaths)
    records.publish()
    assert records.row(made, "accidents")["severity"] == severity
