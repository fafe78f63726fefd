"""Uploaded files and reports that may hold a record which is taken down: named here, shredded by the worker."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import sqlalchemy as sa

SHRED: Final = "shred"
"""The option of a takedown's batch that names the files of the folder of uploads which are still to be shredded."""

_STORED: Final = """
WITH had AS (
    SELECT id, stored_as FROM editorial.batch WHERE id = ANY(:batches) AND stored_as IS NOT NULL FOR UPDATE
), cut AS (
    UPDATE editorial.batch b SET stored_as = NULL, state = 'failed', phase = NULL, worker = NULL, lease_until = NULL,
        requested_by = NULL, requested_hash = NULL, approved_by = NULL, approved_hash = NULL,
        failure = '{"code": "FILE_GONE", "facts": {}}'
    FROM had WHERE b.id = had.id AND b.state IN ('uploaded', 'parsed', 'validated', 'in_review', 'committing', 'failed')
)
SELECT stored_as FROM had
"""
_REPORTS: Final = """
WITH had AS (
    SELECT id, options ->> 'report_as' AS report FROM editorial.batch
    WHERE layer = :layer AND options ? 'report_as' FOR UPDATE
), cut AS (
    UPDATE editorial.batch b SET options = options - 'report_as' - 'report_kind' FROM had WHERE b.id = had.id
)
SELECT report FROM had
"""


def let_go_of_files(connection: sa.Connection, layer: str, batches: Iterable[int]) -> list[str]:
    """Take their file from batches in whose rows the record stands; return the names of files to be shredded.

    Such a batch has to be uploaded again, without the row. Reports of rows that were left out are not kept by record,
    so those of the whole layer go: they can be had again by uploading the file again.
    """
    stored = connection.scalars(sa.text(_STORED), {"batches": sorted(set(batches))})
    return [*stored, *connection.scalars(sa.text(_REPORTS), {"layer": layer})]


def list_to_shred(connection: sa.Connection) -> list[str]:
    """Return the names of files that takedowns gave up, and forget them: the caller shreds them before it commits."""
    given = (
        "UPDATE editorial.batch b SET options = options - CAST(:shred AS text) "
        "FROM (SELECT id, options -> :shred AS names FROM editorial.batch "
        "WHERE kind = 'takedown' AND options ? :shred FOR UPDATE SKIP LOCKED) AS had "
        "WHERE b.id = had.id RETURNING had.names"
    )
    return [str(name) for names in connection.scalars(sa.text(given), {"shred": SHRED}) for name in names]
