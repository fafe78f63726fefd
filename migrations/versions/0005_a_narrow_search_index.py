"""The index of words stands on a table of its own that holds keys alone, so that what it finds is read in a moment.

An index of words cannot be read without its table's rows. Beside the texts those were a gigabyte for a million records;
keys alone are 35 MB. `searched_words` reads another table and still says IMMUTABLE: that holds because the triggers
put a key in anew whenever the text under it is written.

`search_row_pattern` is `search_pattern` for whoever looks at a text without having asked the index.
"""

# ruff: noqa: S608  (SQL is made from a constant of this file)

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

CHINESE = "々〇ぁ-ゖァ-ヺー-ヿ㐀-䶿一-鿿가-힣豈-﫿\U00020000-\U0003fffd"
"""The characters that 0003 indexes in twos."""

ROW_PATTERN = f"""
CREATE FUNCTION published.search_row_pattern(asked text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT concat('%', CASE WHEN phrase !~ '^[{CHINESE}]' THEN ' ' END, phrase,
    CASE WHEN phrase !~ '[{CHINESE}]$' THEN ' ' END, '%')
FROM (SELECT btrim(published.search_words(asked))) AS made (phrase)
$$
"""

WORDS = """
CREATE FUNCTION published.searched_words(key bigint) RETURNS tsvector
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000 AS $$
SELECT published.search_vector(words) FROM published.feature_search WHERE id = key
$$
"""

PUT_IN = """
CREATE FUNCTION published.put_search_keys() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM published.search_key USING written WHERE search_key.id = written.id;
    END IF;
    INSERT INTO published.search_key (id) SELECT id FROM written;
    RETURN NULL;
END $$
"""

TRIGGER = """
CREATE TRIGGER {operation}_search_keys AFTER {operation} ON published.feature_search
REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION published.put_search_keys()
"""

OPERATIONS = ("insert", "update")


def upgrade() -> None:
    """Apply."""
    op.drop_index("ix_feature_search_search", table_name="feature_search", schema="published", postgresql_using="gin")
    op.drop_column("feature_search", "search", schema="published")
    for function in (ROW_PATTERN, WORDS):
        op.get_bind().exec_driver_sql(function.replace("%", "%%"))
    op.create_table(
        "search_key",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["id"],
            ["published.feature_search.id"],
            name=op.f("fk_search_key_id_feature_search"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_key")),
        schema="published",
    )
    op.execute("INSERT INTO published.search_key (id) SELECT id FROM published.feature_search ORDER BY id")
    op.create_index(
        "ix_search_key_words",
        "search_key",
        [sa.text("published.searched_words(id)")],
        unique=False,
        schema="published",
        postgresql_using="gin",
    )
    op.execute(PUT_IN)
    for operation in OPERATIONS:
        op.execute(TRIGGER.format(operation=operation))


def downgrade() -> None:
    """Undo."""
    for operation in OPERATIONS:
        op.execute(f"DROP TRIGGER {operation}_search_keys ON published.feature_search")
    op.execute("DROP FUNCTION published.put_search_keys")
    op.drop_table("search_key", schema="published")
    for function in ("searched_words", "search_row_pattern"):
        op.execute(f"DROP FUNCTION published.{function}")
    op.add_column("feature_search", sa.Column("search", postgresql.TSVECTOR(), nullable=True), schema="published")
    op.execute("UPDATE published.feature_search SET search = published.search_vector(words)")
    op.alter_column("feature_search", "search", nullable=False, schema="published")
    op.create_index(
        "ix_feature_search_search",
        "feature_search",
        ["search"],
        unique=False,
        schema="published",
        postgresql_using="gin",
    )
