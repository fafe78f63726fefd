"""The ids that a record is given at its first publication."""

from __future__ import annotations

import datetime as dt

from tests.private_records import Records


def test_ids_are_numbered_by_layer_and_year_and_never_used_again(records: Records) -> None:
    """A record keeps its id while it is hidden; a new one gets the next number."""
    first = records.incident("strikes", starts_on=dt.date(2020, 5, 1))
    accident = records.incident("accidents")
    records.publish()
    given = records.public_id(first, "strikes")
    assert given.startswith("S-2020-")
    assert len(given) == len("S-2020-000001")
    assert records.public_id(accident, "accidents").startswith("A-2021-")
    records.change(first, "strikes", withheld=True)
    records.publish()
    later = records.incident("strikes")
    records.publish()
    assert int(records.public_id(later, "strikes")[-6:]) == int(given[-6:]) + 1
    records.change(first, "strikes", withheld=False, starts_on=dt.date(2019, 5, 1))
    records.publish()
    assert records.public_id(first, "strikes") == given


def test_ids_follow_the_public_dates(records: Records) -> None:
    """Whatever the order in which records were loaded."""
    late = records.incident("strikes", starts_on=dt.date(2021, 5, 1))
    early = records.incident("strikes", starts_on=dt.date(2021, 4, 1))
    records.publish()
    assert records.public_id(early, "strikes") < records.public_id(late, "strikes")
    assert records.row(early, "strikes")["id"] < records.row(late, "strikes")["id"]


def test_the_year_of_a_coarse_record_is_the_year_that_is_shown(records: Records) -> None:
    """1 January 2021 lies in a week that began in 2020: the id must not tell it from the days before."""
    made = records.incident("accidents", sources=[], starts_on=dt.date(2021, 1, 1))
    records.publish()
    assert records.row(made, "accidents")["starts_on"] == dt.date(2020, 12, 28)
    assert records.public_id(made, "accidents").startswith("A-2020-")


def test_ids_of_a_months_calls_do_not_follow_their_days(records: Records) -> None:
    """Thirty calls of one month, loaded in the order of their days: the numbers are in another."""
    calls = [records.incident("calls_for_help", starts_on=dt.date(2021, 1, day)) for day in range(1, 31)]
    records.publish()
    numbers = [records.public_id(call, "calls_for_help") for call in calls]
    assert numbers != sorted(numbers)
