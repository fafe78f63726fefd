"""Writes rows of text in every format that loading reads, without the libraries that read them."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import struct
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

Rows = Sequence[Mapping[str, str]]

WGS84_PRJ = 'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137,298.257223563]],UNIT["Degree",0.017]]'


def headers_of(rows: Rows) -> list[str]:
    """The headings of all rows."""
    return list(dict.fromkeys(name for row in rows for name in row))


def as_csv(rows: Rows, encoding: str = "utf-8", separator: str = ",") -> bytes:
    """Write rows as separated text."""
    out = io.StringIO()
    writer = csv.DictWriter(out, headers_of(rows), delimiter=separator, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


def as_tsv(rows: Rows) -> bytes:
    """Write rows parted by tabs."""
    return as_csv(rows, separator="\t")


def as_xlsx(rows: Rows) -> bytes:
    """Write rows as a workbook of text cells."""
    headers = headers_of(rows)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for line in [headers, *([row.get(name) for name in headers] for row in rows)]:
        sheet.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def point_of(row: Mapping[str, str]) -> tuple[float, float] | None:
    """The position of a row; None without one."""
    return (float(row["lon"]), float(row["lat"])) if row.get("lon") and row.get("lat") else None


def without_point(row: Mapping[str, str]) -> dict[str, str]:
    """A row without the cells that its geometry replaces."""
    return {name: cell for name, cell in row.items() if name not in {"lon", "lat", "datum"}}


def feature_of(row: Mapping[str, str]) -> dict[str, Any]:
    """A row as a GeoJSON feature."""
    point = point_of(row)
    geometry = {"type": "Point", "coordinates": list(point)} if point else None
    return {"type": "Feature", "properties": without_point(row), "geometry": geometry}


def as_geojson(rows: Rows, **members: Any) -> bytes:
    """Write rows as a collection; further words are its members."""
    collection = {"type": "FeatureCollection", **members, "features": [feature_of(row) for row in rows]}
    return json.dumps(collection, ensure_ascii=False).encode()


def as_sequence(rows: Rows) -> bytes:
    """Write rows as a GeoJSON text sequence."""
    return b"".join(b"\x1e" + json.dumps(feature_of(row), ensure_ascii=False).encode() + b"\n" for row in rows)


def point_blob(lon: float, lat: float, srs: int = 4326) -> bytes:
    """A GeoPackage geometry."""
    return b"GP\x00\x01" + struct.pack("<i", srs) + struct.pack("<BI2d", 1, 1, lon, lat)


GEOPACKAGE_TABLES = """
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT,
    organization_coordsys_id INTEGER, definition TEXT, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT, identifier TEXT, srs_id INTEGER);
CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT, srs_id INTEGER,
    z TINYINT, m TINYINT);
"""


def make_geopackage(script: str = "", layers: Mapping[str, Rows] | None = None, srs: int = 4326) -> bytes:
    """Write a GeoPackage: its layers, then what an SQL script does to it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.gpkg"
        database = sqlite3.connect(path)
        database.executescript(GEOPACKAGE_TABLES)
        for name, rows in (layers or {}).items():
            _add_layer(database, name, rows, srs)
        database.executescript(script)
        database.commit()
        database.close()
        return path.read_bytes()


def _add_layer(database: sqlite3.Connection, name: str, rows: Rows, srs: int) -> None:
    headers = headers_of([without_point(row) for row in rows])
    columns = ", ".join(f'"{header}" TEXT' for header in headers)
    database.execute(f'CREATE TABLE "{name}" (fid INTEGER PRIMARY KEY, geom BLOB, {columns})')
    database.execute("INSERT INTO gpkg_contents VALUES (?, 'features', ?, ?)", (name, name, srs))
    database.execute("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', 'POINT', ?, 0, 0)", (name, srs))
    marks = ", ".join("?" * (len(headers) + 1))
    for row in rows:
        point = point_of(row)
        values = [point_blob(*point, srs) if point else None, *(row.get(header) for header in headers)]
        names = ", ".join(f'"{header}"' for header in ("geom", *headers))
        database.execute(f'INSERT INTO "{name}" ({names}) VALUES ({marks})', values)


def as_geopackage(rows: Rows) -> bytes:
    """Write rows as a GeoPackage of one layer."""
    return make_geopackage(layers={"strikes": rows})


def make_dbf(rows: Rows, encoding: str = "utf-8", width: int = 200) -> bytes:
    """Write the attributes of a Shapefile; names of columns are cut as Shapefiles cut them."""
    headers = headers_of([without_point(row) for row in rows])
    fields = b"".join(
        header.encode(encoding)[:10].ljust(11, b"\0") + b"C" + bytes(4) + bytes([width]) + bytes(15)
        for header in headers
    )
    length = 1 + width * len(headers)
    head = struct.pack("<B3xIHH20x", 3, len(rows), 32 + len(fields) + 1, length)
    records = b"".join(
        b" " + b"".join(row.get(header, "").encode(encoding)[:width].ljust(width) for header in headers) for row in rows
    )
    return head + fields + b"\r" + records + b"\x1a"


def make_shp(rows: Rows) -> bytes:
    """Write the geometries of a Shapefile of points."""
    records = b""
    for number, row in enumerate(rows, start=1):
        point = point_of(row)
        content = struct.pack("<i2d", 1, *point) if point else struct.pack("<i", 0)
        records += struct.pack(">2i", number, len(content) // 2) + content
    head = struct.pack(">7i", 9994, 0, 0, 0, 0, 0, (100 + len(records)) // 2) + struct.pack("<2i", 1000, 1)
    return head.ljust(100, b"\0") + records


def zip_parts(parts: Mapping[str, bytes]) -> bytes:
    """Put parts into an archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def shapefile_parts(rows: Rows, encoding: str = "utf-8") -> dict[str, bytes]:
    """The parts of a Shapefile."""
    return {
        "rows.shp": make_shp(rows),
        "rows.dbf": make_dbf(rows, encoding),
        "rows.prj": WGS84_PRJ.encode(),
        "rows.cpg": encoding.encode(),
    }


def as_shapefile(rows: Rows) -> bytes:
    """Write rows as a zipped Shapefile."""
    return zip_parts(shapefile_parts(rows))
