"""Which formats there are for files, and what each is called."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FileFormat:
    """`name` is the value of `f`. What is `packed` is made on disk as a whole, and differs in bytes each time."""

    name: str
    extension: str
    media_type: str
    packed: bool = False


GEOJSON, SEQUENCE, CSV, XLSX = "geojson", "geojsonseq", "csv", "xlsx"
GEOPACKAGE, FLATGEOBUF, GEOPARQUET, KML = "gpkg", "fgb", "parquet", "kml"

FORMATS = {
    made.name: made
    for made in (
        FileFormat(GEOJSON, "geojson", "application/geo+json"),
        FileFormat(SEQUENCE, "geojsons", "application/geo+json-seq"),
        FileFormat(CSV, "csv", "text/csv"),
        FileFormat(XLSX, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", packed=True),
        FileFormat(GEOPACKAGE, "gpkg", "application/geopackage+sqlite3", packed=True),
        FileFormat(FLATGEOBUF, "fgb", "application/vnd.flatgeobuf", packed=True),
        FileFormat(GEOPARQUET, "parquet", "application/vnd.apache.parquet", packed=True),
        FileFormat(KML, "kml", "application/vnd.google-earth.kml+xml"),
    )
}
