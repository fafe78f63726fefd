"""`labourmap restore`: a backup back into an empty database, or in the place of another."""

from __future__ import annotations

from pathlib import Path

import click

from app.progress import Progress
from app.settings import OwnerSettings, load_settings
from app.setup import open_database, prepare
from geo.backup.restore import restore_backup
from geo.database import make_engine


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Throw away what the database holds.")
def command(*, file: Path, replace: bool) -> None:
    """Restore FILE, made by `labourmap backup`. Stop Labour Map first.

    Into a database without records; with --replace in the place of what is there. Accounts come back without their
    passwords: give each a new one-time link.
    """
    progress = Progress()
    with open_database(load_settings(OwnerSettings)) as database:
        engine = make_engine(database.owner_url)
        try:
            with progress.step("Restored"):
                made = restore_backup(engine, database.owner_url, file, progress.count, replace=replace)
        finally:
            engine.dispose()
        prepare(database, progress)
    click.echo(f"{sum(made.rows.values()):,} rows of {made.made_at} are back, version {made.dataset_version}.")
