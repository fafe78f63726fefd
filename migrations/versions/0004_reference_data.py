"""Reference data for readers: names and succession of regions, CLB's spellings of terms, the cases of a union.

The tables are filled at the next start: publishing brings them to what the private ones hold. `labourmap_reader` may
read them by the default privileges of 0002. The index of `change` is made at once: writers wait for it, readers do not.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

CLB_VALUE = "spellings of CLB's export, parted by '; '; a final * marks a prefix"
KINDS = "full, short, english, pinyin, retired, retired_short, zone"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "region_name",
        sa.Column("alias", sa.Text(), nullable=False, comment="folded: see geo.folded_names"),
        sa.Column("code", sa.Text(), nullable=False, comment="current or retired"),
        sa.Column("kind", sa.Text(), nullable=False, comment=KINDS),
        sa.PrimaryKeyConstraint("alias", "code", name=op.f("pk_region_name")),
        schema="published",
    )
    op.create_table(
        "drawn_code",
        sa.Column("code", sa.Text(), nullable=False, comment="retired, or in force and without an outline of its own"),
        sa.Column("name_zh_hans", sa.Text(), nullable=True, comment="the last name of a retired one"),
        sa.Column("drawn_code", sa.Text(), nullable=False, comment="today's code under which its records are drawn"),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_drawn_code")),
        schema="published",
        comment="Codes that are drawn under another one.",
    )
    op.create_table(
        "region_succession",
        sa.Column("old_code", sa.Text(), nullable=False),
        sa.Column("new_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="rename, recode, upgrade, merge, split"),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("old_code", "new_code", name=op.f("pk_region_succession")),
        schema="published",
    )
    op.add_column("term", sa.Column("clb_value", sa.Text(), nullable=True, comment=CLB_VALUE), schema="published")
    op.add_column(
        "union_organization",
        sa.Column(
            "cases",
            postgresql.ARRAY(sa.Text()),
            nullable=False,
            server_default="{}",
            comment="public ids of the cases that name it",
        ),
        schema="published",
    )
    op.create_index("ix_change_dataset_version", "change", ["dataset_version"], schema="published")


def downgrade() -> None:
    """Undo."""
    op.drop_index("ix_change_dataset_version", table_name="change", schema="published")
    op.drop_column("union_organization", "cases", schema="published")
    op.drop_column("term", "clb_value", schema="published")
    for table in ("region_succession", "drawn_code", "region_name"):
        op.drop_table(table, schema="published")
