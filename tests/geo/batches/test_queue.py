"""Who works on a batch, and what a kill leaves behind."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa

from geo.loading.row_decisions import RowDecision, decide
from geo.loading.stored_files import shred_file, shred_leftovers, store_file
from geo.loading.workflow import choose, discard, request_commit
from geo.loading.workflow_queue import ATTEMPTS, Job, LeaseLost, claim, finish, recover
from tests.geo.batches.conftest import STRIKE, Desk, strikes

CRASH = "TRUNCATE editorial.staging_row, editorial.staging_message"
"""What recovery after a crash of the database does to unlogged tables."""


def test_a_batch_is_claimed_by_one_worker(desk: Desk) -> None:
    """Another finds nothing until the lease has passed."""
    batch_id, _ = desk.upload([STRIKE])
    first = claim(desk.engine, "a")
    assert first is not None
    assert first["id"] == batch_id
    assert claim(desk.engine, "b") is None
    pass_leases(desk)
    second = claim(desk.engine, "b")
    assert second is not None
    assert second["worker"] == "b"


def pass_leases(desk: Desk) -> None:
    """Let time go by."""
    with desk.engine.begin() as connection:
        connection.execute(sa.text("UPDATE editorial.batch SET lease_until = now() - interval '1 second'"))


def test_a_worker_that_lost_its_lease_writes_nothing(desk: Desk) -> None:
    """It was slow, and another has the batch."""
    batch_id, _ = desk.upload([STRIKE])
    claim(desk.engine, "a")
    pass_leases(desk)
    claim(desk.engine, "b")
    with desk.engine.begin() as connection, pytest.raises(LeaseLost):
        finish(connection, Job(desk.engine, batch_id, "a"), "validated")


def test_who_changes_a_batch_takes_it_from_its_worker(desk: Desk) -> None:
    """What the worker was doing comes to nothing, and the change holds."""
    batch_id, _ = desk.upload([STRIKE])
    changes: list[Callable[[sa.Connection], None]] = [
        lambda connection: choose(connection, batch_id, "mei", {"datum": "bd09"}),
        lambda connection: discard(connection, batch_id, "mei"),
    ]
    for change in changes:
        claim(desk.engine, "a")
        with desk.engine.begin() as connection:
            change(connection)
        with desk.engine.begin() as connection, pytest.raises(LeaseLost):
            finish(connection, Job(desk.engine, batch_id, "a"), "validated")
    assert desk.show(batch_id)["state"] == "discarded"


def test_a_batch_that_kills_its_worker_is_given_up(desk: Desk) -> None:
    """After so many attempts, with a word about it."""
    batch_id, _ = desk.upload([STRIKE])
    for _ in range(ATTEMPTS):
        assert claim(desk.engine, "a") is not None
    assert claim(desk.engine, "a") is None
    shown = desk.show(batch_id)
    assert (shown["state"], shown["failure"]["code"]) == ("failed", "BATCH_CRASHED")


def test_a_crash_of_the_database_has_the_file_read_again(desk: Desk) -> None:
    """With what was decided, and the commit that was asked for is done."""
    batch_id = desk.load(strikes(3))
    with desk.engine.begin() as connection:
        decide(connection, batch_id, "mei", [RowDecision(row=4, decision="exclude")])
    desk.work()
    content = desk.show(batch_id)["content_hash"]
    with desk.engine.begin() as connection:
        request_commit(connection, batch_id, "mei", content)
        connection.exec_driver_sql(CRASH)
    assert recover(desk.engine) == 1
    assert desk.show(batch_id)["state"] == "uploaded"
    desk.work()
    done = desk.show(batch_id)
    assert (done["state"], done["content_hash"]) == ("committed", content)
    assert desk.ask("SELECT count(*) FROM editorial.incident") == 2


def test_a_worker_that_finds_no_rows_reads_the_file_again(desk: Desk) -> None:
    """A commit that was asked for before the crash is done all the same, and takes nothing for a change of records."""
    batch_id = desk.load(strikes(2))
    with desk.engine.begin() as connection:
        request_commit(connection, batch_id, "mei", desk.show(batch_id)["content_hash"])
        connection.exec_driver_sql(CRASH)
    desk.work()
    assert desk.show(batch_id)["state"] == "committed"


def test_a_commit_that_was_broken_off_is_done_by_the_next_worker(desk: Desk) -> None:
    """A kill leaves the batch asked for, with a lease that passes."""
    batch_id = desk.load(strikes(2))
    with desk.engine.begin() as connection:
        request_commit(connection, batch_id, "mei", desk.show(batch_id)["content_hash"])
    claim(desk.engine, "killed")
    pass_leases(desk)
    replace(desk.worker, name=secrets.token_hex(4)).run_next()
    assert desk.show(batch_id)["state"] == "committed"


def test_an_error_nobody_expected_stands_in_the_batch(desk: Desk) -> None:
    """The commit is undone, and the worker lives on."""
    batch_id = desk.load([STRIKE])

    def fail(_connection: sa.Connection, _batch_id: int) -> int:
        raise ValueError("unexpected")

    desk.worker = replace(desk.worker, publish=fail)
    back = desk.commit(batch_id)
    assert (back["state"], back["failure"]["code"]) == ("validated", "BATCH_BROKEN")
    assert desk.ask("SELECT count(*) FROM editorial.incident") == 0


def test_progress_is_told_while_a_batch_is_worked_on(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """On another connection, so that it is seen before anything is committed."""
    monkeypatch.setattr("geo.loading.workflow_queue.TELL_SECONDS", 0.02)
    seen: list[tuple[str, int]] = []

    def publish(connection: sa.Connection, batch_id: int) -> int:
        connection.execute(sa.text("SELECT pg_sleep(0.3)"))
        shown = desk.show(batch_id)
        seen.append((shown["phase"], shown["rows_read"]))
        return 0

    desk.worker = replace(desk.worker, publish=publish)
    desk.commit(desk.load(strikes(3)))
    assert seen == [("publishing", 3)]


def test_files_that_are_needed_by_no_batch_are_shredded(desk: Desk) -> None:
    """A discarded batch's at the next tidying, an orphan's after an hour."""
    batch_id = desk.load([STRIKE])
    kept = [path.name for path in desk.folder.iterdir()]
    assert len(kept) == 1
    assert shred_leftovers(desk.folder, kept) == 0
    with desk.engine.begin() as connection:
        discard(connection, batch_id, "mei")
    desk.worker.tidy()
    assert list(desk.folder.iterdir()) == []
    assert desk.ask("SELECT count(*) FROM editorial.staging_row") == 0


def test_a_stored_file_cannot_be_named_outside_its_folder(desk: Desk) -> None:
    """Whatever the database says the name is."""
    outside = desk.scratch / "kept"
    outside.write_text("kept")
    store_file(desk.folder, [b"a"])
    shred_file(desk.folder, "../kept")
    assert outside.read_text() == "kept"
