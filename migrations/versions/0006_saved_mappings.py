"""What editors said that headings of files mean, saved under names."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "saved_mapping",
        sa.Column("owner", sa.Text(), nullable=False, comment="operator, or an account's name"),
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "chosen",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="heading to column, extra, or null to leave it out",
        ),
        sa.Column("saved_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("jsonb_typeof(chosen) = 'object'", name=op.f("ck_saved_mapping_chosen")),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 100", name=op.f("ck_saved_mapping_name")),
        sa.PrimaryKeyConstraint("owner", "layer", "name", name=op.f("pk_saved_mapping")),
        schema="editorial",
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("saved_mapping", schema="editorial")
