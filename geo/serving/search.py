"""Search by words, parameter `q`: all of them must occur; those in quotes stand side by side.

How texts are made comparable, and what is indexed, is said by the functions of the schema `published`; what is asked
goes through the same functions, so that both sides always agree.
"""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa

from geo.serving.allow_list import unique
from geo.serving.parameters import LONGEST_TEXT, BadValue, parse_text
from geo.serving.tables import feature, feature_search

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
    """Return what must hold for every phrase to occur in one of a record's searched texts.

    The index answers for words and for every two Chinese characters; that those of a phrase stand in its order is
    checked against the words themselves.
    """
    return feature.c.id.in_(_found(phrases))


def few_statement(phrases: tuple[str, ...]) -> sa.Select[tuple[int]]:
    """Return the statement of the keys of the records in which every phrase occurs, no more than `FEW` and one."""
    return _found(phrases).limit(FEW + 1)


def _found(phrases: tuple[str, ...]) -> sa.Select[tuple[int]]:
    searched = feature_search.alias("searched")
    occur: list[sa.ColumnElement[Any]] = []
    for phrase in phrases:
        occur.append(searched.c.search.bool_op("@@")(sa.func.published.search_query(phrase)))
        occur.append(searched.c.words.like(sa.func.published.search_pattern(phrase)))
    return sa.select(searched.c.id).where(*occur)
