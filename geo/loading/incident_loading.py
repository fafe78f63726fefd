"""Loading of strikes, accidents and calls for help: a row is a record."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from geo.loading.checks import check_incidents
from geo.loading.headers import Mapping
from geo.loading.normalise import IncidentRows, Places
from geo.loading.place_in_text import load_fine_places
from geo.loading.places import PlaceReader
from geo.loading.positions import PositionReader
from geo.loading.published_rows import PublishedRows
from geo.loading.request import LoadReport, LoadRequest
from geo.loading.staging import StagedRow
from geo.loading.table_file import Row
from geo.loading.taken_down import refuse_taken_down
from geo.loading.targets import governed_columns
from geo.records.incidents import clear_columns, note_changes, write_incidents
from geo.records.matching import match_rows
from geo.records.tombstones import load_tombstones
from geo.regions.gazetteer import load_gazetteer
from geo.regions.region_index import RegionIndex, load_region_index


class IncidentLoading:
    """One file of incidents on its way; see `geo.loading.load.Loading`.

    `index` is what a process keeps that loads often; without it the outlines are read, where the file has points.
    """

    def __init__(
        self, connection: sa.Connection, request: LoadRequest, mapping: Mapping, index: RegionIndex | None = None
    ) -> None:
        self._connection = connection
        self._layer = request.layer
        self._profile = mapping.profile
        self._by_public_id = bool({"public_id", "source_id"} & mapping.positions.keys())
        filled = [*mapping.positions, *(["raw_text"] if mapping.extra else [])]
        self._cleared = clear_columns(governed_columns(filled))
        self._tombstones = load_tombstones(connection)
        self._published = PublishedRows(connection, request.layer, mapping)
        self._rows = IncidentRows(request, mapping, _load_places(connection, mapping, index))

    def read(self, rows: Sequence[Row]) -> list[StagedRow]:
        """Turn rows of text into rows for staging."""
        known = self._published.read(rows)
        read = self._rows.read([row for row in rows if row[0] not in known])
        return [*known.values(), *refuse_taken_down(self._tombstones, read)]

    def check(self, batch_id: int) -> None:
        """Look for ids used twice, ids of other layers, and rows that look alike."""
        check_incidents(self._connection, batch_id, self._layer, self._profile, by_public_id=self._by_public_id)

    def match(self, batch_id: int, report: LoadReport) -> None:
        """Find the record of each row and count what would become of it; say which columns change."""
        counts = match_rows(
            self._connection, batch_id, self._layer, cleared=self._cleared, by_public_id=self._by_public_id
        )
        for outcome in ("inserted", "updated", "unchanged"):
            setattr(report, outcome, counts.get(outcome, 0))
        if report.updated:
            note_changes(self._connection, batch_id, cleared=self._cleared, code="REC_CHANGED")

    def write(self, batch_id: int, actor: str) -> None:
        """Insert and update the records."""
        write_incidents(self._connection, batch_id, self._layer, cleared=self._cleared, actor=actor)


def _load_places(connection: sa.Connection, mapping: Mapping, index: RegionIndex | None) -> Places:
    """The gazetteer, and the outlines, which take seconds, only for a file that has coordinates."""
    places = PlaceReader(connection, load_gazetteer(connection), mapping.profile)
    has_points = bool({"lon", "lat", "coords"} & mapping.positions.keys())
    positions = PositionReader(index or load_region_index(connection), places) if has_points else None
    return Places(places, positions, load_fine_places(connection))
