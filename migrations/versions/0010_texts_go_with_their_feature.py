"""Texts and keys of a feature go by one statement, not by a foreign key's trigger for every row.

Publishing alone writes these tables, a feature before its texts. Three foreign keys looked each row up once more, and
locked it, which was a tenth of a large load.

The words of a text are also found with less work: what is seldom needed is asked for by a cheaper question before.
"""

# ruff: noqa: S608  (SQL is made from constants of this file)

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KEPT_WITH = (
    ("feature", "feature_text"),
    ("feature", "feature_search"),
    ("feature_search", "search_key"),
)
"""(table, table whose rows go with it)."""

TAKE_AWAY = """
CREATE FUNCTION published.take_away_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {deletes}
    RETURN NULL;
END $$
"""

TRIGGER = """
CREATE TRIGGER take_away_{table} AFTER DELETE ON published.{table}
REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION published.take_away_{table}()
"""

WORDS = """
CREATE OR REPLACE FUNCTION published.searched_words(key bigint) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 1000 AS $$
BEGIN
    RETURN (SELECT published.search_vector(words) FROM published.feature_search WHERE id = key);
END $$
"""
OLD_WORDS = """
CREATE OR REPLACE FUNCTION published.searched_words(key bigint) RETURNS tsvector
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000 AS $$
SELECT published.search_vector(words) FROM published.feature_search WHERE id = key
$$
"""


def upgrade() -> None:
    """Apply."""
    for table, other in KEPT_WITH:
        op.drop_constraint(f"fk_{other}_id_{table}", other, schema="published", type_="foreignkey")
    for table in dict.fromkeys(table for table, _ in KEPT_WITH):
        others = [other for one, other in KEPT_WITH if one == table]
        deletes = " ".join(f"DELETE FROM published.{other} USING gone WHERE {other}.id = gone.id;" for other in others)
        op.execute(TAKE_AWAY.format(table=table, deletes=deletes))
        op.execute(TRIGGER.format(table=table))
    op.execute(WORDS)


def downgrade() -> None:
    """Undo."""
    op.execute(OLD_WORDS)
    for table in dict.fromkeys(table for table, _ in KEPT_WITH):
        op.execute(f"DROP TRIGGER take_away_{table} ON published.{table}")
        op.execute(f"DROP FUNCTION published.take_away_{table}")
    for table, other in KEPT_WITH:
        op.create_foreign_key(
            f"fk_{other}_id_{table}",
            other,
            table,
            ["id"],
            ["id"],
            source_schema="published",
            referent_schema="published",
            ondelete="CASCADE",
        )
