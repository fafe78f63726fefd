"""What codes are called, in the scripts that a request asks for."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.serving.allow_list import split
from geo.serving.dimensions import Dimension
from geo.serving.parameters import BadValue
from geo.serving.tables import published_region
from geo.vocabularies import vocabularies

SCRIPTS = {"en": "en", "zh-Hans": "zh_hans", "zh-Hant": "zh_hant"}
"""Values of the parameter `labels`, and how the names of columns end."""

Labels = dict[str, dict[str, dict[str, str]]]
"""Labels by dimension, code and name of the label, such as `label_zh_hans`."""


def parse_labels(texts: list[str]) -> tuple[str, ...]:
    """Read the parameter `labels`; scripts come back in the order of `SCRIPTS`. Raises BadValue."""
    wanted = split(texts)
    if set(wanted) - set(SCRIPTS):
        raise BadValue(f"must be one or several of: {', '.join(SCRIPTS)}")
    return tuple(script for script in SCRIPTS if script in wanted)


def label_names(scripts: Iterable[str]) -> list[str]:
    """Return the names of the labels in `scripts`."""
    return [f"label_{SCRIPTS[script]}" for script in scripts]


def has_labels(dimension: Dimension) -> bool:
    """Say whether a dimension's keys are codes; years and months speak for themselves."""
    return dimension.is_region or dimension.vocabulary is not None


async def fetch_labels(connection: AsyncConnection, by: Iterable[Dimension], scripts: tuple[str, ...]) -> Labels:
    """Return the labels of every code of the dimensions that have codes; nothing when no script is asked for."""
    found: Labels = {}
    if not scripts:
        return found
    for dimension in by:
        if dimension.is_region:
            found[dimension.name] = await _fetch_region_names(connection, dimension.name, scripts)
        elif dimension.vocabulary is not None:
            terms = vocabularies()[dimension.vocabulary].terms
            found[dimension.name] = {
                term.code: {name: str(getattr(term, name)) for name in label_names(scripts)} for term in terms
            }
    return found


async def _fetch_region_names(
    connection: AsyncConnection, level: str, scripts: tuple[str, ...]
) -> dict[str, dict[str, str]]:
    columns = [published_region.c[f"name_{SCRIPTS[script]}"] for script in scripts]
    statement = sa.select(published_region.c.code, *columns).where(published_region.c.level == level)
    names = label_names(scripts)
    return {code: dict(zip(names, texts, strict=True)) for code, *texts in await connection.execute(statement)}
