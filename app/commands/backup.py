"""`labourmap backup`: everything into one file, without anybody's secrets."""

from __future__ import annotations

from pathlib import Path

import click

from app.progress import Progress
from app.settings import OwnerSettings, load_settings
from app.setup import open_database
from geo.backup.make import make_backup
from geo.database import make_engine


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def command(*, file: Path, force: bool) -> None:
    """Write all records, versions and public data to FILE, readable by you alone. Labour Map may go on running.

    Passwords, sessions and keys are left out, and so is the folder `secrets`: docs/backup.md.
    """
    with open_database(load_settings(OwnerSettings)) as database:
        engine = make_engine(database.owner_url)
        progress = Progress()
        try:
            with progress.step(f"Backup in {file.name}"):
                made = make_backup(engine, database.owner_url, file, progress.count, force=force)
        finally:
            engine.dispose()
    click.echo(f"{file}: {sum(made.rows.values()):,} rows, {made.bytes / 1e6:,.1f} MB, version {made.dataset_version}.")
