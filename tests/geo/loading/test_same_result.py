"""What a file says does not depend on how it is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.geo.loading.conftest import STRIKE, Load, Rows
from tests.geo.loading.file_writers import (
    as_csv,
    as_geojson,
    as_geopackage,
    as_sequence,
    as_shapefile,
    as_tsv,
    as_xlsx,
)

ROWS: list[dict[str, str]] = [
    STRIKE | {"title_zh_hans": "深圳工厂罢工", "demands": "欠薪；更好的茶", "lon": "114.0579", "lat": "22.5431"},
    STRIKE | {"source_id": "2", "title_en": "Another", "region": "广东省", "participants": "100"},
    STRIKE | {"source_id": "2020101312203872956", "title_en": "Third", "starts_on": "2020-05", "region": ""},
]


def shorten(row: dict[str, str]) -> dict[str, str]:
    """Give a column the name that a Shapefile has room for."""
    return {"人数" if name == "participants" else name: cell for name, cell in row.items()}


@pytest.mark.parametrize(
    "write",
    [
        lambda rows: as_csv(rows, "utf-8-sig"),
        lambda rows: as_csv(rows, "gb18030"),
        lambda rows: as_csv(rows, "utf-16", "\t"),
        lambda rows: as_csv(rows[::-1], separator=";"),
        lambda rows: as_csv([dict(sorted(row.items())) for row in rows]),
        as_tsv,
        as_xlsx,
        as_geojson,
        lambda rows: as_geojson(rows[::-1]),
        as_sequence,
        as_geopackage,
        lambda rows: as_shapefile([shorten(row) for row in rows]),
    ],
    ids=[
        *("utf-8 with mark", "gb18030", "utf-16 with tabs", "rows reversed", "columns sorted", "tabs", "workbook"),
        *("geojson", "geojson reversed", "sequence", "geopackage", "shapefile"),
    ],
)
def test_another_way_to_write_a_file_changes_nothing(
    load: Load, tmp_path: Path, write: Callable[[list[dict[str, str]]], bytes]
) -> None:
    """Encoding, separator, format, order of rows and of columns: every row is unchanged."""
    first, second = tmp_path / "first", tmp_path / "second"
    first.write_bytes(as_csv(ROWS))
    second.write_bytes(write(ROWS))
    assert load(first, datum="wgs84").inserted == 3
    again = load(second, datum="wgs84")
    assert (again.inserted, again.updated, again.unchanged) == (0, 0, 3)


def test_a_dry_run_counts_what_the_load_counts(load: Load, connection: sa.Connection, incidents: Rows) -> None:
    """It is the same code, rolled back."""
    load(ROWS[:1], datum="wgs84")
    rows = [ROWS[0] | {"industry": "services"}, *ROWS[1:]]
    savepoint = connection.begin_nested()
    dry = load(rows, datum="wgs84")
    savepoint.rollback()
    assert len(incidents()) == 1
    real = load(rows, datum="wgs84")
    assert (dry.inserted, dry.updated, dry.unchanged) == (real.inserted, real.updated, real.unchanged) == (2, 1, 0)
