"""Loading of strikes, accidents and calls for help: a row is a record."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Final

import sqlalchemy as sa

from geo.loading.checks import check_incidents
from geo.loading.doubtful_rows import warn_of_doubts
from geo.loading.headers import Mapping
from geo.loading.messages import Message, Problem
from geo.loading.near_duplicates import hold_near
from geo.loading.normalise import IncidentRows, Places
from geo.loading.place_in_text import load_fine_places
from geo.loading.places import PlaceReader
from geo.loading.positions import make_position_reader
from geo.loading.published_rows import PublishedRows
from geo.loading.request import LoadReport, LoadRequest
from geo.loading.staging import StagedRow, copy_messages
from geo.loading.table_file import Row
from geo.loading.taken_down import refuse_taken_down
from geo.loading.targets import governed_columns
from geo.records.incidents import clear_columns, note_changes, write_incidents
from geo.records.matching import keep_match, match_rows
from geo.records.tombstones import Tombstones, load_tombstones
from geo.regions.gazetteer import load_gazetteer
from geo.regions.region_index import RegionIndex

_POINT_COLUMNS: Final = frozenset({"lon", "lat", "coords"})


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
        self._cleared = clear_columns(governed_by(mapping))
        self._request = request
        self._mapping = mapping
        self._index = index
        self._has_points = bool(_POINT_COLUMNS & mapping.positions.keys())

    @cached_property
    def _readers(self) -> tuple[PublishedRows, IncidentRows]:
        """Made for the first rows only: they know all places, which what follows does not need."""
        places = _load_places(self._connection, self._mapping, self._index)
        published = PublishedRows(self._connection, self._layer, self._mapping)
        return published, IncidentRows(self._request, self._mapping, places)

    @cached_property
    def _tombstones(self) -> Tombstones:
        """Which records were taken down, and may not come back."""
        return load_tombstones(self._connection)

    def prepare(self) -> None:
        """Load gazetteer and outlines."""
        _ = self._readers

    def read(self, rows: Sequence[Row]) -> list[StagedRow]:
        """Turn rows of text into rows for staging."""
        published, own = self._readers
        known = published.read(rows)
        read = own.read([row for row in rows if row[0] not in known])
        return [*known.values(), *refuse_taken_down(self._tombstones, read)]

    def check(self, batch_id: int) -> None:
        """Look for ids used twice, ids of other layers, and rows that look alike."""
        check_incidents(self._connection, batch_id, self._layer, self._profile, by_public_id=self._by_public_id)
        warn_of_doubts(self._connection, batch_id, has_points=self._has_points)

    def find(self, batch_id: int, report: LoadReport) -> None:
        """Find the record of each row that is to be loaded, and count what would become of it."""
        counts = match_rows(
            self._connection, batch_id, self._layer, cleared=self._cleared, by_public_id=self._by_public_id
        )
        for outcome in ("inserted", "updated", "unchanged"):
            setattr(report, outcome, counts.get(outcome, 0))

    def match(self, batch_id: int, report: LoadReport) -> None:
        """Find the records, say which columns change, and hold what looks like another record."""
        self.find(batch_id, report)
        if report.unchanged:
            copy_messages(self._connection, batch_id, [Message(Problem("REC_UNCHANGED"), times=report.unchanged)])
        if report.updated:
            note_changes(self._connection, batch_id, cleared=self._cleared, code="REC_CHANGED")
        report.inserted -= hold_near(self._connection, batch_id, self._layer, self._profile)

    def remember(self, batch_id: int) -> None:
        """Write what was found into staging, for the preview."""
        keep_match(self._connection, batch_id)

    def write(self, batch_id: int, actor: str) -> None:
        """Insert and update the records."""
        write_incidents(self._connection, batch_id, self._layer, cleared=self._cleared, actor=actor)


def governed_by(mapping: Mapping) -> frozenset[str]:
    """Return the columns of the table that a file with these headings governs."""
    return governed_columns([*mapping.positions, *(["raw_text"] if mapping.extra else [])])


def _load_places(connection: sa.Connection, mapping: Mapping, index: RegionIndex | None) -> Places:
    """The gazetteer, and the outlines, which take seconds, only for a file that has coordinates."""
    places = PlaceReader(connection, load_gazetteer(connection), mapping.profile)
    has_points = bool(_POINT_COLUMNS & mapping.positions.keys())
    positions = make_position_reader(connection, places, index) if has_points else None
    return Places(places, positions, load_fine_places(connection))
