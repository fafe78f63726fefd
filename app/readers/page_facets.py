"""The counts of every property's values that the map page shows: one count for its charts and its filters."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from geo.layers import RECORDS
from geo.serving.columns import Columns
from geo.serving.counts import Counts
from geo.serving.facets import count_facets
from geo.serving.filters import FeatureQuery
from web.content import Facet


async def count_page_facets(
    columns: Columns, connection: AsyncConnection, query: FeatureQuery, layers: tuple[str, ...]
) -> dict[str, Facet]:
    """Return the facets of the records of `layers` that match, by name; none with every layer switched off."""
    if not layers:
        return {}
    if len(layers) < len(RECORDS):
        query = replace(query, properties=(*query.properties, ("layer", layers)))
    found = await count_facets(columns, connection, query)
    return {name: describe_facet(counts) for name, counts in found.facets.items()}


def describe_facet(counts: Counts) -> Facet:
    """Return the counts of one facet as the page has them."""
    return Facet(
        counts=tuple((cell.keys[0], cell.count) for cell in counts.counts),
        total=counts.total,
        counted=counts.counted,
        unknown=sum(rest.count for rest in counts.remainder if rest.reason == "unknown"),
        is_multi_valued=bool(counts.multi_valued),
    )
