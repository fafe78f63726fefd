"""What was uploaded goes with a record that is taken down."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from geo.publishing.publish import publish_batch
from geo.records.record_keys import RecordKey
from geo.records.takedown import take_down
from geo.records.tombstones import read_key, with_key
from tests.geo.batches.conftest import Desk, strikes


def take_first_down(desk: Desk, key_folder: Path) -> None:
    """Take the first record down as the pages do, and let the worker tidy up."""
    with with_key(desk.engine, read_key(key_folder)).begin() as connection:
        record = connection.scalar(sa.text("SELECT min(id) FROM editorial.incident"))
        batch_id = take_down(connection, RecordKey("strikes", int(record or 0)), actor="lin", reason="person")
        publish_batch(connection, batch_id)
    desk.worker.tidy()


def list_files(desk: Desk) -> list[bytes]:
    """Return what is in the folder of uploads."""
    return [path.read_bytes() for path in desk.folder.iterdir()]


def test_a_file_that_holds_the_record_is_shredded(desk: Desk, tmp_path: Path) -> None:
    """Its batch says that it is gone; another file stays, and so does its batch."""
    desk.commit(desk.load(strikes(1)))
    holds = desk.load(strikes(2, industry="services"))
    other = desk.load([strikes(9)[8]])
    assert len(list_files(desk)) == 2
    take_first_down(desk, tmp_path)
    (left,) = list_files(desk)
    assert b"Strike of 9 workers" in left
    assert (desk.show(holds)["state"], desk.show(holds)["failure"]["code"]) == ("failed", "FILE_GONE")
    assert desk.show(other)["state"] == "validated"
    assert desk.ask("SELECT count(*) FROM editorial.batch WHERE options ? 'shred'") == 0


def test_reports_of_the_layer_are_shredded(desk: Desk, tmp_path: Path) -> None:
    """A row that was refused may be the same person's."""
    rows = [*strikes(1), strikes(2)[1] | {"starts_on": ""}]
    desk.commit(desk.load(rows), policy="valid_rows_only")
    (report,) = list_files(desk)
    assert b"Strike of 2 workers" in report
    take_first_down(desk, tmp_path)
    assert list_files(desk) == []
