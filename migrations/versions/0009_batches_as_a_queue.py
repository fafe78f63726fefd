"""A batch is a place in a queue, is decided about, and is approved by a second person.

Rules for a live server: one transaction; no table rewrite under lock; the batches are few, and the staging tables are
emptied between loads.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NEW_OF_BATCH: tuple[sa.Column[Any], ...] = (
    sa.Column(
        "upload_key",
        sa.Text(),
        nullable=True,
        comment="hash of layer, bytes and choices: the same upload is the same batch",
    ),
    sa.Column(
        "stored_as", sa.Text(), nullable=True, comment="name of the file in the folder of uploads; NULL once shredded"
    ),
    sa.Column(
        "progress_at", sa.DateTime(timezone=True), nullable=True, comment="when its worker last said how far it is"
    ),
    sa.Column("worker", sa.Text(), nullable=True, comment="who holds the lease"),
    sa.Column("attempts", sa.Integer(), server_default="0", nullable=False, comment="claims since the last success"),
    sa.Column(
        "messages_to",
        sa.BigInteger(),
        nullable=True,
        comment="last message found by reading; later ones are of rows together",
    ),
    sa.Column(
        "seen_version", sa.BigInteger(), nullable=True, comment="the layer's last version when the preview was made"
    ),
    sa.Column(
        "content_hash", sa.Text(), nullable=True, comment="of what the preview shows; approval and commit name it"
    ),
    sa.Column(
        "review_reasons", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False, comment="why two must agree"
    ),
    sa.Column(
        "edited_by", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False, comment="who may not approve it"
    ),
    sa.Column("requested_by", sa.Text(), nullable=True, comment="who asked for the commit"),
    sa.Column("requested_hash", sa.Text(), nullable=True, comment="the content whose commit was asked for"),
    sa.Column("approved_by", sa.Text(), nullable=True),
    sa.Column("approved_hash", sa.Text(), nullable=True, comment="the content that was approved"),
)
NEW_OF_STAGING: tuple[sa.Column[Any], ...] = (
    sa.Column("foreseen", sa.Text(), nullable=True, comment="inserted, updated or unchanged, as the preview shows"),
    sa.Column("base_version", sa.Integer(), nullable=True, comment="version of the record when the preview was made"),
    sa.Column(
        "merge_into",
        sa.BigInteger(),
        nullable=True,
        comment="the record of another source that it is to be merged into",
    ),
)
SECOND_PERSON = (
    "approved_by IS NULL OR approved_by <> actor AND approved_by IS DISTINCT FROM requested_by"
    " AND approved_by <> ALL (edited_by)"
)
REVIEWED = (
    "review_reasons = '{}' OR state NOT IN ('committing', 'committed', 'reverted') OR"
    " approved_by IS NOT NULL AND approved_hash = content_hash AND requested_hash = content_hash"
)


def upgrade() -> None:
    """Apply."""
    for column in NEW_OF_BATCH:
        op.add_column("batch", column, schema="editorial")
    for column in NEW_OF_STAGING:
        op.add_column("staging_row", column, schema="editorial")
    op.create_check_constraint(op.f("ck_batch_second_person"), "batch", SECOND_PERSON, schema="editorial")
    op.create_check_constraint(op.f("ck_batch_reviewed"), "batch", REVIEWED, schema="editorial")
    op.create_index(
        "uq_batch_upload_key",
        "batch",
        ["upload_key"],
        unique=True,
        schema="editorial",
        postgresql_where=sa.text("state NOT IN ('failed', 'discarded', 'reverted')"),
    )
    op.create_table(
        "batch_decision",
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("row_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("record_id", sa.BigInteger(), nullable=True, comment="the record to merge into"),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("decision IN ('exclude', 'keep', 'merge')", name=op.f("ck_batch_decision_decision")),
        sa.CheckConstraint("(decision = 'merge') = (record_id IS NOT NULL)", name=op.f("ck_batch_decision_merge")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["editorial.batch.id"], name=op.f("fk_batch_decision_batch_id_batch"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("batch_id", "row_no", name=op.f("pk_batch_decision")),
        schema="editorial",
        comment="What an editor decided about rows of a batch; kept when staging is emptied.",
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("batch_decision", schema="editorial")
    op.drop_index("uq_batch_upload_key", table_name="batch", schema="editorial")
    op.drop_constraint(op.f("ck_batch_reviewed"), "batch", schema="editorial", type_="check")
    op.drop_constraint(op.f("ck_batch_second_person"), "batch", schema="editorial", type_="check")
    for column in reversed(NEW_OF_STAGING):
        op.drop_column("staging_row", column.name, schema="editorial")
    for column in reversed(NEW_OF_BATCH):
        op.drop_column("batch", column.name, schema="editorial")
