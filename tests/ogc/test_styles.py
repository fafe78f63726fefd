"""The styles: valid for MapLibre, of the pages' colours, from no other host, and true to what is known of places."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from geo.layers import RECORDS
from tests.ogc.documents import API, read
from tests.ogc.vector_tiles import find_tile, read_tile

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[2]
VALIDATOR = ROOT / "node_modules" / "@maplibre" / "maplibre-gl-style-spec" / "dist" / "gl-style-validate.mjs"
NODE = Path(sys.executable).parent / "node"
STYLES = ["light", "dark"]


async def read_style(client: httpx.AsyncClient, name: str, query: str = "") -> dict[str, Any]:
    """Return a style."""
    return await read(client, f"{API}/styles/{name}{query}")


async def test_the_styles_are_listed(client: httpx.AsyncClient) -> None:
    """Each with its address."""
    listed = (await read(client, f"{API}/styles"))["styles"]
    assert [style["id"] for style in listed] == STYLES
    for style in listed:
        answer = await client.get(style["links"][0]["href"])
        assert answer.headers["content-type"] == style["links"][0]["type"] == "application/vnd.mapbox.style+json"
    assert (await client.get(f"{API}/styles/sepia")).status_code == 404


@pytest.mark.parametrize("name", STYLES)
@pytest.mark.parametrize("query", ["", "?layer=accidents&region=440000"])
async def test_maplibre_takes_the_style(client: httpx.AsyncClient, tmp_path: Path, name: str, query: str) -> None:
    """MapLibre's own validator of its specification finds nothing to say."""
    if not VALIDATOR.exists():
        pytest.skip("the packages of package.json are not installed: scripts/test does that")
    file = tmp_path / "style.json"
    file.write_text(json.dumps(await read_style(client, name, query)))
    assert validate(file) == (0, "", "")
    file.write_text(json.dumps({**(await read_style(client, name)), "layers": [{"id": "x", "type": "blob"}]}))
    assert validate(file)[0] != 0


def validate(file: Path) -> tuple[int, str, str]:
    """Return what MapLibre's validator says of a file: exit code, output, errors."""
    done = subprocess.run([NODE, VALIDATOR, file], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("name", STYLES)
async def test_a_style_needs_no_other_host(client: httpx.AsyncClient, name: str) -> None:
    """One source, our own tiles; no fonts, no pictures."""
    style = await read_style(client, name)
    assert {"glyphs", "sprite"}.isdisjoint(style)
    (source,) = style["sources"].values()
    assert source["tiles"] == [f"{API}/tiles/WebMercatorQuad/{{z}}/{{y}}/{{x}}"]
    assert source["attribution"] == "Boundaries: a test"


@pytest.mark.parametrize(("name", "sheet"), [("light", "tokens.css"), ("dark", "dark.css")])
async def test_the_colours_are_those_of_the_pages(client: httpx.AsyncClient, name: str, sheet: str) -> None:
    """Marks have the colour of their layer; circles have it where only one layer is asked for."""
    css = (ROOT / "web" / "static" / "css" / sheet).read_text(encoding="utf-8")
    style = {layer["id"]: layer for layer in (await read_style(client, name))["layers"]}
    for layer in RECORDS:
        assert f"--{layer}: {style[f'{layer}-marks']['paint']['circle-color']};" in css
        one = await read_style(client, name, f"?layer={layer}")
        (circle,) = (drawn for drawn in one["layers"] if drawn["id"] == "cells-from-1")
        assert f"--{layer}: {circle['paint']['circle-color']};" in css
    assert f"--ink2: {style['cells-from-1']['paint']['circle-color']};" in css


def holds(condition: list[Any], properties: dict[str, Any]) -> bool:
    """Say what a filter of our styles says of some properties."""
    name, *parts = condition
    if name in {"all", "any"}:
        return {"all": all, "any": any}[name](holds(part, properties) for part in parts)
    assert parts[0][0] == "get"
    value = properties.get(parts[0][1])
    return {"==": value == parts[1], ">=": value >= parts[1], "<": value < parts[1]}[name] if value else False


async def test_a_record_at_the_point_of_a_region_is_drawn_as_a_count(client: httpx.AsyncClient) -> None:
    """It is in one circle, and has no mark; every count is in one class."""
    layers = (await read_style(client, "light"))["layers"]
    row, col = find_tile(12, 113.88, 22.55)
    tile = await read_tile(client, f"/tiles/WebMercatorQuad/12/{row}/{col}")
    for record in tile["records"].properties:
        marks = [one for one in layers if one.get("source-layer") == "records" and holds(one["filter"], record)]
        assert not marks
        assert any(
            holds(one["filter"], {**record, "location_precision": "exact"}) for one in layers if "marks" in one["id"]
        )
    for count in (1, 9, 10, 99, 999, 1000, 9999, 10000, 10**6):
        for kind in ("cells", "places"):
            drawn = [
                one for one in layers if one.get("source-layer") == kind and holds(one["filter"], {"count": count})
            ]
            assert len(drawn) == 1


async def test_every_layer_of_the_style_draws_something_that_tiles_have(client: httpx.AsyncClient) -> None:
    """Names of layers and properties are those of the tileset."""
    tileset = await read(client, f"{API}/tiles/WebMercatorQuad")
    declared = {layer["id"]: layer["propertiesSchema"]["properties"] for layer in tileset["layers"]}
    for drawn in (await read_style(client, "light"))["layers"]:
        if drawn["type"] != "background":
            names = {part[1] for part in find_gets(drawn["filter"])}
            assert names <= set(declared[drawn["source-layer"]])


def find_gets(condition: Any) -> list[Any]:
    """Return every `["get", name]` in a filter."""
    if not isinstance(condition, list):
        return []
    return [condition] if condition[0] == "get" else [found for part in condition for found in find_gets(part)]
