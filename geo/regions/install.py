"""Fill the database with China's regions, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from geo.regions.boundaries import BANDS, build_outlines
from geo.regions.package_boundaries import (
    DRAWN_UNDER,
    SET_NAME,
    describe_boundary_set,
    read_changes,
    read_county_outlines,
    read_regions,
    read_retired,
)
from geo.regions.region_set import Hierarchy, RegionSet
from geo.regions.store import write_region_set
from geo.regions.tables import boundary_set

if TYPE_CHECKING:
    from collections.abc import Callable

STEPS = ("read", *BANDS, "tables", "names", "topologies", "done")
"""The steps of an installation in their order, as `progress` is told them."""

_LOCK = 7_264_101


def install_regions(connection: sa.Connection, progress: Callable[[str, int, int], None] | None = None) -> None:
    """Install China's regions from the package and our lists, unless they are there already.

    Works in the caller's transaction and does not commit; another process that installs at the same time waits. Does
    nothing when the same data is installed, or when an operator has loaded a set of another name.

    Args:
        connection: the owner's connection.
        progress: told (step, steps done, steps in all) as each of `STEPS` begins.

    Raises:
        SetupError: the packages with the boundaries are not installed.
    """
    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
    described = describe_boundary_set()
    installed = connection.execute(sa.select(boundary_set.c.name, boundary_set.c.vintage)).one_or_none()
    if installed is not None and (installed.name != SET_NAME or installed.vintage == described.vintage):
        return

    def report(step: str) -> None:
        if progress is not None:
            progress(step, STEPS.index(step), len(STEPS) - 1)

    report("read")
    regions = read_regions()
    outlines = build_outlines(Hierarchy(regions), read_county_outlines(), report)
    region_set = RegionSet(described, regions, outlines, read_changes(), read_retired(), DRAWN_UNDER)
    write_region_set(connection, region_set, report)
    report("done")
