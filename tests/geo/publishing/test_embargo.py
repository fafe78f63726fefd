"""When a record becomes public, by the database's clock."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from geo.publishing.publish import publish_due
from tests.private_records import Records

PRIVATE = [{"type": "interview"}]
LONG_AGO = dt.date(2012, 5, 3)


def today(records: Records) -> dt.date:
    """Today, as the database has it."""
    day: dt.date = records.connection.execute(sa.text("SELECT (now() AT TIME ZONE 'UTC')::date")).scalar_one()
    return day


def on(day: dt.date) -> dict[str, Any]:
    """Dates of a record of one day."""
    return {"starts_on": day, "ends_on": day}


def month_end(day: dt.date) -> dt.date:
    """The last day of a day's month."""
    return (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)


def set_back(records: Records, days: int) -> None:
    """Make every embargo end so many days earlier, as if time had passed."""
    records.connection.execute(sa.text("UPDATE editorial.embargo SET release_on = release_on - :days"), {"days": days})


def test_a_call_is_held_until_fourteen_days_after_its_month(records: Records) -> None:
    """Counted from the day itself, the day of release would tell it."""
    day = today(records) - dt.timedelta(days=1)
    call = records.incident("calls_for_help", **on(day))
    records.publish()
    assert records.feature(call, "calls_for_help") is None
    asked = sa.text("SELECT release_on FROM editorial.embargo WHERE record_id = :call")
    release_on = records.connection.execute(asked, {"call": call}).scalar_one()
    assert release_on == month_end(day) + dt.timedelta(days=14)


def test_the_day_of_release_is_the_first_public_day(records: Records) -> None:
    """Up to the day before, nothing; on the day, the record. Long embargoes are set to end today and tomorrow."""
    since = (today(records) - month_end(LONG_AGO)).days
    today_s = records.incident("calls_for_help", embargo_days=since, **on(LONG_AGO))
    tomorrow_s = records.incident("calls_for_help", embargo_days=since + 1, **on(LONG_AGO))
    records.publish()
    assert records.feature(today_s, "calls_for_help") is not None
    assert records.feature(tomorrow_s, "calls_for_help") is None


def test_a_record_may_wait_longer_than_its_layer_but_not_shorter(records: Records) -> None:
    """embargo_days only lengthens."""
    call = records.incident("calls_for_help", embargo_days=0, **on(today(records)))
    strike = records.incident("strikes", embargo_days=30, **on(today(records)))
    for_ages = records.incident("strikes", embargo_days=2_000_000_000, **on(LONG_AGO))
    records.publish()
    assert records.feature(call, "calls_for_help") is None
    assert records.feature(strike, "strikes") is None
    assert records.feature(for_ages, "strikes") is None


@pytest.mark.parametrize(("layer", "sources"), [("strikes", PRIVATE), ("accidents", [{"type": "news"}])])
def test_strikes_and_reported_accidents_do_not_wait(records: Records, layer: str, sources: list[Any]) -> None:
    """Even when the month in which they lie has not ended."""
    ends = month_end(today(records))
    made = records.incident(layer, sources=sources, starts_on=ends.replace(day=1), ends_on=ends, date_precision="month")
    records.publish()
    assert records.feature(made, layer) is not None


def test_a_private_report_waits_seven_days_from_the_end_of_its_week(records: Records) -> None:
    """Its public week ends on a Sunday."""
    day = today(records)
    sunday = day + dt.timedelta(days=6 - day.weekday())
    made = records.incident("accidents", sources=PRIVATE, **on(day))
    records.publish()
    asked = sa.text("SELECT release_on FROM editorial.embargo WHERE record_id = :made")
    assert records.connection.execute(asked, {"made": made}).scalar_one() == sunday + dt.timedelta(days=7)


def test_what_has_become_due_is_published(records: Records) -> None:
    """`publish_due` looks at the embargoes, not at the records, and decides anew."""
    since = (today(records) - month_end(LONG_AGO)).days
    call = records.incident("calls_for_help", embargo_days=since + 3, **on(LONG_AGO))
    records.publish()
    assert publish_due(records.connection) == 0
    set_back(records, 3)
    assert publish_due(records.connection) == 0, "the record itself must be due, not only the note of it"
    records.change(call, "calls_for_help", embargo_days=since)
    set_back(records, 3)
    assert publish_due(records.connection) == 1
    assert records.feature(call, "calls_for_help") is not None
    assert records.connection.scalar(sa.text("SELECT count(*) FROM editorial.embargo")) == 0


def test_a_committed_batch_that_nobody_published_is_due(records: Records) -> None:
    """Sample records are loaded without being published; so is a batch whose publisher was killed."""
    made = records.incident("strikes")
    assert publish_due(records.connection) == 1
    assert records.feature(made, "strikes") is not None
    assert publish_due(records.connection) == 0


def test_a_batch_that_is_not_committed_is_not_due(records: Records) -> None:
    """Its records may still be taken back."""
    made = records.incident("strikes", batch_id=records.batch(state="in_review", committed_at=None))
    assert publish_due(records.connection) == 0
    assert records.feature(made, "strikes") is None


@pytest.mark.parametrize("values", [{"withheld": True}, {"status": "draft"}, {"status": "retracted"}])
def test_what_may_not_be_public_is_not_waiting_either(records: Records, values: dict[str, Any]) -> None:
    """A withheld record, a draft and a retracted one have no public row, ever so old."""
    made = records.incident("strikes", **on(LONG_AGO), **values)
    records.publish()
    assert records.feature(made, "strikes") is None
    assert records.connection.scalar(sa.text("SELECT count(*) FROM editorial.embargo")) == 0
    assert records.connection.scalar(sa.text("SELECT count(*) FROM editorial.publication")) == 0
