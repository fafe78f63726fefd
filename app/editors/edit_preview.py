"""What the page of a change of one record shows to whoever has to agree to it."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from starlette.requests import Request

from app.editors.batch_access import Shown
from app.editors.edit_writers import find_key
from app.editors.held_edits import look_at_edit
from app.editors.pages import texts_of
from geo.accounts.people import Person
from geo.errors import NotFound
from geo.layers import PROPERTIES
from geo.records.held_edits import WAITING
from web.batch_values import write_value

_LABELS: Final = {prop.name: prop.labels for prop in PROPERTIES}
_UNSHOWN: Final = frozenset({"layer", "version", "updated_on", "created_on", "licence", "attribution"})


def preview_edit(request: Request, connection: sa.Connection, person: Person, shown: Shown) -> dict[str, Any] | None:
    """Return what a change of one record would do; None for a batch that holds none by now."""
    if shown["kind"] != "edit" or shown["state"] not in WAITING:
        return None
    t = texts_of(request)
    edit, foreseen = look_at_edit(request, connection, shown["id"])
    try:
        name = find_key(connection, edit).name if edit.record is not None else None
    except NotFound:
        name = None
    to = f"/editor/records/{name or 'new/' + edit.layer}?edit={shown['id']}"
    return {
        "op": edit.op if edit.record is not None else "create",
        "name": name,
        "reason": edit.reason,
        "form": to if edit.op == "write" and edit.actor == person.name else None,
        "foreseen": foreseen,
        "public": _list_public(t, foreseen.feature),
        "labels": _LABELS,
        "script": t.language.replace("-", "_").lower(),
        "speech": "en" if t.language == "en" else "zh_hans",
    }


def _list_public(t: Any, feature: dict[str, Any] | None) -> list[tuple[str, str]]:
    """Return (property, value) of what readers would see."""
    if feature is None:
        return []
    given = feature["properties"].items()
    return [
        (name, write_value(t, value))
        for name, value in given
        if name not in _UNSHOWN and value not in (None, "", [], {}, False)
    ]
