"""KML 2.3 (OGC 12-007), made piece by piece: a Placemark each feature, its columns as typed ExtendedData."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import orjson

from geo.serving.exports.notice import Notice
from geo.serving.exports.rows import Chunk
from geo.serving.exports.table import Form, Table
from geo.serving.exports.texts import write_cell

_TYPES = {Form.INTEGER: "int", Form.NUMBER: "double", Form.BOOLEAN: "bool"}
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TITLES = ("title_en", "title_zh_hans", "name_en")
"""Properties that name a feature, best first."""


class KmlWriter:
    """One Document; what the file says about itself is its description."""

    def __init__(self, table: Table, notice: Notice) -> None:
        self._table = table
        self._notice = notice

    def begin(self) -> bytes:
        """Return the head, with the types of the columns."""
        forms = [Form.TEXT, *(column.form for column in self._table.columns)]
        fields = "".join(
            f'<SimpleField type="{_TYPES.get(form, "string")}" name={quoteattr(name)}/>'
            for name, form in zip(self._table.names, forms, strict=True)
        )
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
            f"<name>{write_text(self._notice.title)}</name>"
            f"<description>{write_text(self._notice.text())}</description>"
            f'<Schema id="record" name={quoteattr(self._notice.collection)}>{fields}</Schema>'
            f"<Folder><name>{write_text(self._notice.collection)}</name>\n"
        ).encode()

    def write(self, chunk: Chunk) -> bytes:
        """Return a Placemark for each feature."""
        return "".join(self._placemark(orjson.loads(text)) for text in chunk).encode()

    def end(self) -> bytes:
        """Return the end."""
        return b"</Folder></Document></kml>\n"

    def _placemark(self, feature: Mapping[str, Any]) -> str:
        properties = feature["properties"]
        name = next((properties[title] for title in _TITLES if properties.get(title)), feature["id"])
        cells = zip(self._table.names, self._table.read(feature), strict=True)
        data = "".join(
            f"<SimpleData name={quoteattr(name)}>{write_text(write_cell(cell))}</SimpleData>"
            for name, cell in cells
            if cell is not None
        )
        shape = write_geometry(feature["geometry"]) if self._table.has_geometry else ""
        return (
            f"<Placemark id={quoteattr(feature['id'])}><name>{write_text(name)}</name>"
            f'<ExtendedData><SchemaData schemaUrl="#record">{data}</SchemaData></ExtendedData>{shape}</Placemark>\n'
        )


def write_text(text: str) -> str:
    """Return a text as XML has it; characters that XML cannot have are left out."""
    return escape(_NOT_XML.sub("", text))


def write_geometry(geometry: Mapping[str, Any] | None) -> str:
    """Return a GeoJSON Point, Polygon or MultiPolygon as KML; nothing for none."""
    if geometry is None:
        return ""
    coordinates = geometry["coordinates"]
    if geometry["type"] == "Point":
        return f"<Point><coordinates>{_write_place(coordinates)}</coordinates></Point>"
    polygons = [coordinates] if geometry["type"] == "Polygon" else coordinates
    return f"<MultiGeometry>{''.join(map(_write_polygon, polygons))}</MultiGeometry>"


def _write_polygon(rings: list[list[list[float]]]) -> str:
    sides = ("outerBoundaryIs", *("innerBoundaryIs",) * (len(rings) - 1))
    return "<Polygon>" + "".join(map(_write_ring, sides, rings)) + "</Polygon>"


def _write_ring(side: str, ring: list[list[float]]) -> str:
    places = " ".join(map(_write_place, ring))
    return f"<{side}><LinearRing><coordinates>{places}</coordinates></LinearRing></{side}>"


def _write_place(place: list[float]) -> str:
    return f"{place[0]!r},{place[1]!r}"
