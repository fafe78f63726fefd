"""The number that every change of what is public moves, once a transaction; readers' caches hang on it."""

from __future__ import annotations

import sqlalchemy as sa

from geo.serving.dataset import CHANNEL


def move_dataset_version(connection: sa.Connection) -> int:
    """Move the version on unless this transaction has done so already; return it.

    What this transaction did is kept in a setting that a rollback, to a savepoint too, takes back with it.
    """
    moved = connection.execute(
        sa.text(
            "SELECT version FROM published.dataset_version "
            "WHERE current_setting('labourmap.dataset_version_moved_by', true) = pg_current_xact_id()::text"
        )
    ).scalar()
    if moved is not None:
        return int(moved)
    version = connection.scalar(
        sa.text("UPDATE published.dataset_version SET version = version + 1, changed_at = now() RETURNING version")
    )
    connection.execute(
        sa.text(
            "SELECT set_config('labourmap.dataset_version_moved_by', pg_current_xact_id()::text, true), "
            "pg_notify(:channel, :version)"
        ),
        {"channel": CHANNEL, "version": str(version)},
    )
    assert version is not None  # noqa: S101  (the migration put the one row there)
    return int(version)
