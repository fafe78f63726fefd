"""Which records a publishing run looks at, what the policy says of each, and the ids they are given."""

from __future__ import annotations

import sqlalchemy as sa

from geo.layers import ACCOUNTABILITY, INCIDENTS, LAYERS
from geo.publishing.policy import TODAY, public_dates, rank, release_on, rule_number, rules_table

CASE_TABLE, INCIDENT_TABLE = "editorial.accountability_case", "editorial.incident"

LINK_IS_HIDDEN = "(call.layer = 'calls_for_help' AND NOT call.already_public)"
"""SQL about a linked incident `call`: nothing may lead from it to the case, or from the case to it."""


def make_temporary(connection: sa.Connection, name: str, query: str, **values: object) -> None:
    """Fill a temporary table of this transaction with the rows of `query`, replacing one of the same name."""
    connection.exec_driver_sql(f"DROP TABLE IF EXISTS pg_temp.{name}")
    connection.execute(sa.text(f"CREATE TEMPORARY TABLE {name} ON COMMIT DROP AS {query}"), values)
    connection.exec_driver_sql(f"ANALYZE {name}")


def scope_all(connection: sa.Connection) -> None:
    """Look at every record there is, and at every one that once was public."""
    for name, table, test in (
        ("scoped_incident", INCIDENT_TABLE, "<>"),
        ("scoped_case", CASE_TABLE, "="),
    ):
        once_public = f"SELECT record_id FROM editorial.publication WHERE layer {test} '{ACCOUNTABILITY}'"
        make_temporary(connection, name, f"SELECT id FROM {table} UNION {once_public}")


def scope_batches(connection: sa.Connection, batches: list[int]) -> None:
    """Look at the records that these batches made, changed or removed, and at those linked with them."""
    for name, table, test in (
        ("scoped_incident", INCIDENT_TABLE, "<>"),
        ("scoped_case", CASE_TABLE, "="),
    ):
        removed_too = (
            f"SELECT record_id FROM editorial.record_version WHERE batch_id = ANY(:batches) "
            f"AND layer {test} '{ACCOUNTABILITY}'"
        )
        query = f"SELECT id FROM {table} WHERE batch_id = ANY(:batches) UNION {removed_too}"
        make_temporary(connection, name, query, batches=batches)
    _widen_to_linked(connection)


def scope_due(connection: sa.Connection) -> bool:
    """Look at the records whose embargo has passed; return whether there are any."""
    due = f"FROM editorial.embargo WHERE release_on <= {TODAY}"
    if not connection.scalar(sa.text(f"SELECT EXISTS (SELECT {due})")):
        return False
    make_temporary(connection, "scoped_incident", f"SELECT record_id AS id {due} AND layer <> '{ACCOUNTABILITY}'")
    make_temporary(connection, "scoped_case", f"SELECT record_id AS id {due} AND layer = '{ACCOUNTABILITY}'")
    _widen_to_linked(connection)
    return True


def _widen_to_linked(connection: sa.Connection) -> None:
    """Add the cases of the incidents, the incidents of those cases, and the other cases of those incidents.

    A case shows ids, place and protection that follow from its incidents; an incident shows the ids of its cases. The
    last step only lets an incident see all its cases decided on.
    """
    for wider, other, key, other_key in (
        ("scoped_case", "scoped_incident", "case_id", "incident_id"),
        ("scoped_incident", "scoped_case", "incident_id", "case_id"),
        ("scoped_case", "scoped_incident", "case_id", "incident_id"),
    ):
        connection.exec_driver_sql(
            f"INSERT INTO {wider} SELECT DISTINCT link.{key} FROM editorial.case_incident AS link "
            f"JOIN {other} AS other ON other.id = link.{other_key} "
            f"WHERE NOT EXISTS (SELECT FROM {wider} AS there WHERE there.id = link.{key})"
        )
        connection.exec_driver_sql(f"ANALYZE {wider}")


