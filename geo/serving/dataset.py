"""The state of the published data: its version, how fresh each layer is, the terms in use."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.layers import RECORDS
from geo.serving.parameters import Bbox
from geo.serving.tables import dataset_version, feature, published_term

CHANNEL = "labourmap_dataset"
"""NOTIFY carries each new version here when its transaction commits."""

DATASET_SQL = "SELECT version, changed_at FROM published.dataset_version"


@dataclass(frozen=True)
class Dataset:
    """Which state of the data an answer speaks of. Every publishing commit raises `version`."""

    version: int
    changed_at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class LayerState:
    """How much one layer holds. `starts_on` is the first day of its first record, `latest_on` that of its latest."""

    layer: str
    count: int
    starts_on: dt.date | None = None
    latest_on: dt.date | None = None
    ends_on: dt.date | None = None
    updated_on: dt.date | None = None
    bbox: Bbox | None = None


@dataclass(frozen=True, kw_only=True)
class PublishedTerm:
    """One value of a controlled list, with its labels."""

    code: str
    label_en: str
    label_zh_hans: str
    label_zh_hant: str


async def fetch_dataset(connection: AsyncConnection) -> Dataset:
    """Return the version of the data that this connection's transaction sees."""
    row = (await connection.execute(sa.select(dataset_version.c.version, dataset_version.c.changed_at))).one()
    return Dataset(row.version, row.changed_at)


async def fetch_layer_states(connection: AsyncConnection) -> dict[str, LayerState]:
    """Return how much each of the four layers holds, empty ones too. Reads every record: remember it by version."""
    extent = sa.func.ST_Extent(feature.c.geometry, type_=sa.Text)
    statement = sa.select(
        feature.c.layer,
        sa.func.count().label("records"),
        sa.func.min(feature.c.starts_on).label("starts_on"),
        sa.func.max(feature.c.starts_on).label("latest_on"),
        sa.func.max(feature.c.ends_on).label("ends_on"),
        sa.func.max(feature.c.updated_on).label("updated_on"),
        *(getattr(sa.func, f"ST_{side}")(extent).label(side) for side in ("XMin", "YMin", "XMax", "YMax")),
    ).group_by(feature.c.layer)
    states = {layer: LayerState(layer=layer, count=0) for layer in RECORDS}
    for row in await connection.execute(statement):
        states[row.layer] = LayerState(
            layer=row.layer,
            count=row.records,
            starts_on=row.starts_on,
            latest_on=row.latest_on,
            ends_on=row.ends_on,
            updated_on=row.updated_on,
            bbox=None if row.XMin is None else Bbox(row.XMin, row.YMin, row.XMax, row.YMax),
        )
    return states


async def fetch_terms(connection: AsyncConnection) -> dict[str, dict[str, PublishedTerm]]:
    """Return every term by vocabulary and code, in the order of the vocabularies; retired terms too."""
    columns = published_term.c
    statement = sa.select(
        columns.vocabulary, columns.code, columns.label_en, columns.label_zh_hans, columns.label_zh_hant
    ).order_by(columns.vocabulary, columns.position)
    found: dict[str, dict[str, PublishedTerm]] = {}
    for vocabulary, code, en, zh_hans, zh_hant in await connection.execute(statement):
        term = PublishedTerm(code=code, label_en=en, label_zh_hans=zh_hans, label_zh_hant=zh_hant)
        found.setdefault(vocabulary, {})[code] = term
    return found
