"""Files made to harm: each is refused with its code, within limits of time and memory, and nothing crashes.

The corpus is made here; none of it is kept.
"""

from __future__ import annotations

import io
import resource
import stat
import struct
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from geo.errors import FileRefused
from geo.loading.limits import UPLOAD_LIMITS, Limits
from geo.loading.open_table import open_table
from tests.geo.loading.file_writers import (
    GEOPACKAGE_TABLES,
    as_csv,
    as_geojson,
    as_xlsx,
    make_dbf,
    make_geopackage,
    make_shp,
    shapefile_parts,
    zip_parts,
)

ROWS = [{"source_id": "1", "starts_on": "2020-03-05", "title_en": "A", "lon": "114.0579", "lat": "22.5431"}]
VRT = (
    b'<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>'
    b"</OGRVRTDataSource>"
)
SECONDS = 120.0
"""Far more than any of these needs, even on a busy machine."""


def refusal(tmp_path: Path, content: bytes, name: str = "file.bin", **options: Any) -> str:
    """The code with which a file is refused; "" when it is read to its end."""
    path = tmp_path / name
    path.write_bytes(content)
    began = time.monotonic()
    code = ""
    try:
        table = open_table(path, limits=UPLOAD_LIMITS, **options)
        try:
            for _ in table.rows:
                pass
        finally:
            table.close()
    except FileRefused as refused:
        code = refused.code
    assert time.monotonic() - began < SECONDS
    return code


def book_with(parts: dict[str, bytes], replaced: dict[str, Callable[[bytes], bytes]] | None = None) -> bytes:
    """A small workbook with parts added, or changed."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(as_xlsx(ROWS))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for item in old.infolist():
            content = old.read(item)
            change = (replaced or {}).get(item.filename)
            new.writestr(item.filename, change(content) if change else content)
        for name, content in parts.items():
            new.writestr(name, content)
    return out.getvalue()


def zipped_link() -> bytes:
    """An archive with a symbolic link to a file of the server."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        entry = zipfile.ZipInfo("rows.shp")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
        archive.writestr("rows.dbf", make_dbf(ROWS))
    return out.getvalue()


