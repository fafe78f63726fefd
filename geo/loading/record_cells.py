"""An incident as the cells of a row: what a form shows, and what reading those cells gives back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa

from geo.errors import NotFound
from geo.layers import Kind, Property, properties_of
from geo.loading.columns import RESTRICTED
from geo.records.decisions import DECISIONS
from geo.records.tables import incident

PLACE_CELLS: Final = ("region", "lon", "lat", "datum", "location_precision")
_APART: Final = frozenset({"location_precision", "channel_results"})
_SIGN: Final = "; "


def form_columns(layer: str) -> tuple[str, ...]:
    """Return the columns that one incident of a layer is typed in, in the order of a form."""
    own = [prop.name for prop in properties_of(layer) if prop.loaded and prop.name in incident.c]
    before = [name for name in own if name not in _APART]
    split = before.index("industry")
    return (*before[:split], *PLACE_CELLS, *before[split:], "already_public", *RESTRICTED)


def read_cells(connection: sa.Connection, record_id: int) -> tuple[dict[str, str], dict[str, Any]]:
    """Return the cells of an incident, and what editors decided about it.

    Raises:
        NotFound: it is gone.
    """
    asked = sa.select(
        incident, sa.func.ST_X(incident.c.geometry).label("lon"), sa.func.ST_Y(incident.c.geometry).label("lat")
    )
    found = connection.execute(asked.where(incident.c.id == record_id)).mappings().one_or_none()
    if found is None:
        raise NotFound("There is no record of that name.")
    layer = found["layer"]
    kinds = {prop.name: prop for prop in properties_of(layer)}
    cells = {name: _write(found, name, kinds.get(name)) for name in form_columns(layer)}
    cells |= {"region": _join(found["regions"]), "datum": "wgs84" if found["lon"] is not None else ""}
    cells |= {axis: "" if found[axis] is None else f"{found[axis]:.8f}".rstrip("0") for axis in ("lon", "lat")}
    identity = {"source_system": found["source_system"], "source_id": found["source_id"]}
    return cells | identity, {name: found[name] for name in DECISIONS}


def _write(found: Mapping[Any, Any], name: str, prop: Property | None) -> str:
    value = found.get(name)
    if value is None:
        return ""
    if name == "sources":
        return _join(" ".join(filter(None, (entry.get("title"), entry.get("url")))) for entry in value)
    if name == "channels":
        pairs = zip(value, found["channel_results"], strict=True)
        return _join(f"{channel}:{result}" if result else channel for channel, result in pairs)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        others = found.get(f"{name}_other") or []
        is_coded = prop is not None and prop.kind is Kind.CODES
        return _join([*(item for item in value if not (is_coded and others and item == "other")), *others])
    return str(value)


def _join(parts: Any) -> str:
    return _SIGN.join(parts)
