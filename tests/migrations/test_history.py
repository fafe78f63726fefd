"""The history of records can be added to, and only ever emptied by a takedown."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.private_records import Records

INSERT = """INSERT INTO editorial.record_version (layer, record_id, version, batch_id, op, actor, data)
VALUES ('strikes', 1, 1, :batch, 'insert', 'operator', '{"title_en": "A"}')"""


@pytest.fixture
def history(connection: sa.Connection) -> sa.Connection:
    """A connection on which one version stands."""
    connection.execute(sa.text(INSERT), {"batch": Records(connection).own_batch()})
    return connection


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE editorial.record_version SET actor = 'somebody else'",
        "DELETE FROM editorial.record_version",
        "TRUNCATE editorial.record_version",
    ],
)
def test_history_is_append_only(history: sa.Connection, statement: str) -> None:
    """Even for the owner of the table."""
    with pytest.raises(sa.exc.ProgrammingError, match="append-only"), history.begin_nested():
        history.exec_driver_sql(statement)
    assert history.scalar(sa.text("SELECT actor FROM editorial.record_version")) == "operator"


def test_a_takedown_may_empty_a_version_but_not_remove_it(history: sa.Connection) -> None:
    """Who, what and when stay."""
    history.exec_driver_sql("SET LOCAL labourmap.erasing = 'on'")
    history.exec_driver_sql("UPDATE editorial.record_version SET data = NULL")
    assert history.scalar(sa.text("SELECT data FROM editorial.record_version")) is None
    with pytest.raises(sa.exc.ProgrammingError, match="append-only"), history.begin_nested():
        history.exec_driver_sql("DELETE FROM editorial.record_version")
