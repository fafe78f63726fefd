"""What is done to files to harm whoever opens them, or the server that makes them."""

from __future__ import annotations

import asyncio
import csv
import io
import os
import tempfile
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import orjson
import pytest

from app.main import public_app
from app.settings import ReaderSettings
from geo.serving.exports.kml import KmlWriter
from geo.serving.exports.labels import NO_NAMES
from geo.serving.exports.notice import Notice
from geo.serving.exports.packed import write_xlsx
from geo.serving.exports.table import record_table
from geo.serving.exports.texts import CsvWriter

NOTICE = Notice(
    title="A test",
    collection="strikes",
    filter="none",
    dataset_version=1,
    date="2026-01-01",
    licence="none",
    address="",
)
TABLE = record_table("strikes", (), NO_NAMES, has_geometry=True)
ATTACKS = ["=cmd|' /C calc'!A0", "+1", "-1+1", "@SUM(A1)", "\tx", "\rx", "＝1+1", "＋1", "－1", "＠a", "=1+1"]


def make_feature(title: str, **known: Any) -> bytes:
    """Return the text of a strike with this title."""
    properties = {"layer": "strikes", "title_en": title, "starts_on": "2016-05-01", **known}
    geometry = {"type": "Point", "coordinates": [-0.5, -22.5]}
    return orjson.dumps({"type": "Feature", "id": "S-2016-000001", "geometry": geometry, "properties": properties})


def read_rows(*features: bytes, raw: bool = False) -> list[dict[str, str]]:
    """Return the rows of the CSV of some features."""
    writer = CsvWriter(TABLE, NOTICE, raw=raw)
    made = writer.begin() + writer.write(list(features)) + writer.end()
    return list(csv.DictReader(io.StringIO(made.decode(), newline="")))


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_text_in_a_csv_is_a_formula(attack: str) -> None:
    """Attack 23: a sign stands before it, also in lists; `raw` leaves it out."""
    feature = make_feature(attack, employers=[attack])
    row = read_rows(feature)[0]
    assert row["title_en"] == row["employers"] == "'" + attack
    assert read_rows(feature, raw=True)[0]["title_en"] == attack


def test_numbers_and_coordinates_are_left_as_they_are() -> None:
    """Attack 23: negative degrees are no formulas, and a plain text is not touched."""
    row = read_rows(make_feature("A strike - at last", participants_min=-1))[0]
    assert (row["lon"], row["lat"], row["participants_min"]) == ("-0.5", "-22.5", "-1")
    assert row["title_en"] == "A strike - at last"


def test_a_formula_is_a_text_in_a_workbook(tmp_path: Path) -> None:
    """Attack 24: neither a formula nor a link is made of a text."""
    texts = ["=1+1", "{=1+1}", "https://example.org/", "mailto:a@example.org"]
    path = tmp_path / "made.xlsx"
    write_xlsx(TABLE, NOTICE, path, iter([[make_feature(text) for text in texts]]))
    sheet = openpyxl.load_workbook(path)["records"]
    headings = [cell.value for cell in sheet[1]]
    cells = [row[headings.index("title_en")] for row in sheet.iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == texts
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(cell.hyperlink for cell in cells)


def test_markup_is_text_in_kml() -> None:
    """No editor's text becomes an element, and what XML cannot have is left out."""
    writer = KmlWriter(TABLE, NOTICE)
    made = writer.write([make_feature('<script>alert(1)</script> & "x" ]]>\x00 深圳')]).decode()
    assert "<script>" not in made
    assert '&lt;script&gt;alert(1)&lt;/script&gt; &amp; "x" ]]&gt; 深圳' in made
    assert "\x00" not in made


@pytest.mark.anyio
async def test_a_file_too_many_is_told_to_come_back(reader_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Attack 46: while two files are being made, the third gets 503, and other answers go on."""
    monkeypatch.setattr("app.readers.exports.WAIT_SECONDS", 0.2)
    app = public_app(ReaderSettings(reader_url=reader_url))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://localhost") as client,
    ):
        url = "/api/collections/strikes/items?f=csv"
        turns: asyncio.Semaphore = app.state.export_turns
        await turns.acquire()
        await turns.acquire()
        refused = await client.get(url)
        assert refused.status_code == 503
        assert int(refused.headers["retry-after"]) > 0
        assert (await client.head(url)).status_code == 200, "HEAD does not make the file"
        assert (await client.get("/api/collections/strikes/items")).status_code == 200
        turns.release()
        assert (await client.get(url)).status_code == 200
        turns.release()
        many = await asyncio.gather(
            *(client.get(f"/api/collections/records/items?f=gpkg&deaths={n}") for n in range(12))
        )
        assert {answer.status_code for answer in many} <= {200, 503}
        assert not turns.locked(), "every turn was given back"


@pytest.mark.anyio
async def test_head_tells_about_a_file_without_making_it(client: httpx.AsyncClient) -> None:
    """The name and the validator of the file, no length; and the file itself is whole afterwards."""
    url = "/api/collections/strikes/items?f=csv"
    head = await client.head(url)
    assert head.status_code == 200
    assert head.content == b""
    assert "content-length" not in head.headers
    assert head.headers["content-disposition"] == 'attachment; filename="strikes-v1.csv"'
    answer = await client.get(url)
    assert answer.text.startswith("id,layer,")
    assert answer.headers["etag"].partition(".")[0].strip('"') == head.headers["etag"].strip('"')


@pytest.mark.anyio
async def test_nothing_is_left_on_disk(
    client: httpx.AsyncClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Packed files are made in a folder that is gone when they are sent."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for name in ("gpkg", "xlsx", "fgb", "parquet"):
        assert (await client.get(f"/api/collections/records/items?f={name}")).status_code == 200
    assert os.listdir(tmp_path) == []  # noqa: PTH208  (pathlib's would be reported as blocking)
