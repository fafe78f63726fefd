"""`labourmap revert`: takes back what one batch did, at once."""

from __future__ import annotations

import click

from app.progress import Progress
from app.settings import OwnerSettings, load_settings
from app.setup import open_database
from geo.database import make_engine
from geo.loading.workflow_revert import OPERATOR, revert_at_once
from geo.publishing.publish import publish_batch
from geo.records.audit import note_action

SAID = {"restored": "restored", "deleted": "removed", "excluded": "left as they are, because they were changed since"}


@click.command("revert")
@click.argument("batch", type=click.IntRange(min=1))
@click.option("--reason", required=True, help="Why; it stands in the history of each record.")
@click.option("--dry-run", is_flag=True, help="Say what would become of the records, and keep nothing.")
def command(*, batch: int, reason: str, dry_run: bool) -> None:
    """Make every record what it was before BATCH, unless it was changed since. A revert can be reverted."""
    with open_database(load_settings(OwnerSettings)) as database:
        engine = make_engine(database.owner_url)
        try:
            with Progress().step("Reverted and published"), engine.connect() as connection:
                own, counts = revert_at_once(connection, batch, reason)
                publish_batch(connection, own)
                note_action(connection, OPERATOR, "batch.revert", f"batch:{batch}")
                if dry_run:
                    connection.rollback()
                else:
                    connection.commit()
        finally:
            engine.dispose()
    click.echo(", ".join(f"{counts[name]:,} {said}" for name, said in SAID.items()))
    click.echo("Dry run: nothing was kept." if dry_run else f"The revert is batch {own}.")
