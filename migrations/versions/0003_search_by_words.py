"""Search by words: what is searched of each record, and the functions that make texts and questions comparable.

A text and what is asked go through the same `published.search_words`: compatibility forms folded (NFKC), lower case,
Traditional characters replaced by Simplified ones, everything but letters and digits a space, and a space between
Chinese and other words. A phrase is in a text when it is in those words. The index is over every two Chinese characters
that stand together, the last character of each run, and every other word as a whole.

The table is filled by publishing, which a program with new rules does at its first start.
"""

# ruff: noqa: S608  (SQL is made from constants of this file and of OpenCC)

from __future__ import annotations

import json

import opencc
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Written without spaces between words: Chinese, and the like of Japanese and Korean.
CHINESE = "々〇ぁ-ゖァ-ヺー-ヿ㐀-䶿一-鿿가-힣豈-﫿\U00020000-\U0003fffd"
# Letters of all other scripts, and digits; of lower case, because texts are.
OTHER = "0-9a-zß-öø-ʯͰ-ͽͿ-΅Έ-ҁҊ-՘ՠ-ևא-תؠ-٩ٮ-ۓۥ-ۼऀ-ॣ०-῾Ⰰ-ⷿꀀ-꓿"

LONGEST_TEXT = 100_000
"""Characters. A tsvector holds one MB of words."""
LONGEST_WORD = 100
"""Characters of a word that is not Chinese; a longer one is taken apart. A tsvector's words have at most 2,046 bytes."""


def simplified() -> dict[str, str]:
    """Return the Traditional characters, each with the Simplified one that OpenCC has for it alone."""
    characters = [chr(number) for number in range(0x3400, 0xA000)]
    converted = opencc.OpenCC("t2s").convert("\n".join(characters)).split("\n")
    return {old: new for old, new in zip(characters, converted, strict=True) if old != new}


def words_function() -> str:
    """Return the function that makes texts comparable. Lines of a text stay apart: no phrase goes over their end."""
    pairs = simplified()
    return f"""
CREATE FUNCTION published.search_words(given text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    words text := lower(normalize(left(given, {LONGEST_TEXT}), NFKC));
BEGIN
    -- Most texts have no Traditional character, and looking is cheap.
    IF words ~ '[{"".join(pairs)}]' THEN
        words := (SELECT string_agg(COALESCE('{json.dumps(pairs, ensure_ascii=False)}'::jsonb ->> letter, letter), ''
            ORDER BY place) FROM unnest(string_to_array(words, NULL)) WITH ORDINALITY AS letters (letter, place));
    END IF;
    words := regexp_replace(words, '[^{OTHER}{CHINESE}\\n]+', ' ', 'g');
    IF words ~ '[{CHINESE}][{OTHER}]|[{OTHER}][{CHINESE}]' THEN
        words := regexp_replace(words, '([{CHINESE}])(?=[{OTHER}])', '\\1 ', 'g');
        words := regexp_replace(words, '([{OTHER}])(?=[{CHINESE}])', '\\1 ', 'g');
    END IF;
    IF words ~ '[{OTHER}]{{{LONGEST_WORD + 1}}}' THEN
        words := regexp_replace(words, '([{OTHER}]{{{LONGEST_WORD}}})', '\\1 ', 'g');
    END IF;
    RETURN ' ' || replace(words, E'\\n', E' \\n ') || ' ';
END $$
"""


VECTOR = f"""
CREATE FUNCTION published.search_vector(words text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
DECLARE
    -- Cut in twos from the first character of each run and again from the second, which leaves its last one alone once.
    from_second text := regexp_replace(words, '(^|\\s)[{CHINESE}]', ' ', 'g');
    twos text := regexp_replace(concat(words, ' ', from_second), '([{CHINESE}]{{2}})', '\\1 ', 'g');
BEGIN
    RETURN array_to_tsvector(array_remove(string_to_array(replace(twos, E'\\n', ' '), ' '), ''));
END $$
"""

QUERY = f"""
CREATE FUNCTION published.search_query(asked text) RETURNS tsquery LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT string_agg(DISTINCT term, ' & ')::tsquery
FROM unnest(string_to_array(published.search_words(asked), ' ')) AS word
CROSS JOIN LATERAL (
    SELECT CASE WHEN word !~ '[{CHINESE}]' THEN quote_literal(word)
        WHEN length(word) = 1 THEN quote_literal(word) || ':*'
        ELSE quote_literal(substr(word, place, 2)) END AS term
    FROM generate_series(1, CASE WHEN word ~ '[{CHINESE}]' THEN GREATEST(length(word) - 1, 1) ELSE 1 END) AS place
) AS terms
WHERE word <> ''
$$
"""

PATTERN = f"""
CREATE FUNCTION published.search_pattern(asked text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE
    -- One word of the index: nothing is left to check.
    WHEN phrase ~ '^([{CHINESE}]{{1,2}}|[^{CHINESE} ]+)$' THEN '%'
    -- Only letters, digits and spaces are left: none of them means anything to LIKE.
    ELSE concat('%', CASE WHEN phrase !~ '^[{CHINESE}]' THEN ' ' END, phrase,
        CASE WHEN phrase !~ '[{CHINESE}]$' THEN ' ' END, '%') END
FROM (SELECT btrim(published.search_words(asked))) AS made (phrase)
$$
"""


def upgrade() -> None:
    """Apply."""
    for function in (words_function(), VECTOR, QUERY, PATTERN):
        op.get_bind().exec_driver_sql(function.replace("%", "%%"))
    op.create_table(
        "feature_search",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("words", sa.Text(), nullable=False, comment="what may be searched, by published.search_words"),
        sa.Column("search", postgresql.TSVECTOR(), nullable=False, comment="the same, by published.search_vector"),
        sa.ForeignKeyConstraint(
            ["id"],
            ["published.feature.id"],
            name=op.f("fk_feature_search_id_feature"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feature_search")),
        schema="published",
    )
    op.create_index(
        "ix_feature_search_search",
        "feature_search",
        ["search"],
        unique=False,
        schema="published",
        postgresql_using="gin",
    )


def downgrade() -> None:
    """Undo."""
    op.drop_index("ix_feature_search_search", table_name="feature_search", schema="published", postgresql_using="gin")
    op.drop_table("feature_search", schema="published")
    for name in ("search_pattern", "search_query", "search_vector", "search_words"):
        op.execute(f"DROP FUNCTION published.{name}(text)")
