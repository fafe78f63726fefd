"""Outlines and names of regions for the editors' own pages, which look at no published table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from geo.errors import NotFound
from geo.regions.tables import region, region_topology

PROVINCES = "province"


def read_topology(connection: sa.Connection, name: str = PROVINCES) -> dict[str, Any]:
    """Return a topology by its name.

    Raises:
        NotFound: no regions are installed.
    """
    found = connection.scalar(sa.select(region_topology.c.topojson).where(region_topology.c.name == name))
    if found is None:
        raise NotFound("No regions are installed: there is nothing to draw.")
    topology: dict[str, Any] = json.loads(found)
    return topology


def name_regions(connection: sa.Connection, codes: Iterable[str]) -> dict[str, Mapping[str, str]]:
    """Return the names of regions by code, in the three scripts; of a code at two levels, either name is the same."""
    wanted = sorted(set(codes))
    columns = region.c
    asked = sa.select(
        columns.code,
        columns.name_en.label("en"),
        columns.name_zh_hans.label("zh_hans"),
        columns.name_zh_hant.label("zh_hant"),
    ).where(columns.code.in_(wanted))
    return {row["code"]: dict(row) for row in connection.execute(asked).mappings()} if wanted else {}
