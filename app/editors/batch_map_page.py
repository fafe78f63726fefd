"""The page with the rows of a batch on a map: as the public would see them, or as the editors know them."""

from __future__ import annotations

from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from app.editors.batch_access import BatchId, find_batch, read_row
from app.editors.batch_pages import Reader, frame_batch
from app.editors.connections import Transaction
from app.editors.pages import answer_page
from geo.loading.map_preview import LONGEST_PAGE, show_exact_map, show_public_map
from geo.publishing.publish import publish_batch
from geo.regions.outlines import read_topology
from web.batch_map import draw_batch
from web.first_frame import Land, prepare_land

router = APIRouter(include_in_schema=False)


@router.get("/editor/batches/{batch_id}/map")
def show_map(
    request: Request,
    connection: Transaction,
    person: Reader,
    batch_id: BatchId,
    after: Annotated[int, Query(ge=0, lt=2**31)] = 0,
    *,
    exact: bool = False,
) -> Response:
    """Show where the rows lie."""
    shown = find_batch(connection, person, batch_id)
    if exact:
        found = show_exact_map(connection, batch_id, after=after)
    else:
        found = show_public_map(connection, read_row(connection, batch_id), publish_batch, after=after)
    return answer_page(
        request,
        "batch_map.html",
        **frame_batch(request, person, shown),
        drawn=draw_batch(_find_land(request, connection), found["features"], shown["layer"]),
        exact=exact,
        page_size=LONGEST_PAGE,
        address=f"/editor/batches/{batch_id}/map{'?exact=true' if exact else ''}",
        next=found["next"],
        is_first=after == 0,
    )


def _find_land(request: Request, connection: sa.Connection) -> Land:
    """Return the outlines of the provinces, which are thinned once for the life of the process."""
    state = request.app.state
    if not hasattr(state, "land"):
        state.land = prepare_land(read_topology(connection), {})
    land: Land = state.land
    return land
