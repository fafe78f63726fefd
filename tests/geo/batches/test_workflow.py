"""A batch from upload to public records, and what people do with it on the way."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from geo.errors import Conflict, DataError, NotAllowed, NotFound
from geo.loading.preview import list_batches, list_differences, list_messages, list_rows
from geo.loading.row_decisions import RowDecision, apply_suggestion, decide
from geo.loading.workflow import approve, cancel, choose, discard, request_commit, send_back
from tests.geo.batches.conftest import STRIKE, Desk, strikes


def test_an_upload_becomes_public_records(desk: Desk) -> None:
    """Read and looked at, asked for, committed and published; then nothing is staged and the file is gone."""
    batch_id = desk.load(strikes(3))
    shown = desk.show(batch_id)
    assert (shown["state"], shown["counts"]["inserted"], shown["rows_read"]) == ("validated", 3, 3)
    assert desk.ask("SELECT count(*) FROM editorial.incident") == 0
    done = desk.commit(batch_id)
    assert (done["state"], done["counts"]["inserted"]) == ("committed", 3)
    assert desk.ask("SELECT count(*) FROM published.feature") == 3
    assert desk.ask("SELECT count(*) FROM editorial.staging_row") == 0
    assert list(desk.folder.iterdir()) == []
    assert desk.rows("SELECT DISTINCT actor, batch_id FROM editorial.record_version") == [("mei", batch_id)]


def test_the_same_upload_is_the_same_batch(desk: Desk) -> None:
    """Same bytes, layer and choices; another choice or layer makes another batch, and so does a discarded one."""
    first, new = desk.upload([STRIKE])
    assert new
    assert desk.upload([STRIKE], actor="lin") == (first, False)
    other, is_other = desk.upload([STRIKE], datum="gcj02")
    assert is_other
    with desk.engine.begin() as connection:
        discard(connection, other, "mei")
    again, is_new = desk.upload([STRIKE], datum="gcj02")
    assert is_new
    assert again not in {first, other}


def test_a_committed_batch_is_found_by_its_upload(desk: Desk) -> None:
    """A client that never heard of its success sends again, and gets the one batch."""
    batch_id = desk.load([STRIKE])
    desk.commit(batch_id)
    assert desk.upload([STRIKE]) == (batch_id, False)


def test_asking_twice_for_a_commit_commits_once(desk: Desk) -> None:
    """The second answer is the state the batch has."""
    batch_id = desk.load([STRIKE])
    content = desk.show(batch_id)["content_hash"]
    with desk.engine.begin() as connection:
        assert request_commit(connection, batch_id, "mei", content) == "committing"
        assert request_commit(connection, batch_id, "mei", content) == "committing"
    desk.work()
    with desk.engine.begin() as connection:
        assert request_commit(connection, batch_id, "mei", content) == "committed"
    desk.work()
    assert desk.ask("SELECT count(*) FROM editorial.record_version") == 1


def test_another_content_than_was_seen_is_not_committed(desk: Desk) -> None:
    """The commit names the content that the preview showed."""
    batch_id = desk.load([STRIKE])
    with desk.engine.begin() as connection, pytest.raises(Conflict) as refused:
        request_commit(connection, batch_id, "mei", "0" * 64)
    assert refused.value.code == "BATCH_CHANGED"


def test_records_changed_since_the_preview_stop_the_commit(desk: Desk) -> None:
    """The batch comes back with the rows that would do something else, and is committed once looked at again."""
    desk.commit(desk.load(strikes(2)))
    mine = desk.load(strikes(2, industry="services"))
    theirs = desk.load([strikes(1)[0] | {"ownership": "soe"}], actor="lin")
    desk.commit(theirs, actor="lin")
    back = desk.commit(mine)
    assert (back["state"], back["failure"]["code"]) == ("validated", "BATCH_CONFLICT")
    conflicts = back["failure"]["facts"]["conflicts"]
    assert [(one["row_no"], one["version"], one["version_now"]) for one in conflicts] == [(2, 1, 2)]
    assert desk.commit(mine)["state"] == "committed"
    assert desk.ask("SELECT count(*) FROM editorial.incident WHERE industry = 'services'") == 2


def test_a_refused_row_keeps_everything_out_unless_left_out(desk: Desk) -> None:
    """The policy is said again with the commit."""
    batch_id = desk.load([STRIKE, STRIKE | {"source_id": "2", "starts_on": "2020-02-30"}])
    assert desk.show(batch_id)["counts"]["rejected"] == 1
    with pytest.raises(Conflict, match="1 of 2 rows"):
        desk.commit(batch_id)
    assert desk.commit(batch_id, policy="valid_rows_only")["state"] == "committed"
    assert desk.ask("SELECT count(*) FROM editorial.incident") == 1


def test_a_file_that_cannot_be_read_fails_with_its_code(desk: Desk) -> None:
    """In both languages."""
    shown = desk.show(desk.load(b"nothing,known\n1,2\n"))
    assert (shown["state"], shown["failure"]["code"]) == ("failed", "HDR_MISSING")
    assert "starts_on" in shown["failure"]["text_en"]
    assert "开始日期" in shown["failure"]["text_zh_hans"]


def test_a_choice_lets_a_held_file_be_read(desk: Desk) -> None:
    """The Chinese comma is taken as a separator only by hand; here it is the data set's name that is chosen."""
    batch_id, _ = desk.upload([STRIKE], source="")
    desk.work()
    assert desk.show(batch_id)["failure"]["code"] == "SOURCE_MISSING"
    with desk.engine.begin() as connection:
        choose(connection, batch_id, "mei", {"source": "chosen"})
    desk.work()
    assert desk.show(batch_id)["state"] == "validated"
    with desk.engine.begin() as connection, pytest.raises(DataError):
        choose(connection, batch_id, "mei", {"actor": "operator"})


