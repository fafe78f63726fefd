"""What the codes of records are called, beside the codes: `industry_label_en` after `industry`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.layers import COLLECTIONS, Kind, Property, properties_of
from geo.serving.labels import SCRIPTS
from geo.serving.tables import published_region
from geo.vocabularies import vocabularies

BARE = "bare"
"""Stands for the level of a bare code."""


@dataclass(frozen=True)
class CodeNames:
    """The scripts asked for, and the names of regions by script, level and code. `BARE` is the level of lists."""

    scripts: tuple[str, ...] = ()
    regions: dict[str, dict[str, dict[str, str]]] | None = None


@dataclass(frozen=True)
class LabelColumn:
    """A column of labels: its name, and what a code is called."""

    name: str
    find: Callable[[str], str | None]


async def fetch_code_names(connection: AsyncConnection, scripts: tuple[str, ...]) -> CodeNames:
    """Return what is needed to label codes in `scripts`; regions are read only when a script is asked for."""
    if not scripts:
        return CodeNames()
    columns = [published_region.c[f"name_{SCRIPTS[script]}"] for script in scripts]
    statement = sa.select(published_region.c.level, published_region.c.code, published_region.c.is_bare, *columns)
    found: dict[str, dict[str, dict[str, str]]] = {script: {BARE: {}} for script in scripts}
    for level, code, is_bare, *names in await connection.execute(statement):
        for script, name in zip(scripts, names, strict=True):
            found[script].setdefault(level, {})[code] = name
            if is_bare:
                found[script][BARE][code] = name
    return CodeNames(scripts, found)


NO_NAMES = CodeNames()
"""No labels are asked for."""


def label_columns(prop: Property, codes: CodeNames) -> list[LabelColumn]:
    """Return the columns of labels that stand beside a property; none for what is no code."""
    made = []
    for script in codes.scripts:
        name = f"{prop.name}_label_{SCRIPTS[script]}"
        if prop.kind in {Kind.REGION, Kind.REGIONS}:
            level = prop.name if prop.kind is Kind.REGION else BARE
            made.append(LabelColumn(name, (codes.regions or {}).get(script, {}).get(level, {}).get))
        elif prop.vocabulary is not None:
            terms = vocabularies()[prop.vocabulary].terms
            made.append(LabelColumn(name, {term.code: getattr(term, f"label_{SCRIPTS[script]}") for term in terms}.get))
    return made


def label_features(features: bytes, collection: str, selected: tuple[str, ...], codes: CodeNames) -> bytes:
    """Return Feature texts, joined by commas, with the labels of each code beside it; of a list, a list of labels."""
    columns = {
        prop.name: label_columns(prop, codes)
        for prop in properties_of(*COLLECTIONS[collection])
        if not selected or prop.name in selected
    }
    found: list[dict[str, Any]] = orjson.loads(b"[" + features + b"]")
    for feature in found:
        labelled: dict[str, Any] = {}
        for name, value in feature["properties"].items():
            labelled[name] = value
            for column in columns.get(name, ()):
                labelled[column.name] = find_labels(value, column.find)
        feature["properties"] = labelled
    return orjson.dumps(found)[1:-1]


def find_labels(value: str | list[str] | None, find: Callable[[str], str | None]) -> str | list[str | None] | None:
    """Return what a code, or each of a list, is called."""
    if isinstance(value, list):
        return [find(code) for code in value]
    return None if value is None else find(value)
