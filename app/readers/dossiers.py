"""A record with what stands beside it: the cases about it or its incidents, and its public changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection

from app.readers.items import is_id
from geo.errors import Gone, NotFound
from geo.layers import CALLS_FOR_HELP
from geo.serving.changes import ChangeQuery, fetch_changes
from geo.serving.features import Retraction, find_feature, find_features
from web.content import Change, Record

COLLECTION = "records"
MARKED = frozenset({"exact", "street"})
"""Precisions with which a record's own place is public."""


@dataclass(frozen=True)
class Dossier:
    """A record, the records linked with it by their ids, and its public changes in order."""

    record: Record
    linked: tuple[Record, ...]
    changes: tuple[Change, ...]


class Retracted(Gone):
    """A record was retracted, and this is what stays of it."""

    def __init__(self, retraction: Retraction) -> None:
        super().__init__(f"{retraction.public_id} was retracted on {retraction.retracted_on}.")
        self.retraction = retraction


async def fetch_dossier(connection: AsyncConnection, public_id: str) -> Dossier:
    """Return a record with what stands beside it.

    Raises Retracted for one that was retracted, NotFound for one that is not public, and so also for a call for help
    that was retracted, so that nobody learns that there was one.
    """
    found = await find_feature(connection, COLLECTION, public_id) if is_id(public_id) else None
    if isinstance(found, Retraction) and found.layer != CALLS_FOR_HELP:
        raise Retracted(found)
    if found is None or isinstance(found, Retraction):
        raise NotFound("No public record has this number.")
    record = make_record(orjson.loads(found))
    ids = [*(record.properties.get("cases") or ()), *(record.properties.get("incidents") or ())]
    texts = await find_features(connection, ids) if ids else []
    history = await fetch_changes(connection, ChangeQuery(public_id=public_id))
    changes = tuple(
        Change(op=one.op, changed_on=one.changed_on, properties=tuple(one.properties_changed or ()))
        for one in history.changes
    )
    return Dossier(record, tuple(make_record(orjson.loads(text)) for text in texts), changes)


def make_record(feature: dict[str, Any]) -> Record:
    """Return the record of a GeoJSON feature."""
    properties, geometry = feature["properties"], feature.get("geometry")
    point = None
    if geometry is not None and properties.get("location_precision") in MARKED:
        longitude, latitude = geometry["coordinates"]
        point = (longitude, latitude)
    return Record(id=feature["id"], properties=properties, point=point)
