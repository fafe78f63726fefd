"""Tables of the way in and of the past: batches (also the queue), staging, messages, versions of records."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from geo.database import metadata

STATES = (
    *("uploaded", "parsed", "validated", "in_review", "committing", "committed", "reverted"),
    *("failed", "discarded"),
)
"""The one state machine of a batch; `geo.loading` moves it."""


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


batch = sa.Table(
    "batch",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("layer", sa.Text, nullable=False),
    sa.Column("source_system", sa.Text),
    sa.Column("title", sa.Text),
    sa.Column("file_name", sa.Text, comment="shown escaped; never used as a path"),
    sa.Column("file_sha256", sa.Text),
    sa.Column("options", JSONB, nullable=False, server_default="{}"),
    sa.Column("policy", sa.Text, nullable=False, server_default="all_or_nothing"),
    sa.Column("state", sa.Text, nullable=False, server_default="uploaded"),
    sa.Column("phase", sa.Text),
    sa.Column("rows_read", sa.Integer, nullable=False, server_default="0"),
    sa.Column("rows_validated", sa.Integer, nullable=False, server_default="0"),
    sa.Column("counts", JSONB, nullable=False, server_default="{}", comment="inserted, updated, unchanged, ..."),
    sa.Column("reverts_id", sa.BigInteger, sa.ForeignKey("editorial.batch.id")),
    sa.Column("actor", sa.Text, nullable=False, comment="operator, or an account's name"),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Column("started_at", sa.DateTime(timezone=True)),
    sa.Column("lease_until", sa.DateTime(timezone=True), comment="a worker that died lets this pass"),
    sa.Column("committed_at", sa.DateTime(timezone=True)),
    sa.Column(
        "published_at", sa.DateTime(timezone=True), comment="set by publishing, once its records went through it"
    ),
    sa.Column("failure", sa.Text),
    sa.Column("upload_key", sa.Text, comment="hash of layer, bytes and choices: the same upload is the same batch"),
    sa.Column("stored_as", sa.Text, comment="name of the file in the folder of uploads; NULL once shredded"),
    sa.Column("progress_at", sa.DateTime(timezone=True), comment="when its worker last said how far it is"),
    sa.Column("worker", sa.Text, comment="who holds the lease"),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0", comment="claims since the last success"),
    sa.Column("messages_to", sa.BigInteger, comment="last message found by reading; later ones are of rows together"),
    sa.Column("seen_version", sa.BigInteger, comment="the layer's last version when the preview was made"),
    sa.Column("content_hash", sa.Text, comment="of what the preview shows; approval and commit name it"),
    sa.Column("review_reasons", ARRAY(sa.Text), nullable=False, server_default="{}", comment="why two must agree"),
    sa.Column("edited_by", ARRAY(sa.Text), nullable=False, server_default="{}", comment="who may not approve it"),
    sa.Column("requested_by", sa.Text, comment="who asked for the commit"),
    sa.Column("requested_hash", sa.Text, comment="the content whose commit was asked for"),
    sa.Column("approved_by", sa.Text),
    sa.Column("approved_hash", sa.Text, comment="the content that was approved"),
    sa.CheckConstraint(_one_of("kind", ("load", "edit", "revert", "takedown")), name="kind"),
    sa.CheckConstraint(_one_of("policy", ("all_or_nothing", "valid_rows_only")), name="policy"),
    sa.CheckConstraint(_one_of("state", STATES), name="state"),
    sa.CheckConstraint("(kind = 'revert') = (reverts_id IS NOT NULL)", name="reverts"),
    sa.CheckConstraint("state NOT IN ('committed', 'reverted') OR committed_at IS NOT NULL", name="committed"),
    sa.CheckConstraint(
        "approved_by IS NULL OR approved_by <> actor AND approved_by IS DISTINCT FROM requested_by"
        " AND approved_by <> ALL (edited_by)",
        name="second_person",
    ),
    sa.CheckConstraint(
        "review_reasons = '{}' OR state NOT IN ('committing', 'committed', 'reverted') OR"
        " approved_by IS NOT NULL AND approved_hash = content_hash AND requested_hash = content_hash",
        name="reviewed",
    ),
    sa.Index("ix_batch_queue", "state", "created_at"),
    sa.Index(
        "uq_batch_upload_key",
        "upload_key",
        unique=True,
        postgresql_where=sa.text("state NOT IN ('failed', 'discarded', 'reverted')"),
    ),
    sa.Index("ix_batch_unpublished", "id", postgresql_where=sa.text("published_at IS NULL")),
    schema="editorial",
)

staging_row = sa.Table(
    "staging_row",
    metadata,
    sa.Column("batch_id", sa.BigInteger, primary_key=True),
    sa.Column("row_no", sa.Integer, primary_key=True, comment="row in the uploaded file, the header is 1"),
    sa.Column("source_system", sa.Text),
    sa.Column("source_id", sa.Text),
    sa.Column("identity_hash", sa.Text),
    sa.Column("content_hash", sa.Text),
    sa.Column("data", JSONB, comment="columns of the private table; NULL for a row that was rejected"),
    sa.Column("outcome", sa.Text, comment="inserted, updated, unchanged, rejected"),
    sa.Column("record_id", sa.BigInteger, comment="the record it is, or became"),
    sa.Column("foreseen", sa.Text, comment="inserted, updated or unchanged, as the preview shows"),
    sa.Column("base_version", sa.Integer, comment="version of the record when the preview was made"),
    sa.Column("merge_into", sa.BigInteger, comment="the record of another source that it is to be merged into"),
    schema="editorial",
    prefixes=["UNLOGGED"],
    comment="Rows of a batch between file and records; emptied by a crash of the database, then read again.",
)

staging_message = sa.Table(
    "staging_message",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("batch_id", sa.BigInteger, nullable=False),
    sa.Column("row_no", sa.Integer, comment="NULL: the whole file"),
    sa.Column("column_name", sa.Text),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("severity", sa.Text, nullable=False),
    sa.Column("value_redacted", sa.Text),
    sa.Column("facts", JSONB, nullable=False, server_default="{}", comment="what the message's text needs"),
    sa.Column("times", sa.Integer, nullable=False, server_default="1", comment="rows for which it stands"),
    sa.CheckConstraint(_one_of("severity", ("error", "file", "warning", "held", "note")), name="severity"),
    sa.Index("ix_staging_message_batch_id", "batch_id", "row_no"),
    schema="editorial",
    prefixes=["UNLOGGED"],
)

batch_decision = sa.Table(
    "batch_decision",
    metadata,
    sa.Column("batch_id", sa.ForeignKey("editorial.batch.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("row_no", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("decision", sa.Text, nullable=False),
    sa.Column("record_id", sa.BigInteger, comment="the record to merge into"),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.CheckConstraint(_one_of("decision", ("exclude", "keep", "merge")), name="decision"),
    sa.CheckConstraint("(decision = 'merge') = (record_id IS NOT NULL)", name="merge"),
    schema="editorial",
    comment="What an editor decided about rows of a batch; kept when staging is emptied.",
)

record_version = sa.Table(
    "record_version",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("layer", sa.Text, nullable=False),
    sa.Column("record_id", sa.BigInteger, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("batch_id", sa.BigInteger, sa.ForeignKey("editorial.batch.id"), nullable=False),
    sa.Column("op", sa.Text, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Column("data", JSONB, comment="the whole record as it became; NULL once erased"),
    sa.Column("reason", sa.Text),
    sa.UniqueConstraint("layer", "record_id", "version"),
    sa.CheckConstraint(_one_of("op", ("insert", "update", "delete", "erase")), name="op"),
    sa.Index("ix_record_version_batch_id", "batch_id"),
    schema="editorial",
    comment="Append-only history: a trigger refuses UPDATE and DELETE.",
)
