"""From the private records to what the public may see, in the transaction of whoever calls.

Every function works on whole sets, writes only what differs, and never commits. A second publisher waits for the
first one's transaction.
"""

from __future__ import annotations

import sqlalchemy as sa

from geo.publishing.case_values import CASE_KEYS, CASE_PLACES
from geo.publishing.cases_about import INCIDENT_CASES
from geo.publishing.feature_rows import CASES_SHOWN, INCIDENTS_SHOWN
from geo.publishing.incident_values import INCIDENT_KEYS
from geo.publishing.places import work_out_places
from geo.publishing.reference import copy_reference, copy_unions
from geo.publishing.rules import keep_rules
from geo.publishing.scope import (
    decide,
    give_ids,
    list_shown,
    make_temporary,
    remember_embargoes,
    scope_all,
    scope_batches,
    scope_due,
)
from geo.publishing.write import remove_hidden, write_features

PUBLISH_LOCK = 7_264_005
"""Advisory lock of the transaction: two publishers at once would each miss what the other links to."""


def publish_batch(connection: sa.Connection, batch_id: int) -> int:
    """Publish what one batch made, changed or removed, and what is linked with it; return how many features changed."""
    return _publish_batches(connection, [batch_id])


def publish_due(connection: sa.Connection) -> int:
    """Publish everything that should be public and is not yet; return how many features changed.

    That is records whose embargo has passed, and committed batches that no publishing has seen. Finding nothing takes
    a few milliseconds, however many records there are.
    """
    _begin(connection)
    batches = connection.scalars(
        sa.text("SELECT id FROM editorial.batch WHERE published_at IS NULL AND state = 'committed' ORDER BY id")
    ).all()
    changed = _publish_batches(connection, list(batches)) if batches else 0
    if scope_due(connection):
        changed += _publish_scope(connection)
    return changed


def publish_all(connection: sa.Connection) -> int:
    """Publish every record again, and the reference tables; return how many features changed."""
    _begin(connection)
    copy_reference(connection)
    keep_rules(connection)
    scope_all(connection)
    changed = _publish_scope(connection)
    connection.exec_driver_sql(
        "UPDATE editorial.batch SET published_at = now() WHERE published_at IS NULL AND state = 'committed'"
    )
    return changed


def publish_reference(connection: sa.Connection) -> bool:
    """Publish regions, outlines and terms as the editors' side has them; return whether anything differed.

    Records carry the codes and points of their regions and are written by our rules, so when regions changed, or a
    new release has other rules, all records are published again.
    """
    _begin(connection)
    copied = copy_reference(connection)
    new_rules = keep_rules(connection)
    if copied.regions or new_rules:
        scope_all(connection)
        _publish_scope(connection)
    return copied.regions or copied.others or new_rules


def _begin(connection: sa.Connection) -> None:
    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(PUBLISH_LOCK)))
    connection.exec_driver_sql("SET LOCAL jit = off")
    for setting, size in (("work_mem", "64MB"), ("maintenance_work_mem", "256MB"), ("gin_pending_list_limit", "256MB")):
        connection.exec_driver_sql(f"SET LOCAL {setting} = '{size}'")


def _publish_batches(connection: sa.Connection, batches: list[int]) -> int:
    _begin(connection)
    scope_batches(connection, batches)
    changed = _publish_scope(connection)
    connection.execute(
        sa.text("UPDATE editorial.batch SET published_at = now() WHERE id = ANY(:batches)"), {"batches": batches}
    )
    return changed


def _publish_scope(connection: sa.Connection) -> int:
    """Publish the records in scope: incidents first, because cases take place and ids from the public ones."""
    decide(connection)
    remember_embargoes(connection)
    give_ids(connection)
    list_shown(connection)
    changed = remove_hidden(connection, "incident") + remove_hidden(connection, "case")
    make_temporary(connection, "incident_case", INCIDENT_CASES)
    work_out_places(connection, INCIDENT_KEYS)
    changed += write_features(connection, INCIDENTS_SHOWN)
    make_temporary(connection, "case_place", CASE_PLACES)
    work_out_places(connection, CASE_KEYS)
    changed += write_features(connection, CASES_SHOWN)
    copy_unions(connection)
    return changed
