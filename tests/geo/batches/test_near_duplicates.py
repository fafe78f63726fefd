"""New rows that look like a record: found, named, and settled by somebody."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from geo.errors import Conflict
from geo.loading.near_duplicates import check_similarity
from geo.loading.preview import list_rows
from geo.loading.row_decisions import RowDecision, decide
from tests.geo.batches.conftest import Desk
from tests.geo.loading.conftest import Load, codes_of, load

__all__ = ["load"]

FOXCONN = {
    "source_id": "a1",
    "starts_on": "2024-03-05",
    "title_zh_hans": "富士康工人讨薪",
    "region": "440300",
    "sources": "A newspaper",
    "demands": "wage_arrears",
}
AGAIN = FOXCONN | {
    "source_id": "b1",
    "title_zh_hans": "富士康工人讨薪堵路",
    "starts_on": "2024-03-06",
    "demands": "",
}


def held(desk: Desk, row: dict[str, str], **given: Any) -> tuple[int, list[dict[str, Any]]]:
    """Load a row of another source and return its batch and its messages that hold it."""
    batch_id = desk.load([row], source="other", **given)
    with desk.engine.connect() as connection:
        (listed,) = list_rows(connection, batch_id)
    return batch_id, [one for one in listed["messages"] if one["severity"] == "held"]


def test_titles_in_chinese_are_compared(connection: sa.Connection) -> None:
    """The database's character type knows Chinese letters, else nothing would ever look alike."""
    check_similarity(connection)


def test_a_row_of_another_source_that_looks_like_a_record_is_held(desk: Desk) -> None:
    """With the record's public id, its title and how alike they are."""
    desk.commit(desk.load([FOXCONN]))
    batch_id, (message,) = held(desk, AGAIN)
    assert desk.show(batch_id)["counts"]["held"] == 1
    assert message["code"] == "DUP_NEAR"
    assert message["facts"]["record"].startswith("S-2024-")
    assert "富士康工人讨薪" in message["text_zh_hans"]
    with pytest.raises(Conflict):
        desk.commit(batch_id)


@pytest.mark.parametrize(
    "difference",
    [
        {"starts_on": "2024-03-08"},
        {"region": "440100"},
        {"title_zh_hans": "公交司机停运"},
        {"lon": "113.80", "lat": "22.70", "datum": "wgs84"},
    ],
)
def test_what_differs_enough_is_another_incident(desk: Desk, difference: dict[str, str]) -> None:
    """Two days later, in another prefecture, of another name, or some kilometres away."""
    desk.commit(desk.load([FOXCONN | {"lon": "114.06", "lat": "22.54", "datum": "wgs84"}]))
    place = {"lon": "114.061", "lat": "22.541", "datum": "wgs84"}
    assert held(desk, AGAIN | place)[1] != []
    assert held(desk, AGAIN | place | difference)[1] == []


def test_keeping_both_makes_a_record(desk: Desk) -> None:
    """The decision stands when the rows are looked at again."""
    desk.commit(desk.load([FOXCONN]))
    batch_id, _ = held(desk, AGAIN)
    with desk.engine.begin() as connection:
        decide(connection, batch_id, "mei", [RowDecision(row=2, decision="keep")])
    desk.work()
    assert desk.commit(batch_id)["counts"]["inserted"] == 1
    assert desk.ask("SELECT count(*) FROM editorial.incident") == 2


def test_a_merge_adds_and_empties_nothing(desk: Desk) -> None:
    """The record takes what the row says, keeps what it does not, and has both sources."""
    desk.commit(desk.load([FOXCONN]))
    batch_id, (message,) = held(desk, AGAIN | {"industry": "manufacturing", "sources": "Another newspaper"})
    (record,) = message["facts"]["candidates"]
    with desk.engine.begin() as connection:
        decide(connection, batch_id, "mei", [RowDecision(row=2, decision="merge", record=record)])
    desk.work()
    assert desk.commit(batch_id)["counts"]["updated"] == 1
    merged = desk.rows("SELECT source_system, source_id, industry, demands, sources FROM editorial.incident")
    sources = [{"title": "A newspaper"}, {"title": "Another newspaper"}]
    assert merged == [("test", "a1", "manufacturing", ["wage_arrears"], sources)]


def test_a_skipped_row_is_left_out(desk: Desk) -> None:
    """And counted as such."""
    desk.commit(desk.load([FOXCONN]))
    batch_id, _ = held(desk, AGAIN)
    with desk.engine.begin() as connection:
        decide(connection, batch_id, "mei", [RowDecision(row=2, decision="skip")])
    desk.work()
    assert desk.show(batch_id)["counts"]["excluded"] == 1


def test_a_source_tells_its_own_records_apart(load: Load) -> None:
    """By its ids; rows without ids are asked whether they correct a record of the same source."""
    load([FOXCONN])
    assert load([AGAIN]).inserted == 1
    nameless = {name: cell for name, cell in AGAIN.items() if name != "source_id"}
    report = load([nameless | {"title_zh_hans": "富士康工人讨薪水"}])
    assert not report.loaded
    assert "DUP_CORRECTION" in codes_of(report)


def test_where_nobody_decides_the_row_is_rejected_with_its_candidates(load: Load) -> None:
    """The command line says what there is to decide."""
    load([FOXCONN])
    report = load([AGAIN], source="other", policy="valid_rows_only")
    (message,) = [one for one in report.messages if one.problem.code == "DUP_NEAR"]
    assert (report.loaded, report.rejected) == (False, 1)
    assert "富士康工人讨薪" in message.render()
