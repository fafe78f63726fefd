"""Tables between the private model and the public one: the ids given for ever, and what an embargo holds back.

They stand beside the records, not in them, so that publishing a million records rewrites none of them.
"""

from __future__ import annotations

import sqlalchemy as sa

from geo.database import metadata

publication = sa.Table(
    "publication",
    metadata,
    sa.Column("feature_id", sa.BigInteger, primary_key=True, autoincrement=False, comment="key in published.feature"),
    sa.Column("public_id", sa.Text, nullable=False, unique=True, comment="S-2020-000123, never reused"),
    sa.Column("layer", sa.Text, nullable=False),
    sa.Column("record_id", sa.BigInteger, nullable=False, comment="no foreign key: the id outlives the record"),
    sa.UniqueConstraint("record_id", "layer"),
    schema="editorial",
    comment="Ids of each record that was ever public, given at its first publication and kept for ever.",
)

embargo = sa.Table(
    "embargo",
    metadata,
    sa.Column("record_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("layer", sa.Text, primary_key=True),
    sa.Column("release_on", sa.Date, nullable=False, comment="the first day on which it is public"),
    sa.Index("ix_embargo_release_on", "release_on"),
    schema="editorial",
    comment="Records that only time holds back; publishing keeps it, and asks it what has become due.",
)

publishing_rules = sa.Table(
    "publishing_rules",
    metadata,
    sa.Column("only_row", sa.Boolean, primary_key=True, server_default=sa.true()),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.CheckConstraint("only_row", name="only_row"),
    schema="editorial",
    comment="Fingerprint of the rules by which everything public was made; other rules publish everything again.",
)
