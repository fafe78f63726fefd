"""What an editor said that headings mean, kept under a name for the next file of that kind."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, insert

from geo.database import metadata
from geo.errors import DataError, NotFound

NAME_LIMIT = 100

saved_mapping = sa.Table(
    "saved_mapping",
    metadata,
    sa.Column("owner", sa.Text, primary_key=True, comment="operator, or an account's name"),
    sa.Column("layer", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("chosen", JSONB, nullable=False, comment="heading to column, extra, or null to leave it out"),
    sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.CheckConstraint("jsonb_typeof(chosen) = 'object'", name="chosen"),
    sa.CheckConstraint(f"length(name) BETWEEN 1 AND {NAME_LIMIT}", name="name"),
    schema="editorial",
)


def save_mapping(
    connection: sa.Connection, owner: str, layer: str, name: str, columns: Mapping[str, str | None]
) -> None:
    """Keep a mapping, in the place of the owner's one of that name and layer.

    Raises:
        DataError: the name is empty or too long.
    """
    name = " ".join(name.split())
    if not 1 <= len(name) <= NAME_LIMIT:
        raise DataError(f"A mapping's name has 1 to {NAME_LIMIT} characters.")
    given = insert(saved_mapping).values(owner=owner, layer=layer, name=name, chosen=dict(columns))
    kept = {"chosen": given.excluded.chosen, "saved_at": sa.func.now()}
    connection.execute(given.on_conflict_do_update(index_elements=["owner", "layer", "name"], set_=kept))


def list_mappings(connection: sa.Connection, owner: str, layer: str) -> list[str]:
    """Name the owner's mappings of a layer, the one saved last first."""
    table = saved_mapping.c
    asked = sa.select(table.name).where(table.owner == owner, table.layer == layer)
    return list(connection.scalars(asked.order_by(table.saved_at.desc(), table.name)))


def get_mapping(connection: sa.Connection, owner: str, layer: str, name: str) -> dict[str, str | None]:
    """Return a mapping, fit for `LoadRequest.mapping`.

    Raises:
        NotFound: the owner has none of that name and layer.
    """
    table = saved_mapping.c
    asked = sa.select(table.chosen).where(table.owner == owner, table.layer == layer, table.name == name)
    found = connection.scalar(asked)
    if found is None:
        raise NotFound("There is no saved mapping of that name.")
    return dict(found)


def remove_mapping(connection: sa.Connection, owner: str, layer: str, name: str) -> bool:
    """Forget a mapping; return whether there was one."""
    table = saved_mapping.c
    gone = sa.delete(saved_mapping).where(table.owner == owner, table.layer == layer, table.name == name)
    return connection.execute(gone).rowcount > 0
