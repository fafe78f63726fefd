"""How current each layer is, as the page says it."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request

from app.readers.collections import recall_layer_states
from geo.serving.dataset import Dataset
from web.content import Freshness


async def read_freshness(request: Request, connection: AsyncConnection, dataset: Dataset) -> tuple[Freshness, ...]:
    """Return how current every layer is, read once for each version of the data."""
    states = await recall_layer_states(request, connection, dataset)
    return tuple(
        Freshness(layer=layer, latest_on=state.latest_on, changed_on=state.updated_on)
        for layer, state in states.items()
    )
