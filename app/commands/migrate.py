"""`labourmap migrate`: the database's tables, without serving."""

from __future__ import annotations

import click

from app.progress import Progress
from app.settings import OwnerSettings, load_settings
from app.setup import open_database
from geo.database import migrate


@click.command("migrate")
@click.argument("revision", default="head")
def command(revision: str) -> None:
    """Bring the database's tables to REVISION: "head", "base" or the id of a migration."""
    with open_database(load_settings(OwnerSettings)) as database, Progress().step(f"Tables at {revision}"):
        migrate(database.owner_url, revision)
