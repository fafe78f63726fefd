"""Who may see and move a batch. To whom it is not shown, it is not there: 404, as for a number that was never given."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from pathlib import Path as FolderPath
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import Path
from starlette.requests import Request

from app.editors.signing import allow
from geo.accounts.people import Person
from geo.errors import NotAllowed, NotFound
from geo.loading.preview import get_batch
from geo.loading.settle import SENSITIVE_LAYERS
from geo.records.batch_tables import batch

BatchId = Annotated[int, Path(ge=1, lt=2**63)]

Shown = dict[str, Any]


def find_batch(connection: sa.Connection, person: Person, batch_id: int) -> Shown:
    """Return a batch that somebody may look into: one they made or changed, or any where they review.

    Raises:
        NotFound: there is none, or it is not for them.
    """
    shown = get_batch(connection, batch_id)
    if not may_open(person, shown["layer"], {shown["actor"], *shown["edited_by"]}):
        raise NotFound("There is no such batch.")
    return shown


def read_row(connection: sa.Connection, batch_id: int) -> Shown:
    """Return the row of a batch that is there, as it is now; it is not locked, so that its worker can go on."""
    return dict(connection.execute(sa.select(batch).where(batch.c.id == batch_id)).mappings().one())


def may_open(person: Person, layer: str, involved: AbstractSet[str]) -> bool:
    """Whether somebody may look into a batch of a layer that `involved` made or changed."""
    own = person.name in involved and person.may("batch:create", layer)
    return person.may("batch:read", layer) and (own or may_review(person, layer))


def may_review(person: Person, layer: str) -> bool:
    """Whether somebody reviews a layer, and therefore sees all its batches."""
    return person.may("batch:review", layer)


def allow_commit(person: Person, shown: Shown) -> None:
    """Let pass who may ask for a commit: of a sensitive layer, whoever may make batches, since another must agree.

    Raises:
        NotAllowed: they may not.
    """
    if shown["kind"] == "revert":
        allow(person, "batch:revert", shown["layer"])
    else:
        allow(person, "batch:create" if shown["layer"] in SENSITIVE_LAYERS else "batch:commit", shown["layer"])


def may_commit(person: Person, shown: Shown) -> bool:
    """Whether `allow_commit` lets somebody pass."""
    try:
        allow_commit(person, shown)
    except NotAllowed:
        return False
    return True


def uploads_of(request: Request) -> FolderPath:
    """Return the folder of uploads."""
    folder: FolderPath = request.app.state.settings.uploads_dir
    return folder
