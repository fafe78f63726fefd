"""`labourmap load`: a file into one layer, checked, written and published in one transaction, or not at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa

from app.progress import Progress
from app.settings import OwnerSettings, load_settings
from app.setup import Database, open_database, prepare
from geo.coordinates import DATUMS
from geo.database import make_engine
from geo.errors import FileRefused
from geo.layers import RECORDS
from geo.loading.load import load_file
from geo.loading.messages import Message, Problem
from geo.loading.request import LoadReport, LoadRequest
from geo.publishing.publish import publish_batch
from geo.records.audit import note_action
from geo.records.tombstones import read_key, with_key

SHOWN_MESSAGES = 40
_COUNTED = ("inserted", "updated", "unchanged", "rejected", "warned")


@click.command("load")
@click.argument("layer", type=click.Choice(RECORDS))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", help="Data set that rows belong to which name none, as clb_export.")
@click.option("--datum", type=click.Choice(DATUMS), help="Datum of lon and lat where a row does not say it.")
@click.option("--dry-run", is_flag=True, help="Do everything, say what would become of each row, and keep nothing.")
@click.option(
    "--policy",
    type=click.Choice(["all_or_nothing", "valid_rows_only"]),
    default="all_or_nothing",
    show_default=True,
    help="What to do when rows are rejected.",
)
@click.option(
    "--report",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Where to write the rows with messages.",
)
@click.option("--json", "as_json", is_flag=True, help="Write the result as JSON.")
@click.option("--encoding", help="Encoding of a CSV file that can be read in two ways.")
@click.option("--sheet", help="Sheet of a workbook, layer of a GeoPackage or Shapefile of an archive that has several.")
@click.option("--delimiter", help="Separator of a CSV file, where the one found in its headings is not it.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="HEADING=COLUMN",
    callback=lambda _context, _option, given: read_columns(given),
    help='What a heading means: a column, "extra" to keep it verbatim for editors, or nothing to leave it out.',
)
def command(*, dry_run: bool, as_json: bool, **given: Any) -> None:
    """Load FILE (CSV, TSV, XLSX, GeoJSON, GeoPackage or zipped Shapefile) into LAYER and publish it.

    Every fault of the file is named with its row, column and remedy. Loading a file twice changes nothing. Ends with
    exit code 1 when nothing was loaded because of errors.
    """
    request = LoadRequest(path=given.pop("file"), mapping=given.pop("columns"), **given)
    settings = load_settings(OwnerSettings)
    with open_database(settings) as database:
        try:
            report = _load(database, request, read_key(settings.data_dir), dry_run=dry_run)
        except FileRefused as refused:
            if not as_json:
                raise
            click.echo(json.dumps(_refusal_as_json(request, refused), ensure_ascii=False, indent=1))
            raise SystemExit(1) from refused
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(_describe(report)))
    if not report.loaded:
        raise SystemExit(1)


def read_columns(given: tuple[str, ...]) -> dict[str, str | None]:
    """Read what was said of headings, as "Ort=region"."""
    chosen: dict[str, str | None] = {}
    for entry in given:
        heading, sign, column = entry.rpartition("=")
        if not sign or not heading.strip():
            raise click.BadParameter(f"{entry!r} is not HEADING=COLUMN")
        chosen[heading.strip()] = column.strip() or None
    return chosen


def _load(database: Database, request: LoadRequest, key: bytes, *, dry_run: bool) -> LoadReport:
    progress = Progress()
    engine = with_key(make_engine(database.owner_url), key)
    try:
        if not _is_ready(engine):
            prepare(database, progress)
        with engine.connect() as connection:
            with progress.step(f"Rows of {request.path.name} checked"):
                report = load_file(connection, request, progress.count)
            if report.loaded and report.batch_id is not None:
                with progress.step("Published"):
                    publish_batch(connection, report.batch_id)
                note_action(connection, request.actor, "batch.commit", f"batch:{report.batch_id}")
            if dry_run or not report.loaded:
                connection.rollback()
            else:
                connection.commit()
    finally:
        engine.dispose()
    report.dry_run = dry_run
    return report


def _is_ready(engine: sa.Engine) -> bool:
    """Whether the database has its tables and regions, so that a load need not prepare it first."""
    with engine.connect() as connection:
        if connection.scalar(sa.text("SELECT to_regclass('editorial.boundary_set')")) is None:
            return False
        return bool(connection.scalar(sa.text("SELECT EXISTS (SELECT FROM editorial.boundary_set)")))


def _describe(report: LoadReport) -> list[str]:
    counts = ", ".join(f"{getattr(report, name):,} {name}" for name in _COUNTED)
    contacts = f", {report.contacts:,} contacts with unions" if report.contacts else ""
    lines = [f"{report.layer} from {report.file_name} (shape: {report.profile})"]
    would = "" if report.loaded and not report.dry_run else ", of which would be"
    lines.append(f"  {report.rows:,} rows{would}: {counts}{contacts}")
    if not report.loaded:
        lines.append("  Nothing was loaded.")
    elif report.dry_run:
        lines.append("  Dry run: nothing was kept.")
    lines += [f"  {message.problem.weight}: {message.render()}" for message in report.messages[:SHOWN_MESSAGES]]
    more = report.messages_in_all - min(len(report.messages), SHOWN_MESSAGES)
    if more:
        lines.append(f"  ... and {more:,} more messages; --report PATH writes every row that has one.")
    if report.report:
        lines.append(f"  Report: {report.report}")
    return lines


def _refusal_as_json(request: LoadRequest, refused: FileRefused) -> dict[str, Any]:
    report = LoadReport(layer=request.layer, file_name=request.path.name)
    report.messages = [Message(Problem(refused.code, refused.facts))]
    report.messages_in_all = 1
    report.by_code[refused.code] = 1
    return report.as_json()
