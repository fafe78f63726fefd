"""What we export can be loaded again and changes nothing; nothing that the public may not see is lost by it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from geo.layers import INCIDENTS
from geo.loading.load import load_file
from geo.loading.request import LoadReport, LoadRequest
from geo.loading.samples import load_samples
from geo.publishing.publish import publish_due
from geo.serving.exports.labels import NO_NAMES
from geo.serving.exports.notice import Notice
from geo.serving.exports.packed import write_geopackage, write_xlsx
from geo.serving.exports.table import record_table
from geo.serving.exports.texts import CsvWriter, GeojsonSequenceWriter, GeojsonWriter, Shown, Writer

NOTICE = Notice(title="", collection="", filter="none", dataset_version=1, date="2026-01-01", licence="", address="")


def export(connection: sa.Connection, layer: str, path: Path) -> Path:
    """Write the export of a published layer, in the format that the name says."""
    texts = sa.text("SELECT geojson FROM published.feature_text JOIN published.feature USING (id) WHERE layer = :layer")
    chunk = [text.encode() for text in connection.scalars(texts, {"layer": layer})]
    table = record_table(layer, (), NO_NAMES, has_geometry=True)
    packed = {".xlsx": write_xlsx, ".gpkg": write_geopackage}
    if path.suffix in packed:
        path.unlink(missing_ok=True)
        packed[path.suffix](table, replace(NOTICE, collection=layer), path, iter([chunk]))
        return path
    shown = Shown(layer)
    writers: dict[str, Callable[[], Writer]] = {
        ".csv": lambda: CsvWriter(table, NOTICE),
        ".geojson": lambda: GeojsonWriter(shown, NOTICE),
        ".geojsonseq": lambda: GeojsonSequenceWriter(shown, NOTICE),
    }
    writer = writers[path.suffix]()
    path.write_bytes(writer.begin() + writer.write(chunk) + writer.end())
    return path


def load(connection: sa.Connection, layer: str, path: Path) -> LoadReport:
    """Load an export."""
    return load_file(connection, LoadRequest(layer=layer, path=path))


@pytest.mark.parametrize("name", [f"export.{kind}" for kind in ("csv", "xlsx", "geojson", "geojsonseq", "gpkg")])
def test_an_export_that_is_loaded_again_changes_nothing(connection: sa.Connection, tmp_path: Path, name: str) -> None:
    """All rows of all layers are unchanged, those whose place the public sees coarsened too."""
    load_samples(connection)
    publish_due(connection)
    kept = sa.text("SELECT md5(string_agg(i::text, '' ORDER BY id)) FROM editorial.incident i")
    before = connection.scalar(kept)
    for layer in INCIDENTS:
        report = load(connection, layer, export(connection, layer, tmp_path / name))
        assert report.rows > 5
        assert (report.unchanged, report.rejected) == (report.rows, 0), [one.render() for one in report.messages]
    assert connection.scalar(kept) == before


def test_a_changed_export_of_a_coarsened_record_is_refused(connection: sa.Connection, tmp_path: Path) -> None:
    """The better place that only editors know would be overwritten by the public one."""
    load_samples(connection)
    publish_due(connection)
    coarse = sa.text("UPDATE published.feature_text SET geojson = replace(geojson, :old, :new)")
    connection.execute(coarse, {"old": '"coarsened":false', "new": '"coarsened":true'})
    path = export(connection, "strikes", tmp_path / "export.csv")
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    rows[0]["title_en"] = "Another title"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    report = load(connection, "strikes", path)
    assert (report.rejected, report.unchanged) == (1, len(rows) - 1)
    assert "REC_COARSENED" in {one.problem.code for one in report.messages}
    assert not report.loaded
