"""Templates: what they hold, and that each loads as it is."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from geo.layers import RECORDS
from geo.loading.columns import known_columns
from geo.loading.headers import map_headers
from geo.loading.template_columns import COLUMNS, TemplateLanguage, is_list, vocabulary_of
from geo.loading.templates import make_csv_template, make_geojson_template, make_xlsx_template
from tests.geo.loading.conftest import Load

MAKERS: dict[str, Callable[[str, TemplateLanguage], bytes]] = {
    "csv": make_csv_template,
    "xlsx": make_xlsx_template,
    "geojson": make_geojson_template,
}


@pytest.mark.parametrize("layer", RECORDS)
def test_the_columns_of_a_template_are_known(layer: str) -> None:
    """Each means itself, and none is there twice."""
    columns = COLUMNS[layer]
    assert set(columns) <= known_columns(layer)
    mapping = map_headers(list(columns), layer, source=None)
    assert list(mapping.positions) == list(columns)
    assert mapping.messages == []


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("layer", RECORDS)
def test_a_template_loads_with_its_example(load: Load, tmp_path: Path, layer: str, kind: str) -> None:
    """In both languages, without an error or a warning; the same record whatever the format."""
    path = tmp_path / "template"
    for language in ("en", "zh_hans"):
        path.write_bytes(MAKERS[kind](layer, language))
        report = load(path, layer=layer, source=None)
        assert report.loaded, [one.render() for one in report.messages]
        weighty = [one.render() for one in report.messages if one.problem.weight != "note"]
        missing = "columns lon, lat" if layer == "calls_for_help" else ""
        assert [one for one in weighty if "No coordinates" not in one or not missing] == []


@pytest.mark.parametrize("layer", RECORDS)
@pytest.mark.parametrize("language", ["en", "zh_hans"])
def test_a_workbook_offers_the_terms(layer: str, language: TemplateLanguage) -> None:
    """Every column with a controlled list has a drop-down; ids and dates are text; the codebook names every column."""
    book = openpyxl.load_workbook(io.BytesIO(make_xlsx_template(layer, language)))
    sheet = book["records"]
    offered = {str(choice.sqref).split(":")[0] for choice in sheet.data_validations.dataValidation}
    headers = [str(cell.value) for cell in sheet[1]]
    wanted = {f"{sheet.cell(2, at + 1).coordinate}" for at, name in enumerate(headers) if vocabulary_of(layer, name)}
    assert offered == wanted
    assert len(wanted) > 5
    strict = {str(c.sqref).split(":")[0]: c.showErrorMessage for c in sheet.data_validations.dataValidation}
    for at, name in enumerate(headers):
        coordinate = sheet.cell(2, at + 1).coordinate
        if coordinate in strict:
            assert bool(strict[coordinate]) is not is_list(layer, name)
    for column in ("source_id", "starts_on"):
        at = headers.index(column) + 1
        widths = sheet.column_dimensions.values()
        formats = [one.number_format for one in widths if (one.min or at) <= at <= (one.max or at)]
        assert formats == ["@"]
    codebook = next(sheet for sheet in book.worksheets if sheet.title in {"_codebook", "_编码表"})
    assert set(COLUMNS[layer]) <= {row[0].value for row in codebook.iter_rows(min_row=2)}
