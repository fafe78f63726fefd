"""Incidents are found by the cases about them; a union shows its sector and whether it was named by rule.

Rules for a live server: one transaction, no table rewrite, no long lock; what the new columns hold is published when the
service starts.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "feature",
        sa.Column("has_case", sa.Boolean(), nullable=True, comment="of incidents: a public case is about it"),
        schema="published",
    )
    sector = sa.Column("sector", sa.Text(), nullable=True, comment="a code of the vocabulary industry")
    op.add_column("union_organization", sector, schema="published")
    by_rule: sa.Column[bool] = sa.Column(
        "name_by_rule", sa.Boolean(), server_default=sa.text("false"), nullable=False, comment="not confirmed yet"
    )
    op.add_column("union_organization", by_rule, schema="published")


def downgrade() -> None:
    """Undo."""
    op.drop_column("union_organization", "name_by_rule", schema="published")
    op.drop_column("union_organization", "sector", schema="published")
    op.drop_column("feature", "has_case", schema="published")