def decide(connection: sa.Connection) -> None:
    """Make the tables `decided_incident` and `decided_case`: a line a record in scope, with what its rule says.

    `shown` is whether it has a public row today; a record that is gone is not shown.
    """
    dates = public_dates()
    for kind, table, layers, columns in (
        ("incident", f"SELECT *, embargo_days AS days FROM {INCIDENT_TABLE}", INCIDENTS, _INCIDENT_COLUMNS),
        (
            "case",
            f"SELECT *, '{ACCOUNTABILITY}' AS layer, NULL::integer AS days FROM {CASE_TABLE}",
            (ACCOUNTABILITY,),
            (),
        ),
    ):
        chosen = "".join(f", r.{column}" for column in columns)
        dated = (
            f"SELECT scope.id, r.layer, r.status, r.withheld, r.override_precision{chosen}, rule.finest, rule.text, "
            f"{dates['starts_on']} AS starts_on, {dates['ends_on']} AS ends_on, "
            f"{dates['date_precision']} AS date_precision, rule.time, rule.embargo, r.days "
            f"FROM scoped_{kind} AS scope LEFT JOIN ({table}) AS r ON r.id = scope.id "
            f"LEFT JOIN {rules_table()} ON rule.number = {rule_number(*layers)}"
        )
        released = f"SELECT rule.*, {release_on('rule.ends_on', 'rule.days')} AS release_on FROM ({dated}) AS rule"
        # A record that no rule of the policy knows is not shown.
        allowed = "COALESCE(status = 'published' AND NOT withheld AND finest IS NOT NULL, false)"
        coarsest = f"GREATEST(finest, {rank('override_precision')}) AS policy_rank"
        make_temporary(
            connection,
            f"decided_{kind}",
            f"SELECT *, {coarsest}, {allowed} AS allowed, "
            f"{allowed} AND COALESCE(release_on <= {TODAY}, true) AS shown FROM ({released}) AS released",
        )


_INCIDENT_COLUMNS = ("already_public", "regions", "several_places", "location_precision")


def remember_embargoes(connection: sa.Connection) -> None:
    """Write down which records in scope only time holds back, and until when."""
    for kind, test in (("incident", "<>"), ("case", "=")):
        connection.exec_driver_sql(
            f"DELETE FROM editorial.embargo USING decided_{kind} AS d "
            f"WHERE embargo.record_id = d.id AND embargo.layer {test} '{ACCOUNTABILITY}'"
        )
        connection.exec_driver_sql(
            "INSERT INTO editorial.embargo (record_id, layer, release_on) "
            f"SELECT id, layer, release_on FROM decided_{kind} WHERE allowed AND NOT shown"
        )


def give_ids(connection: sa.Connection) -> None:
    """Give a feature id and a public id to each record that is shown for the first time.

    They are numbered in the order of the public dates; where those are coarse, in no order that could tell the true
    ones. The year is the public date's.
    """
    number = " ".join(f"WHEN '{layer}' THEN nextval('editorial.public_id_{layer}_seq')" for layer in LAYERS)
    letter = " ".join(f"WHEN '{layer.id}' THEN '{layer.letter}'" for layer in LAYERS.values())
    for kind in ("incident", "case"):
        connection.exec_driver_sql(
            "INSERT INTO editorial.publication (feature_id, public_id, layer, record_id) "
            f"SELECT feature_id, CASE layer {letter} END || '-' || to_char(starts_on, 'YYYY') || '-' "
            "|| lpad(number::text, GREATEST(6, length(number::text)), '0'), layer, id "
            f"FROM (SELECT nextval('editorial.feature_id_seq') AS feature_id, CASE layer {number} END AS number, "
            "layer, id, starts_on "
            f"FROM (SELECT id, layer, starts_on FROM decided_{kind} AS d WHERE shown AND NOT EXISTS ("
            "SELECT FROM editorial.publication AS p WHERE p.record_id = d.id AND p.layer = d.layer) "
            "ORDER BY starts_on, CASE WHEN time <> 'day' THEN md5(id::text) END, id) AS fresh) AS numbered"
        )


def list_shown(connection: sa.Connection) -> None:
    """Make the tables `shown_incident` and `shown_case`: the records to be shown, with their ids, in the order of ids.

    `fresh` is whether a record has no public row yet.
    """
    for kind in ("incident", "case"):
        make_temporary(
            connection,
            f"shown_{kind}",
            "SELECT d.*, p.feature_id, p.public_id, f.id IS NULL AS fresh "
            f"FROM decided_{kind} AS d JOIN editorial.publication AS p ON p.record_id = d.id AND p.layer = d.layer "
            "LEFT JOIN published.feature AS f ON f.id = p.feature_id WHERE d.shown ORDER BY p.feature_id",
        )
