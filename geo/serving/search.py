"""Search by words, parameter `q`: all of them must occur; those in quotes stand side by side.

How texts are made comparable, and what is indexed, is said by the functions of the schema `published`; what is asked
goes through the same functions, so that both sides always agree.
"""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.serving.allow_list import unique
from geo.serving.parameters import LONGEST_TEXT, BadValue, parse_text
from geo.serving.tables import feature, feature_search, search_key

FEW = 2_000
"""Records. Up to this many are sorted; among more, a walk through all records soon meets enough for a page.

The planner cannot tell the two apart: it guesses the same number for every word that is not among the most frequent.
"""

_QUOTES = '"“”'
_PHRASES = re.compile(f'"([^"]*)"|“([^”]*)”|([^\\s{_QUOTES}]+)')


def parse_search(text: str) -> tuple[str, ...]:
    """Read the words and quoted phrases of `q`. What holds no letter or digit is left out, and must not be all."""
    found = ("".join(groups) for groups in _PHRASES.findall(parse_text(text)))
    parts = (" ".join(re.sub(f"[{_QUOTES}]", " ", part).split()) for part in found)
    phrases = unique(part for part in parts if any(map(str.isalnum, part)))
    if not phrases:
        raise BadValue("must hold at least one letter or digit")
    if len(write_search(phrases)) > LONGEST_TEXT:
        raise BadValue(f"must not be longer than {LONGEST_TEXT} characters")
    return phrases


def write_search(phrases: tuple[str, ...]) -> str:
    """Return the text that is read as `phrases`."""
    return " ".join(f'"{phrase}"' if " " in phrase else phrase for phrase in phrases)


def search_condition(phrases: tuple[str, ...]) -> sa.ColumnElement[bool]:
    """Return what must hold for every phrase to occur in one of a record's searched texts, asked of the index."""
    return feature.c.id.in_(found_keys(phrases))


def row_conditions(phrases: tuple[str, ...]) -> list[sa.ColumnElement[bool]]:
    """Return the same, asked of a record's own text: for a walk in which most records are soon enough."""
    words = sa.select(feature_search.c.words).where(feature_search.c.id == feature.c.id).scalar_subquery()
    return [words.like(sa.func.published.search_row_pattern(phrase)) for phrase in phrases]


async def find_few(connection: AsyncConnection, phrases: tuple[str, ...]) -> list[int] | None:
    """Return the keys of the records in which every phrase occurs; None when they are many, or none is asked for."""
    if not phrases:
        return None
    keys = [row.id for row in await connection.execute(found_keys(phrases).limit(FEW + 1))]
    return keys if len(keys) <= FEW else None


def found_keys(phrases: tuple[str, ...]) -> sa.Select[tuple[int]]:
    """Return the statement of the keys of the records in which every phrase occurs.

    The index answers for words and for every two Chinese characters; that those of a phrase stand in its order is
    checked against the words themselves. A phrase of one word of the index has the pattern "%": PostgreSQL then leaves
    out the check while it plans.
    """
    keys, searched = search_key.alias("keys"), feature_search.alias("searched")
    words_of_key = sa.func.published.searched_words(keys.c.id)
    occur: list[sa.ColumnElement[Any]] = []
    for phrase in phrases:
        pattern = sa.func.published.search_pattern(phrase)
        checked = sa.select(searched.c.id).where(searched.c.id == keys.c.id, searched.c.words.like(pattern)).exists()
        occur.append(words_of_key.bool_op("@@")(sa.func.published.search_query(phrase)))
        occur.append(sa.or_(pattern == "%", checked))
    return sa.select(keys.c.id).where(*occur)
