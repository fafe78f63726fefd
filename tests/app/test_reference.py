"""The reference page tells everything that the OpenAPI document has, and its examples run as they stand."""

from __future__ import annotations

import html
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn

from app.main import public_app
from app.settings import ReaderSettings
from web.api_reference import generalise

PATIENCE_SECONDS = 15
CODE = re.compile(r'<pre[^>]*data-language="(\w+)"><code>(.*?)</code></pre>', re.DOTALL)


@pytest.fixture(scope="module")
def live(reader_url: str) -> Iterator[str]:
    """The address of a running server of the public application, on the small read model."""
    listener = socket.create_server(("127.0.0.1", 0))
    app = public_app(ReaderSettings(reader_url=reader_url))
    server = uvicorn.Server(uvicorn.Config(app, access_log=False, log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    limit = time.monotonic() + PATIENCE_SECONDS
    while not server.started and time.monotonic() < limit:
        time.sleep(0.05)
    assert server.started
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(PATIENCE_SECONDS)
    listener.close()


@pytest.fixture(scope="module")
def examples(live: str) -> dict[str, list[str]]:
    """The code of the reference page, by its language, as a reader copies it."""
    page = httpx.get(f"{live}/api/docs").raise_for_status().text
    found: dict[str, list[str]] = {}
    for language, code in CODE.findall(page):
        found.setdefault(language, []).append(html.unescape(code))
    return found


def run(command: list[str], folder: Path) -> str:
    """Run a program and return what it wrote; it must end well."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_curl_examples_run(examples: dict[str, list[str]], tmp_path: Path) -> None:
    """Three questions, three answers: the latest records, filtered ones, and a table."""
    written = run(["bash", "-e", "-c", examples["shell"][0].replace("curl ", "curl -sSf -w '\\n' ")], tmp_path)
    first, filtered, table = written.strip().split("\n", 2)
    assert first.startswith('{"type":"FeatureCollection"')
    assert '"S-2016-000001"' in filtered
    assert table.startswith("province,province_label_en,year,count")


@pytest.mark.parametrize(("number", "said"), [(0, "2 of 8 have a place"), (1, "8 records of 8")])
def test_the_python_examples_run(examples: dict[str, list[str]], tmp_path: Path, number: int, said: str) -> None:
    """With geopandas and with httpx, in a Python of their own."""
    assert said in run([sys.executable, "-c", examples["python"][number]], tmp_path)


@pytest.mark.skipif(shutil.which("ogr2ogr") is None, reason="GDAL's programs are not installed")
def test_the_gdal_examples_run(examples: dict[str, list[str]], tmp_path: Path) -> None:
    """The collections are listed, and those records that lie in the box are in the file."""
    assert "strikes" in run(["bash", "-e", "-c", examples["shell"][1]], tmp_path)
    assert "Feature Count: 1" in run(["ogrinfo", "-so", "strikes.gpkg", "strikes"], tmp_path)


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_the_r_example_runs(examples: dict[str, list[str]], tmp_path: Path) -> None:
    """With sf and httr2."""
    run(["Rscript", "-e", examples["r"][0]], tmp_path)


def test_there_is_an_example_for_each_kind_of_reader(examples: dict[str, list[str]]) -> None:
    """Two for a shell (curl, GDAL), three in Python (one of them for QGIS), one in R."""
    assert {language: len(codes) for language, codes in examples.items()} == {"shell": 2, "python": 3, "r": 1}


def test_the_reference_is_complete(live: str) -> None:
    """Every address with every parameter and every allowed value, every status and media type."""
    page = html.unescape(httpx.get(f"{live}/api/docs").text)
    document = httpx.get(f"{live}/api/openapi.json").json()
    for path, operations in document["paths"].items():
        assert f"GET /api{generalise(path)[0]}" in page
        for parameter in operations["get"]["parameters"]:
            assert f"<code>{parameter['name']}</code>" in page
            schema = parameter["schema"]
            for value in (schema.get("items") or schema).get("enum", ()):
                assert f"<code>{value}</code>" in page, (path, parameter["name"])
        for status, answer in operations["get"]["responses"].items():
            assert f">{status}<" in page
            for media_type in answer.get("content", ()):
                assert f"<code>{media_type}</code>" in page


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/api/redoc", "/api/docs/oauth2-redirect"])
def test_no_other_reference_is_served(live: str, path: str) -> None:
    """The framework's pages load scripts from foreign hosts; they are not there."""
    assert httpx.get(f"{live}{path}").status_code == 404
