"""`labourmap takedown`: wipe a record, or its texts, everywhere and for good."""

from __future__ import annotations

import click
import sqlalchemy as sa

from app.progress import Progress
from app.settings import OwnerSettings, load_settings
from app.setup import open_database
from geo.database import make_engine
from geo.publishing.publish import publish_batch
from geo.records.record_keys import find_record
from geo.records.takedown import take_down
from geo.records.tombstones import REASONS, SCOPES, read_key, with_key

WIPED_TABLES = (
    *("editorial.incident", "editorial.accountability_case", "editorial.union_contact", "editorial.record_version"),
    *("published.feature", "published.feature_text", "published.feature_search", "published.search_key"),
)
"""Tables whose dead rows still hold the text until they are vacuumed."""


@click.command("takedown")
@click.argument("record", metavar="ID")
@click.option("--reason", type=click.Choice(REASONS), required=True, help="Why; the class alone is kept.")
@click.option(
    "--scope",
    type=click.Choice(SCOPES),
    default="record",
    show_default=True,
    help="The whole record, or its texts and point; codes, dates and regions then stay.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
def command(*, record: str, reason: str, scope: str, yes: bool) -> None:
    """Take down the record ID (S-2020-000123, or incident-12 for one that was never public).

    What it said is wiped in every version and cannot be brought back; the same row is refused when it is loaded again.
    Backups keep it until they are deleted: docs/backup.md.
    """
    settings = load_settings(OwnerSettings)
    with open_database(settings) as database:
        engine = with_key(make_engine(database.owner_url), read_key(settings.data_dir))
        try:
            with engine.connect() as connection:
                key = find_record(connection, record)
                connection.commit()
                if not yes:
                    click.confirm(f"Wipe {scope} of {key.name} ({key.layer}) for good?", abort=True)
                batch_id = take_down(connection, key, actor="operator", reason=reason, scope=scope)
                publish_batch(connection, batch_id)
                connection.commit()
            with Progress().step("Dead rows removed"):
                vacuum(engine)
        finally:
            engine.dispose()
    click.echo(f"{key.name} was taken down. Delete the backups and exports that hold it.")


def vacuum(engine: sa.Engine) -> None:
    """Overwrite the dead rows of what was wiped."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in WIPED_TABLES:
            connection.exec_driver_sql(f"VACUUM {table}")
