"""From rows of text to rows of typed values, for incidents: cell by cell, then what cells mean together.

Rows come in chunks, so that positions are converted and looked up many at a time. Everything wrong with a row is said
in one pass. The values are those of the columns of `editorial.incident`; what is unknown is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from geo.layers import CALLS_FOR_HELP
from geo.loading.cells import remember
from geo.loading.columns import joined_columns, make_parsers
from geo.loading.coordinate_cells import WrittenPosition, read_datum, read_position
from geo.loading.headers import Mapping
from geo.loading.messages import Problem, locate
from geo.loading.periods import make_period_reader
from geo.loading.personal_data import find_name
from geo.loading.place_in_text import FinePlaces
from geo.loading.places import PRECISIONS, PlaceReader, RowPlace
from geo.loading.positions import Located, PositionReader, limit_precision
from geo.loading.request import LoadRequest
from geo.loading.sources import is_source_name, parse_boolean
from geo.loading.staging import StagedRow, hash_row
from geo.loading.table_file import Row
from geo.loading.terms import parse_term
from geo.loading.texts import parse_restricted_text

_TITLES: Final = ("title_en", "title_zh_hans")
_PUBLIC_TEXTS: Final = (*_TITLES, "description_en", "description_zh_hans", "place_text_en", "place_text_zh_hans")
"""Texts of a call for help in which a place or a name must not be found, beside employers."""

_SELDOM_REPEATED: Final = frozenset({*_PUBLIC_TEXTS, "title", "description", "source_id", "public_id", "legacy_url"})
"""Columns whose cells are not worth remembering."""

_PLACE_COLUMNS: Final = frozenset({"region", "province", "city", "county", "lon", "coords", "location_precision"})
_NO_PLACE: Final = RowPlace({})


@dataclass
class _Draft:
    row_no: int
    cells: list[str]
    values: dict[str, Any] = field(default_factory=dict)
    said: list[tuple[str, Problem, str | None]] = field(default_factory=list)
    place: RowPlace = _NO_PLACE
    position: WrittenPosition | None = None
    centre: tuple[str, str] | None = None
    ragged: bool = False


@dataclass(frozen=True)
class Places:
    """Everything that knows places; made once for a load."""

    places: PlaceReader
    positions: PositionReader | None
    fine: FinePlaces


class IncidentRows:
    """Reads rows of one file of incidents."""

    def __init__(self, request: LoadRequest, mapping: Mapping, places: Places) -> None:
        self._request = request
        self._mapping = mapping
        self._places = places
        self._joined = {name: mapping.positions.get(name) for name in joined_columns(request.layer)}
        parsers = make_parsers(request.layer, mapping.profile, request.today)
        self._parsers = [
            (
                position,
                mapping.headers[position],
                parsers[column] if column in _SELDOM_REPEATED else remember(parsers[column]),
            )
            for column, position in mapping.positions.items()
            if column in parsers
        ]
        self._read_period = make_period_reader(request.today)
        self._read_precision = remember(parse_term("location_precision", "location_precision"))
        self._read_public = remember(parse_boolean("already_public"))
        self._place_positions = [self._joined[column] for column in ("region", "province", "city", "county")]
        self._has_place = bool(_PLACE_COLUMNS & mapping.positions.keys())
        self._is_help = request.layer == CALLS_FOR_HELP

    def read(self, rows: Sequence[Row]) -> list[StagedRow]:
        """Read a chunk of rows."""
        drafts = [self._draft(row) for row in rows]
        placed = [draft for draft in drafts if draft.position is not None]
        if placed and self._places.positions is not None:
            written = [draft.position for draft in placed if draft.position is not None]
            regions = [draft.place.values.get("regions", ()) for draft in placed]
            for draft, located in zip(placed, self._places.positions.locate(written, regions), strict=True):
                self._take_position(draft, located)
        return [self._finish(draft) for draft in drafts]

    def _cell(self, draft: _Draft, column: str) -> str:
        position = self._joined[column]
        if position is None:
            return ""
        text = draft.cells[position]
        spellings = self._mapping.profile.spellings.get(column)
        return spellings.get(text.strip(), text) if spellings else text

    def _say(self, draft: _Draft, column: str, problem: Problem) -> None:
        position = self._mapping.positions.get(column)
        value = draft.cells[position] if position is not None else None
        draft.said.append((self._mapping.header_of(column), problem, value or None))

    def _draft(self, row: Row) -> _Draft:
        row_no, cells, problems = row
        draft = _Draft(row_no, cells)
        for position, problem in problems:
            if position < 0:
                draft.ragged = True
                draft.said.append(("", problem, None))
            else:
                draft.said.append((self._mapping.headers[position], problem, cells[position]))
        if draft.ragged:
            return draft
        values = draft.values
        for position, header, parse in self._parsers:
            text = cells[position]
            if text:
                found, said = parse(text)
                values.update(found)
                for problem in said:
                    draft.said.append((header, problem, text))
        for position in self._mapping.extra:
            self._keep_verbatim(draft, self._mapping.headers[position], cells[position])
        self._join(draft)
        return draft

    @staticmethod
    def _keep_verbatim(draft: _Draft, header: str, cell: str) -> None:
        """Add a cell that has no column of its own to the restricted text, under its heading."""
        values, said = parse_restricted_text("raw_text")(cell)
        if values:
            lines = [draft.values["raw_text"]] if "raw_text" in draft.values else []
            draft.values["raw_text"] = "\n".join([*lines, f"{header}: {values['raw_text']}"])
        draft.said += [(header, problem, cell) for problem in said]

    def _join(self, draft: _Draft) -> None:
        """Read the cells that mean something only together."""
        period, said = self._read_period(
            self._cell(draft, "starts_on"), self._cell(draft, "ends_on"), self._cell(draft, "date_precision")
        )
        draft.values.update(period)
        for column, problem in said:
            self._say(draft, column, problem)
        if self._mapping.profile.made_title:
            self._make_title(draft)
        self._join_place(draft)
        self._check_people(draft, "participants")
        self._check_people(draft, "persons")
        self._join_sources(draft)
        self._name_source(draft)
        if not any(title in draft.values for title in _TITLES):
            self._say(draft, "title_en", Problem("TITLE_MISSING"))
        if self._is_help:
            self._check_texts(draft)

    def _join_place(self, draft: _Draft) -> None:
        region, province, city, county = (
            "" if position is None else draft.cells[position] for position in self._place_positions
        )
        draft.place = self._places.places.read((region, province, city, county), draft.values.get("title_en"))
        for column, problem in draft.place.problems:
            self._say(draft, column, problem)
        if self._joined["lon"] is None and self._joined["coords"] is None:
            return
        datum, said = read_datum(self._cell(draft, "datum"))
        lon, lat, coords = (self._cell(draft, column) for column in ("lon", "lat", "coords"))
        draft.position, more = read_position(lon, lat, coords, datum or self._request.datum)
        for column, problem in (*said, *more):
            self._say(draft, column, problem)
        if not (lon or lat or coords):
            draft.said.append((self._mapping.header_of("lon"), Problem("GEO_MISSING"), None))

    def _take_position(self, draft: _Draft, located: Located) -> None:
        for column, problem in located.said:
            self._say(draft, column, problem)
        if located.lon is None or draft.position is None:
            draft.position = None
            return
        draft.centre = located.centre
        draft.values["geometry"] = f"SRID=4326;POINT({located.lon:.8f} {located.lat:.8f})"
        written = draft.position
        draft.values["reported_coordinates"] = f"{written.lon!r}, {written.lat!r} ({written.datum})"
        if not draft.place.values.get("regions") and located.region:
            said = draft.place.problems
            draft.place = self._places.places.place_at(located.region)
            draft.place = RowPlace(draft.place.values, draft.place.precision, draft.place.province, said)

    def _set_precision(self, draft: _Draft) -> None:
        """The coarsest of what the row declares, what its regions allow and what its position allows."""
        declared, said = self._read_precision(self._cell(draft, "location_precision"))
        for problem in said:
            self._say(draft, "location_precision", problem)
        wanted = declared.get("location_precision")
        if draft.position is not None:
            wanted, limited = limit_precision(wanted, draft.position.decimals)
            for column, problem in limited:
                self._say(draft, column, problem)
            wanted = self._limit_to_centre(draft, wanted)
        else:
            wanted = max(wanted or "exact", draft.place.precision, key=PRECISIONS.index)
        draft.values["location_precision"] = wanted
        if self._is_help and PRECISIONS.index(wanted) < PRECISIONS.index("prefecture"):
            self._say(draft, "location_precision", Problem("SENS_EXACT", {"precision": "prefecture"}))

    def _limit_to_centre(self, draft: _Draft, wanted: str) -> str:
        """A position that is the middle of a region says no more than the region."""
        if draft.centre is None or PRECISIONS.index(wanted) >= PRECISIONS.index(draft.centre[1]):
            return wanted
        code, level = draft.centre
        facts = {"region": self._places.places.describe([code]), "precision": level}
        draft.said.append((self._mapping.header_of("location_precision"), Problem("GEO_FALSE_EXACT", facts), None))
        return level

    def _check_people(self, draft: _Draft, prefix: str) -> None:
        low, high = draft.values.get(f"{prefix}_min"), draft.values.get(f"{prefix}_max")
        if low is not None and high is not None and low > high:
            self._say(draft, f"{prefix}_min", Problem("NUM_ORDER", {"low": low, "high": high}))

    def _join_sources(self, draft: _Draft) -> None:
        name = self._cell(draft, "source_name").strip()
        entries = draft.values.get("sources", [])
        if name:
            draft.values["sources"] = [{"title": name} | entries[0], *entries[1:]] if entries else [{"title": name}]
        elif not entries and "sources" in self._mapping.positions:
            self._say(draft, "sources", Problem("SRC_MISSING"))
        public, said = self._read_public(self._cell(draft, "already_public"))
        draft.values.update(public)
        for problem in said:
            self._say(draft, "already_public", problem)

    def _name_source(self, draft: _Draft) -> None:
        given, source = draft.values.get("source_system"), self._request.source
        if source is None:
            if given is None and not any(header == "source_system" for header, _, _ in draft.said):
                self._say(draft, "source_system", Problem("SOURCE_EMPTY"))
        elif given is not None and given != source:
            self._say(draft, "source_system", Problem("SOURCE_DIFFERS", {"source": source}))
        elif is_source_name(source):
            draft.values["source_system"] = source
        position = self._mapping.positions.get("source_id")
        if position is not None and not draft.cells[position].strip() and "public_id" not in draft.values:
            self._say(draft, "source_id", Problem("ID_MISSING"))

    def _make_title(self, draft: _Draft) -> None:
        """A title out of the columns that the profile names: "Strike / Protest in Shenzhen, Guangdong"."""
        what, where, city = (self._mapping.positions.get(name) for name in self._mapping.profile.made_title)
        action = draft.cells[what].strip().replace("/", " / ") if what is not None else ""
        places = [draft.cells[position].strip() for position in (city, where) if position is not None]
        named = ", ".join(
            dict.fromkeys(place for place in places if place and place != self._mapping.profile.several_places)
        )
        title = " in ".join(part for part in (action or "Collective action", named) if part)
        draft.values["title_en"] = title

    def _check_texts(self, draft: _Draft) -> None:
        """A call for help that is not public already may name no person and no place below its prefecture."""
        if draft.values.get("already_public"):
            if not draft.values.get("sources"):
                self._say(draft, "already_public", Problem("PUBLIC_UNSOURCED"))
            return
        for column in _PUBLIC_TEXTS:
            text = draft.values.get(column)
            if text:
                self._check_text(draft, column, text)
        for column in ("employers", "issues_other"):
            for text in draft.values.get(column, ()):
                self._check_text(draft, column.removesuffix("_other"), text)

    def _check_text(self, draft: _Draft, column: str, text: str) -> None:
        place = self._places.fine.find(text)
        if place:
            self._say(draft, column, Problem("PLACE_IN_TEXT", {"place": place}))
        if find_name(text):
            self._say(draft, column, Problem("PII_NAME"))

    def _finish(self, draft: _Draft) -> StagedRow:
        if not draft.ragged and self._has_place:
            draft.values.update(draft.place.values)
            self._set_precision(draft)
        messages = [locate(problem, draft.row_no, header, value) for header, problem, value in draft.said]
        return hash_row(draft.row_no, draft.values, draft.place.province, messages)