def many_entries(count: int) -> bytes:
    """An archive of very many entries."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(count):
            archive.writestr(f"{number}.shp", b"")
    return out.getvalue()


def overlapping() -> bytes:
    """An archive whose entries are one and the same run of bytes."""
    parts = bytearray(zip_parts({"a.shp": make_shp(ROWS * 50), "a.dbf": make_dbf(ROWS * 50)}))
    first = parts.index(b"PK\x01\x02")
    second = parts.index(b"PK\x01\x02", first + 4)
    parts[second + 42 : second + 46] = parts[first + 42 : first + 46]
    return bytes(parts)


def stated_size(size: int) -> bytes:
    """A workbook whose list states that a part is so big."""
    content = bytearray(as_xlsx(ROWS))
    at = content.rindex(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", size)
    return bytes(content)


def swelling(megabytes: int) -> bytes:
    """A workbook with a part of blanks that packs to nothing."""
    return book_with({"xl/worksheets/more.xml": b" " * (megabytes << 20)})


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
EXTERNAL = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def with_prolog(prolog: bytes) -> bytes:
    """A workbook whose sheet declares entities."""
    return book_with({}, {"xl/worksheets/sheet1.xml": lambda xml: prolog + xml})


def far_cell() -> bytes:
    """A workbook of a single far cell."""
    book = openpyxl.Workbook()
    book.active["A1"] = "a"  # type: ignore[index]  # the first sheet of a new workbook
    book.active["XFD1048576"] = "x"  # type: ignore[index]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


ARCHIVES: dict[str, tuple[Callable[[], bytes], str]] = {
    "packed 1000 to 1": (lambda: swelling(20), "FILE_BOMB"),
    "unpacked beyond the limit": (lambda: stated_size(500 << 20), "FILE_BOMB"),
    "a size that is not true": (lambda: stated_size(4_000_000_000), "FILE_BOMB"),
    "a hundred thousand entries": (lambda: many_entries(70_000), "FILE_BOMB"),
    "entries that share bytes": (overlapping, "FILE_BOMB"),
    "a name that leads outside": (lambda: zip_parts({"../rows.shp": b"x", "rows.dbf": b"x"}), "FILE_BOMB"),
    "a link": (zipped_link, "FILE_BOMB"),
    "an archive in an archive": (lambda: zip_parts({"a.zip": zip_parts({"b.zip": b"PK"})}), "FILE_TYPE"),
    "entities that grow": (lambda: with_prolog(LAUGHS), "FILE_DAMAGED"),
    "an external entity": (lambda: with_prolog(EXTERNAL), "FILE_DAMAGED"),
    "a cell at XFD1048576": (far_cell, "XL_FARCELL"),
    "a workbook cut short": (lambda: as_xlsx(ROWS)[:-200], "FILE_DAMAGED"),
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_a_hostile_archive_is_refused(tmp_path: Path, name: str) -> None:
    """Before anything in it is unpacked, or as soon as it swells."""
    make, code = ARCHIVES[name]
    assert refusal(tmp_path, make()) == code


@pytest.mark.parametrize("name", ["a.csv", "a.geojson", "a.gpkg", "a.xlsx", "a.shp", "a.zip", "a.kml"])
@pytest.mark.parametrize(
    "content",
    [VRT, b"<?xml version='1.0'?><kml></kml>", b"<gpx></gpx>", b"  \n<gml:FeatureCollection>"],
    ids=["vrt", "kml", "gpx", "gml"],
)
def test_markup_is_refused_under_any_name(tmp_path: Path, name: str, content: bytes) -> None:
    """What GDAL would follow to other files of this machine is no table."""
    assert refusal(tmp_path, content, name) == "FILE_TYPE"


def test_the_refusal_says_what_was_found(tmp_path: Path) -> None:
    """The name only gives the word; the content decides."""
    path = tmp_path / "a.geojson"
    path.write_bytes(VRT)
    with pytest.raises(FileRefused, match="This is not GeoJSON") as refused:
        open_table(path)
    assert "<OGRVRTDataSource" in str(refused.value)
    assert "Accepted: CSV, TSV, XLSX, GeoJSON, GeoPackage, zipped Shapefile." in str(refused.value)


ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS fid, NULL AS geom FROM n"
LISTED = "INSERT INTO gpkg_contents VALUES ('v', 'features', 'v', 4326);"

GEOPACKAGES = {
    "a view without end": (f"CREATE VIEW v AS {ENDLESS}; {LISTED}", "GPKG_VIEW"),
    "a trigger in the place of a table": (
        f"CREATE TABLE t(x); CREATE TRIGGER v AFTER INSERT ON t BEGIN SELECT 1; END; {LISTED}",
        "GPKG_VIEW",
    ),
    "a list of layers that is a view": (
        f"DROP TABLE gpkg_contents; CREATE VIEW gpkg_contents AS {ENDLESS};",
        "GPKG_VIEW",
    ),
    "a computed column": (
        f"CREATE TABLE v(fid INTEGER PRIMARY KEY, x AS (hex(zeroblob(fid)))); INSERT INTO v(fid) VALUES (1); {LISTED}",
        "GPKG_VIEW",
    ),
    "a virtual table": (f"CREATE VIRTUAL TABLE v USING rtree(id, a, b); {LISTED}", "GPKG_VIEW"),
    "a layer that is not there": (LISTED, "FILE_TYPE"),
    "no layer": ("", "FILE_EMPTY"),
}


@pytest.mark.parametrize("name", GEOPACKAGES)
def test_a_hostile_geopackage_is_refused(tmp_path: Path, name: str) -> None:
    """Nothing in it can act: no view, trigger, function or other file is reached."""
    script, code = GEOPACKAGES[name]
    assert refusal(tmp_path, make_geopackage(script)) == code


def test_a_database_that_is_no_geopackage_is_refused(tmp_path: Path) -> None:
    """It has no list of layers."""
    content = make_geopackage("".join(f"DROP TABLE {name};" for name in ("gpkg_contents", "gpkg_geometry_columns")))
    assert "gpkg_contents" in GEOPACKAGE_TABLES
    assert refusal(tmp_path, content) == "FILE_TYPE"


def test_a_geometry_that_cannot_be_read_is_an_error_of_its_row(tmp_path: Path) -> None:
    """Cut short, of no known kind, not a blob at all: the other rows are read."""
    blobs = ["x'47500001E6100000010100'", "x'00'", "'text'", "x'47500001E610000001'"]
    script = "".join(f"INSERT INTO strikes (geom, source_id) VALUES ({blob}, 'x');" for blob in blobs)
    path = tmp_path / "a.gpkg"
    path.write_bytes(make_geopackage(script, {"strikes": ROWS}))
    table = open_table(path)
    found = [[problem.code for _, problem in problems] for _, _, problems in table.rows]
    table.close()
    assert found == [[], ["GEO_WKB"], ["GEO_WKB"], ["GEO_WKB"], ["GEO_WKB"]]


def lying_dbf(at: int, value: bytes) -> bytes:
    """A Shapefile whose attributes have other bytes at a place of their header."""
    parts = shapefile_parts(ROWS)
    dbf = bytearray(parts["rows.dbf"])
    dbf[at : at + len(value)] = value
    return zip_parts(parts | {"rows.dbf": bytes(dbf)})


def lying_shp(at: int, value: bytes) -> bytes:
    """The same of the geometries."""
    parts = shapefile_parts(ROWS)
    shp = bytearray(parts["rows.shp"])
    shp[at : at + len(value)] = value
    return zip_parts(parts | {"rows.shp": bytes(shp)})


SHAPEFILES = {
    "two milliards of records": lambda: lying_dbf(4, struct.pack("<I", 2**31)),
    "records beyond the end": lambda: lying_dbf(4, struct.pack("<I", 7)),
    "a field of no width": lambda: lying_dbf(32 + 16, b"\0"),
    "a record of no width": lambda: lying_dbf(10, b"\0\0"),
    "a header beyond the end": lambda: lying_dbf(8, b"\xff\xff"),
    "a geometry beyond the end": lambda: lying_shp(104, struct.pack(">i", 2**30)),
    "a geometry of negative length": lambda: lying_shp(104, struct.pack(">i", -5)),
    "another magic number": lambda: lying_shp(0, b"\0\0\0\0"),
    "fewer geometries than attributes": lambda: zip_parts(shapefile_parts(ROWS) | {"rows.shp": make_shp([])}),
}


@pytest.mark.parametrize("name", SHAPEFILES)
def test_a_lying_shapefile_is_refused(tmp_path: Path, name: str) -> None:
    """Counts, lengths and offsets are believed only as far as there are bytes."""
    assert refusal(tmp_path, SHAPEFILES[name]()) == "FILE_DAMAGED"


def test_a_deep_json_is_refused_or_read_but_never_crashes(tmp_path: Path) -> None:
    """Nested a hundred thousand times, as a property and as the whole."""
    deep = b'{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null,"properties":{"a":'
    deep += b"[" * 100_000 + b"]" * 100_000 + b"}}]}"
    assert refusal(tmp_path, deep) in {"FILE_MEMORY", "FILE_DAMAGED"}
    assert refusal(tmp_path, b"[" * 100_000) == "FILE_TYPE"
    assert refusal(tmp_path, as_geojson(ROWS)[:-20]) == "FILE_DAMAGED"


def test_memory_is_limited(tmp_path: Path) -> None:
    """A list of forty million numbers ends the reading process, and takes nothing of this one."""
    content = b'{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null,"properties":{"a":['
    content += b"0," * 40_000_000 + b"0]}}]}"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert refusal(tmp_path, content) == "FILE_MEMORY"
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < 50


def test_an_upload_is_limited_in_size_and_rows(tmp_path: Path) -> None:
    """The command line is not."""
    path = tmp_path / "a.csv"
    path.write_bytes(as_csv(ROWS * 20))
    for limits, code in ((Limits(megabytes=0), "FILE_TOO_BIG"), (Limits(rows=10), "LIM_ROWS")):
        with pytest.raises(FileRefused) as refused:
            list(open_table(path, limits=limits).rows)
        assert refused.value.code == code
    table = open_table(path)
    assert len(list(table.rows)) == 20
    table.close()
