"""What was taken down and may not be loaded again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "tombstone",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=True, comment="NULL: it never was public"),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False, comment="a class, never words of somebody's"),
        sa.Column(
            "taken_down_on", sa.Date(), server_default=sa.text("((now() AT TIME ZONE 'UTC')::date)"), nullable=False
        ),
        sa.Column("taken_down_by", sa.Text(), nullable=False),
        sa.Column("marks", postgresql.ARRAY(sa.Text()), nullable=False, comment="keyed hashes"),
        sa.Column(
            "key_name", sa.Text(), nullable=False, comment="says which key made the marks, and nothing else of it"
        ),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("lift_asked_by", sa.Text(), nullable=True),
        sa.Column("lift_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.Text(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("scope IN ('record', 'fields')", name=op.f("ck_tombstone_scope")),
        sa.CheckConstraint(
            "reason IN ('person', 'safety', 'personal_data', 'court', 'false', 'other')",
            name=op.f("ck_tombstone_reason"),
        ),
        sa.CheckConstraint("cardinality(marks) > 0", name=op.f("ck_tombstone_marks")),
        sa.CheckConstraint("lifted_by IS NULL OR lifted_by <> lift_asked_by", name=op.f("ck_tombstone_second_person")),
        sa.CheckConstraint("lifted_by IS NULL OR lift_asked_by IS NOT NULL", name=op.f("ck_tombstone_asked_first")),
        sa.ForeignKeyConstraint(["batch_id"], ["editorial.batch.id"], name=op.f("fk_tombstone_batch_id_batch")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tombstone")),
        schema="editorial",
        comment="Records that were taken down and may not be loaded again; nothing here says what they said.",
    )
    # A takedown wipes the reasons that people gave, too. What was taken down is never forgotten.
    op.execute("GRANT UPDATE (reason) ON editorial.record_version TO labourmap_editor")
    op.execute("REVOKE DELETE ON editorial.tombstone FROM labourmap_editor")


def downgrade() -> None:
    """Undo."""
    op.execute("REVOKE UPDATE (reason) ON editorial.record_version FROM labourmap_editor")
    op.drop_table("tombstone", schema="editorial")