def test_rows_are_left_out_and_taken_in_again(desk: Desk) -> None:
    """Each decision makes the preview anew, and another content."""
    batch_id = desk.load(strikes(3))
    before = desk.show(batch_id)["content_hash"]
    with desk.engine.begin() as connection:
        decide(connection, batch_id, "mei", [RowDecision(row=3, decision="exclude")])
    desk.work()
    shown = desk.show(batch_id)
    assert (shown["counts"]["inserted"], shown["counts"]["excluded"]) == (2, 1)
    assert shown["content_hash"] != before
    with desk.engine.begin() as connection:
        decide(connection, batch_id, "mei", [RowDecision(row=3, decision="include")])
    desk.work()
    assert desk.show(batch_id)["content_hash"] == before


def test_of_two_rows_with_one_id_the_other_is_loaded_once_one_is_left_out(desk: Desk) -> None:
    """What rows say together is worked out again without the row that was left out."""
    batch_id = desk.load([STRIKE, STRIKE | {"title_en": "Something else entirely"}])
    assert desk.show(batch_id)["counts"]["rejected"] == 2
    with desk.engine.begin() as connection:
        decide(connection, batch_id, "mei", [RowDecision(row=2, decision="exclude")])
    desk.work()
    assert desk.commit(batch_id)["counts"]["inserted"] == 1


def test_a_refused_row_that_is_left_out_is_in_nobodys_way(desk: Desk) -> None:
    """The others are then all there is, and are committed without another word."""
    batch_id = desk.load([STRIKE, STRIKE | {"source_id": "2", "starts_on": "2020-02-30"}])
    with desk.engine.begin() as connection:
        decide(connection, batch_id, "mei", [RowDecision(row=3, decision="exclude")])
    desk.work()
    assert desk.show(batch_id)["counts"]["excluded"] == 1
    assert desk.commit(batch_id)["state"] == "committed"


def test_a_suggestion_is_applied_to_all_rows(desk: Desk) -> None:
    """Terms and exchanged coordinates; the file is read again, and says what was done."""
    rows = strikes(3, industry="manufacturin")
    batch_id = desk.load(rows)
    with desk.engine.connect() as connection:
        fix = next(one["fix"] for one in list_messages(connection, batch_id) if one["code"] == "VOC_SUGGEST")
    assert fix == {"code": "VOC_SUGGEST", "column": "industry", "value": "manufacturin"}
    with desk.engine.begin() as connection:
        apply_suggestion(connection, batch_id, "mei", fix)
    desk.work()
    shown = desk.show(batch_id)
    assert (shown["counts"]["inserted"], shown["counts"]["codes"]["FIX_APPLIED"]) == (3, 3)
    desk.commit(batch_id)
    assert desk.ask("SELECT count(*) FROM editorial.incident WHERE industry = 'manufacturing'") == 3


