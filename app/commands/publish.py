"""`labourmap publish`: what has become due, or everything again."""

from __future__ import annotations

import click

from app.progress import Progress
from app.settings import OwnerSettings, load_settings
from app.setup import open_database
from geo.database import make_engine
from geo.publishing.publish import publish_all, publish_due, publish_reference


@click.command("publish")
@click.option("--all", "everything", is_flag=True, help="Work out every record again, not only what is due.")
def command(*, everything: bool) -> None:
    """Publish records whose embargo has passed, batches that were left unpublished, and changed regions and terms."""
    with open_database(load_settings(OwnerSettings)) as database:
        engine = make_engine(database.owner_url)
        try:
            with Progress().step("Published"), engine.begin() as connection:
                if everything:
                    changed = publish_all(connection)
                else:
                    publish_reference(connection)
                    changed = publish_due(connection)
        finally:
            engine.dispose()
    click.echo(f"{changed} public records changed.")
