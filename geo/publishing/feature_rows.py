"""The rows of `published.feature` and the finished GeoJSON text beside each, both made from `geo.layers`."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.dialects import postgresql

from geo.layers import ACCOUNTABILITY, INCIDENTS, Kind, Property, properties_of
from geo.publishing.case_values import CASE_ROWS, CASE_VALUES
from geo.publishing.incident_values import INCIDENT_ROWS, INCIDENT_VALUES
from geo.serving.tables import feature

UPDATED_ON = "updated_on"
"""The last property. Its value is known only once a row is seen to differ, so the text is kept open until then."""

DERIVED = ("id", UPDATED_ON, "geometry_3857")
"""Columns of `published.feature` that are set when a row is written."""

STAGED = tuple(column.name for column in feature.columns if column.name not in DERIVED)

SEARCHED = (
    *("title_en", "title_zh_hans", "description_en", "description_zh_hans", "summary_en", "summary_zh_hans"),
    *("employers", "place_text_en", "place_text_zh_hans"),
)
"""Properties whose public text is searched."""
_LISTED = frozenset({"employers"})
"""Of those, the lists of texts."""

_MOST_ARGUMENTS = 90
"""PostgreSQL passes at most 100 to a function."""

_JSON = {
    **dict.fromkeys((Kind.INTEGER, Kind.MINIMUM, Kind.MAXIMUM, Kind.BOOLEAN), "COALESCE({}::text, 'null')"),
    Kind.AMOUNT: "COALESCE(trim_scale({})::text, 'null')",
    Kind.OBJECTS: "COALESCE({}, '[]')",
    **dict.fromkeys((Kind.REGIONS, Kind.IDS), "COALESCE(to_json({})::text, '[]')"),
}
"""How a value becomes JSON text; whatever is not named here is text, a date or a list of texts."""


def closing(date: str) -> str:
    """Return the SQL of the end of a feature's text: the day of its last public change."""
    return f"""'"' || {date} || '"}}}}'"""


@dataclass(frozen=True)
class FeatureRows:
    """The queries that give the features of one kind of record, each over those that are `fresh` or those that are not.

    `kind` names the temporary tables they read.
    """

    kind: str
    values: dict[str, str]
    source: str
    layers: tuple[str, ...]

    def columns(self, *, fresh: bool) -> str:
        """Return the query of the id and the columns `STAGED`."""
        return f"SELECT v.feature_id AS id, {self._columns()} FROM {self._rows(fresh=fresh)}"

    def texts(self, *, fresh: bool) -> str:
        """Return the query of the id and the open text."""
        return f"SELECT v.feature_id AS id, {self._opening()} FROM {self._rows(fresh=fresh)}"

    def words(self, *, fresh: bool) -> str:
        """Return the query of the id and what is searched."""
        return f"SELECT v.feature_id AS id, {self._words()} FROM {self._rows(fresh=fresh)}"

    def whole(self, *, fresh: bool) -> str:
        """Return the query of the id, the columns, the open text and what is searched."""
        columns = f"{self._columns()}, {self._opening()}, {self._words()}"
        return f"SELECT v.feature_id AS id, {columns} FROM {self._rows(fresh=fresh)}"

    def _rows(self, *, fresh: bool) -> str:
        inner = ", ".join(f"{value} AS {name}" for name, value in self.values.items())
        return f"(SELECT {inner} FROM {self.source} WHERE {'' if fresh else 'NOT '}d.fresh) AS v"

    def _columns(self) -> str:
        return ", ".join(f"v.{name}" if name in self.values else f"{_null(name)} AS {name}" for name in STAGED)

    def _opening(self) -> str:
        texts = " ".join(f"WHEN '{layer}' THEN {_open_text(layer)}" for layer in self.layers)
        return f"CASE v.layer {texts} END AS opening"

    def _words(self) -> str:
        """Return the SQL of what is searched, a line each; out of what is shown, so nothing hidden can be found."""
        lines = []
        for name in (name for name in SEARCHED if name in self.values):
            if name in _LISTED:
                lines.append(f"translate(array_to_string(v.{name}, E'\\r'), E'\\n\\r', E' \\n')")
            else:
                lines.append(f"translate(v.{name}, E'\\n', ' ')")
        return f"published.search_words(concat_ws(E'\\n', {', '.join(lines)})) AS words"


INCIDENTS_SHOWN = FeatureRows("incident", INCIDENT_VALUES, INCIDENT_ROWS, INCIDENTS)
CASES_SHOWN = FeatureRows("case", CASE_VALUES, CASE_ROWS, (ACCOUNTABILITY,))


def _null(name: str) -> str:
    return f"NULL::{feature.c[name].type.compile(dialect=postgresql.dialect())}"  # type: ignore[no-untyped-call]


def _open_text(layer: str) -> str:
    """Return the SQL of a feature's RFC 7946 text up to the value of `updated_on`."""
    pieces = [
        """'{"type":"Feature","id":"'""",
        "v.public_id",
        """'","geometry":'""",
        "COALESCE(ST_AsGeoJSON(v.geometry, 6), 'null')",
    ]
    before = ',"properties":{'
    for prop in properties_of(layer):
        pieces.append(f"""'{before}"{prop.name}":'""")
        if prop.name != UPDATED_ON:
            pieces.append(_json(prop))
        before = ","
    return _concat(pieces)


def _json(prop: Property) -> str:
    return _JSON.get(prop.kind, "COALESCE(to_json({})::text, 'null')").format(f"v.{prop.name}")


def _concat(pieces: list[str]) -> str:
    groups = [
        f"concat({', '.join(pieces[start : start + _MOST_ARGUMENTS])})"
        for start in range(0, len(pieces), _MOST_ARGUMENTS)
    ]
    return groups[0] if len(groups) == 1 else f"concat({', '.join(groups)})"
