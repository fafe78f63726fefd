"""What regions are called, for pages that show their codes: read once for each version of the data."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncEngine

from app.readers.page_regions import grow_tree
from geo.serving.dataset import Dataset, fetch_dataset
from geo.serving.regions import fetch_regions
from geo.serving.remembered import Remembered
from web.content import Text


class RegionNames:
    """Short names by bare code."""

    def __init__(self) -> None:
        self._by_version = Remembered[Mapping[str, Text]](size=2)

    async def read(self, engine: AsyncEngine, latest: Dataset | None) -> Mapping[str, Text]:
        """Return the names of the data as it is now; with `latest` known, the database is asked once a version."""
        names = self._by_version.find(latest.version, "names") if latest else None
        if names is None:
            async with engine.connect() as connection:
                dataset = await fetch_dataset(connection)
                names = self._by_version.find(dataset.version, "names")
                if names is None:
                    names = grow_tree(await fetch_regions(connection)).names
                    self._by_version.keep(dataset.version, "names", names)
        return names
