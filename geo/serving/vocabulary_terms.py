"""The controlled lists as readers see them: the terms of each, with labels and China Labour Bulletin's spellings."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.serving.tables import published_term


@dataclass(frozen=True, kw_only=True)
class TermRow:
    """One term. `clb_values` are spellings of CLB's export; a final "*" marks a prefix. Retired terms stay."""

    code: str
    label_en: str
    label_zh_hans: str
    label_zh_hant: str
    clb_values: tuple[str, ...]
    position: int
    retired_on: dt.date | None


async def count_terms(connection: AsyncConnection) -> dict[str, tuple[int, int]]:
    """Return by vocabulary how many terms it has, and how many of them are retired."""
    columns = published_term.c
    statement = (
        sa.select(columns.vocabulary, sa.func.count(), sa.func.count(columns.retired_on))
        .group_by(columns.vocabulary)
        .order_by(columns.vocabulary)
    )
    return {name: (terms, retired) for name, terms, retired in await connection.execute(statement)}


async def fetch_vocabulary(connection: AsyncConnection, name: str) -> list[TermRow]:
    """Return the terms of one vocabulary in its order; empty when there is none of that name."""
    columns = published_term.c
    statement = (
        sa.select(
            columns.code,
            columns.label_en,
            columns.label_zh_hans,
            columns.label_zh_hant,
            columns.clb_value,
            columns.position,
            columns.retired_on,
        )
        .where(columns.vocabulary == name)
        .order_by(columns.position, columns.code)
    )
    return [
        TermRow(
            code=row.code,
            label_en=row.label_en,
            label_zh_hans=row.label_zh_hans,
            label_zh_hant=row.label_zh_hant,
            clb_values=tuple(value for value in (row.clb_value or "").split("; ") if value),
            position=row.position,
            retired_on=row.retired_on,
        )
        for row in await connection.execute(statement)
    ]