def test_exchanged_coordinates_are_put_right(desk: Desk) -> None:
    """For all rows at once, and taken back as well."""
    swapped = {"lon": "22.5431", "lat": "114.0579", "datum": "wgs84"}
    batch_id = desk.load(strikes(2, **swapped))
    assert desk.show(batch_id)["counts"]["rejected"] == 2
    with desk.engine.begin() as connection:
        apply_suggestion(connection, batch_id, "mei", {"code": "GEO_SWAPPED"})
    desk.work()
    assert desk.show(batch_id)["counts"]["inserted"] == 2
    with desk.engine.begin() as connection:
        apply_suggestion(connection, batch_id, "mei", {"code": "GEO_SWAPPED"}, on=False)
    desk.work()
    assert desk.show(batch_id)["counts"]["rejected"] == 2


def test_a_sensitive_layer_needs_a_second_person(desk: Desk) -> None:
    """Neither who made it, nor who changed it, nor who asked; and what is changed afterwards is asked for again."""
    call = {"source_id": "1", "starts_on": "2020-03-05", "title_en": "Wages not paid", "region": "440300"}
    batch_id = desk.load([call, call | {"source_id": "2", "title_en": "Dismissed"}], layer="calls_for_help")
    shown = desk.show(batch_id)
    assert shown["review_reasons"] == ["sensitive_layer"]
    assert desk.commit(batch_id, actor="lin")["state"] == "in_review"
    for actor in ("mei", "lin"):
        with desk.engine.begin() as connection, pytest.raises(NotAllowed):
            approve(connection, batch_id, actor, shown["content_hash"])
    with desk.engine.begin() as connection:
        decide(connection, batch_id, "hua", [RowDecision(row=2, decision="exclude")])
    desk.work()
    changed = desk.commit(batch_id)
    assert changed["state"] == "in_review"
    with desk.engine.begin() as connection, pytest.raises(NotAllowed):
        approve(connection, batch_id, "hua", changed["content_hash"])
    with desk.engine.begin() as connection, pytest.raises(Conflict):
        approve(connection, batch_id, "wen", shown["content_hash"])
    with desk.engine.begin() as connection:
        send_back(connection, batch_id, "wen", "Where is the source?")
    assert desk.show(batch_id)["failure"]["facts"]["reason"] == "Where is the source?"
    desk.commit(batch_id)
    with desk.engine.begin() as connection:
        approve(connection, batch_id, "wen", changed["content_hash"])
    desk.work()
    done = desk.show(batch_id)
    assert (done["state"], done["approved_by"]) == ("committed", "wen")


def test_what_is_over_cannot_be_changed(desk: Desk) -> None:
    """Nor discarded; a waiting commit can be cancelled."""
    batch_id = desk.load([STRIKE])
    with desk.engine.begin() as connection:
        request_commit(connection, batch_id, "mei", desk.show(batch_id)["content_hash"])
        cancel(connection, batch_id)
    desk.work()
    assert desk.show(batch_id)["state"] == "validated"
    desk.commit(batch_id)
    changes: list[Callable[[sa.Connection], None]] = [
        lambda connection: discard(connection, batch_id, "mei"),
        lambda connection: cancel(connection, batch_id),
        lambda connection: choose(connection, batch_id, "mei", {"datum": "bd09"}),
        lambda connection: decide(connection, batch_id, "mei", [RowDecision(row=2, decision="exclude")]),
    ]
    for change in changes:
        with desk.engine.begin() as connection, pytest.raises(Conflict):
            change(connection)
    with desk.engine.begin() as connection, pytest.raises(NotFound):
        discard(connection, batch_id + 1, "mei")


def test_the_preview_tells_rows_and_differences(desk: Desk) -> None:
    """By class, with messages; field by field; page by page."""
    desk.commit(desk.load(strikes(4)))
    rows = strikes(5)
    rows[0] |= {"industry": "services"}
    rows[1] |= {"starts_on": "soon"}
    batch_id = desk.load(rows)
    with desk.engine.connect() as connection:
        listed = list_rows(connection, batch_id)
        assert [row["class"] for row in listed] == ["updated", "rejected", "unchanged", "unchanged", "inserted"]
        assert [one["code"] for one in listed[1]["messages"]] == ["DATE_BAD"]
        assert [row["row_no"] for row in list_rows(connection, batch_id, after=4, limit=1)] == [5]
        assert [row["row_no"] for row in list_rows(connection, batch_id, code="DATE_BAD")] == [3]
        (difference,) = list_differences(connection, batch_id)
        assert difference["fields"] == [{"column": "industry", "before": "manufacturing", "after": "services"}]
        assert difference["public_id"].startswith("S-2010-")
        assert [one["id"] for one in list_batches(connection, layers=["strikes"], states=["validated"])] == [batch_id]
