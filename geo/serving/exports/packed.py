"""GeoPackage, FlatGeobuf, GeoParquet and XLSX: files that are made on disk as a whole, a chunk in memory at a time.

The functions block and belong into a thread. The libraries are large and are loaded when the first file is asked for.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson

from geo.serving.exports.notice import Notice
from geo.serving.exports.rows import Chunk
from geo.serving.exports.table import Cell, Form, Table

SHEET = "records"
ABOUT_SHEET = "_about"
MOST_SHEET_ROWS = 100_000
"""Records in an XLSX file."""
_LONGEST_CELL = 32_767
_CUT = "…"
"""Ends a text that is longer than a cell of XLSX may be."""

Chunks = Iterator[Chunk]


def write_xlsx(table: Table, notice: Notice, path: Path, chunks: Chunks) -> None:
    """Write a workbook: one sheet of records, and one of what is said about them. Texts are never formulas."""
    import xlsxwriter  # noqa: PLC0415

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "tmpdir": path.parent}
    with xlsxwriter.Workbook(str(path), options) as workbook:
        workbook.set_properties({"title": notice.title, "comments": notice.text(), "created": _day_of(notice)})
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        sheet = workbook.add_worksheet(SHEET)
        has_position = table.has_geometry and table.has_points
        for place, name in enumerate((*table.names, *(("lon", "lat") if has_position else ()))):
            sheet.write_string(0, place, name)
        forms = [Form.TEXT, *(column.form for column in table.columns)]
        row = 0
        for chunk in chunks:
            for text in chunk:
                row += 1
                feature = orjson.loads(text)
                for place, (form, cell) in enumerate(zip(forms, table.read(feature), strict=True)):
                    if cell is not None:
                        _write_cell(sheet, (row, place), (form, cell), day)
                if has_position and feature["geometry"]:
                    for place, degrees in enumerate(feature["geometry"]["coordinates"][:2], start=len(forms)):
                        sheet.write_number(row, place, degrees)
        about = workbook.add_worksheet(ABOUT_SHEET)
        for line, (name, value) in enumerate(notice.members().items()):
            about.write_string(line, 0, name)
            about.write_string(line, 1, str(value))


def _write_cell(sheet: Any, place: tuple[int, int], value: tuple[Form, Cell], day: Any) -> None:
    form, cell = value
    if form is Form.DATE:
        sheet.write_datetime(*place, dt.date.fromisoformat(str(cell)), day)
    elif form is Form.BOOLEAN:
        sheet.write_boolean(*place, cell)
    elif form is Form.TEXT:
        text = str(cell)
        sheet.write_string(*place, text if len(text) <= _LONGEST_CELL else text[: _LONGEST_CELL - 1] + _CUT)
    else:
        sheet.write_number(*place, cell)


def _day_of(notice: Notice) -> dt.datetime:
    return dt.datetime.combine(dt.date.fromisoformat(notice.date), dt.time(), dt.UTC)


def write_geopackage(table: Table, notice: Notice, path: Path, chunks: Chunks) -> None:
    """Write a GeoPackage of one layer; what is said about it is its description in `gpkg_contents`."""
    options = {"IDENTIFIER": notice.title, "DESCRIPTION": notice.text(), "GEOMETRY_NAME": "geometry"}
    _write_with_gdal(path, "GPKG", table, (notice, options), chunks)


def write_flatgeobuf(table: Table, notice: Notice, path: Path, chunks: Chunks) -> None:
    """Write a FlatGeobuf. It has no spatial index: that cannot hold records without a place."""
    options = {"TITLE": notice.title, "DESCRIPTION": notice.text(), "SPATIAL_INDEX": "NO"}
    _write_with_gdal(path, "FlatGeobuf", table, (notice, options), chunks)


def _write_with_gdal(
    path: Path, driver: str, table: Table, told: tuple[Notice, dict[str, str]], chunks: Chunks
) -> None:
    import pyarrow as pa  # noqa: PLC0415
    import pyogrio  # noqa: PLC0415

    notice, options = told
    schema = make_schema(table)
    made = map(make_batcher(table, schema), chunks)
    pyogrio.write_arrow(
        pa.RecordBatchReader.from_batches(schema, made),
        path,
        layer=notice.collection,
        driver=driver,
        geometry_name="geometry",
        geometry_type="Point" if table.has_points else "MultiPolygon",
        crs="OGC:CRS84",
        layer_options=options,
    )


def write_geoparquet(table: Table, notice: Notice, path: Path, chunks: Chunks) -> None:
    """Write GeoParquet 1.1; what is said about it is the file's metadata under the key `about`."""
    import pyarrow.parquet as pq  # noqa: PLC0415
    from shapely import from_wkb, total_bounds  # noqa: PLC0415

    schema = make_schema(table)
    make = make_batcher(table, schema)
    box: list[float] = []
    with pq.ParquetWriter(path, schema, compression="zstd", store_schema=False) as writer:
        for chunk in chunks:
            batch = make(chunk)
            writer.write_batch(batch)
            box = _join_boxes(box, total_bounds(from_wkb(batch.column("geometry").to_pylist())).tolist())
        kind = "Point" if table.has_points else "MultiPolygon"
        column = {"encoding": "WKB", "geometry_types": [kind], **({"bbox": box} if box else {})}
        geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
        about = json.dumps(notice.members(), ensure_ascii=False)
        writer.add_key_value_metadata({"geo": json.dumps(geo), "about": about})


def _join_boxes(box: list[float], found: list[float]) -> list[float]:
    if math.isnan(found[0]):  # no geometry
        return box
    if not box:
        return found
    return [min(box[0], found[0]), min(box[1], found[1]), max(box[2], found[2]), max(box[3], found[3])]


def make_schema(table: Table) -> Any:
    """Return the Arrow schema of a table; the geometry, as WKB, comes last. It is all null when it is not asked for."""
    import pyarrow as pa  # noqa: PLC0415

    types = {
        Form.TEXT: pa.string(),
        Form.INTEGER: pa.int32(),
        Form.NUMBER: pa.float64(),
        Form.BOOLEAN: pa.bool_(),
        Form.DATE: pa.date32(),
    }
    fields = [pa.field("id", pa.string(), nullable=False)]
    fields += [pa.field(column.name, types[column.form]) for column in table.columns]
    return pa.schema([*fields, pa.field("geometry", pa.binary())])


def make_batcher(table: Table, schema: Any) -> Callable[[Chunk], Any]:
    """Return the function that makes an Arrow record batch of a chunk."""
    import pyarrow as pa  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    dates = [place for place, column in enumerate(table.columns, start=1) if column.form is Form.DATE]

    def make(chunk: Chunk) -> Any:
        found = [orjson.loads(text) for text in chunk]
        rows = [table.read(feature) for feature in found]
        columns: list[list[Any]] = [list(cells) for cells in zip(*rows, strict=True)]
        columns = columns or [[] for _ in table.names]
        for place in dates:
            columns[place] = [cell and dt.date.fromisoformat(str(cell)) for cell in columns[place]]
        shapes = [feature["geometry"] if table.has_geometry else None for feature in found]
        texts = [None if shape is None else orjson.dumps(shape).decode() for shape in shapes]
        columns.append(shapely.to_wkb(shapely.from_geojson(texts), byte_order=1).tolist())
        arrays = [pa.array(cells, field.type) for cells, field in zip(columns, schema, strict=True)]
        return pa.record_batch(arrays, schema=schema)

    return make
