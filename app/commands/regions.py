"""`labourmap regions`: load an operator's own regions, and ask what a place name means."""

from __future__ import annotations

from pathlib import Path

import click

from app.progress import Progress
from app.settings import OwnerSettings, load_settings
from app.setup import open_database
from geo.coordinates import DATUMS
from geo.database import make_engine
from geo.errors import UnknownPlace
from geo.publishing.publish import publish_all
from geo.regions.gazetteer import load_gazetteer, suggest
from geo.regions.region_file import RegionColumns, SetDescription, load_regions_file


@click.group("regions")
def command() -> None:
    """Admin regions: load them from a file, or look up a name or code."""


@command.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--code-column", default="code", show_default=True, help="Column with the region's code.")
@click.option("--name-en-column", help="Column with the English name.")
@click.option("--name-zh-column", help="Column with the Simplified Chinese name.")
@click.option("--level-column", help="Column with province, prefecture or county, or 1, 2 or 3.")
@click.option("--parent-column", help="Column with the code of the region above.")
@click.option("--datum", type=click.Choice(DATUMS), required=True, help="Datum of the file; never guessed.")
@click.option("--set-name", required=True, help="Name of the boundary set.")
@click.option("--source", required=True, help="Where the boundaries come from.")
@click.option("--licence", required=True, help="Licence of the boundaries.")
@click.option("--attribution", help="Shown on the map; by default made from the source.")
def load(
    file: Path, datum: str, set_name: str, source: str, licence: str, attribution: str | None, **columns: str
) -> None:
    """Replace all regions by those of FILE (GeoJSON, GeoPackage or Shapefile) and publish the records again."""
    mapping = RegionColumns(**{name.removesuffix("_column"): column for name, column in columns.items()})
    described = SetDescription(
        set_name, source, licence, attribution or f"Boundaries: {source}, as given by the source, no endorsement", datum
    )
    with open_database(load_settings(OwnerSettings)) as database:
        engine = make_engine(database.owner_url)
        progress = Progress()
        try:
            with progress.step(f"Regions of {file.name}"), engine.begin() as connection:
                count = load_regions_file(connection, file, mapping, described)
                publish_all(connection)
        finally:
            engine.dispose()
    click.echo(f"{count} regions loaded as {set_name}.")


@command.command("resolve")
@click.argument("place")
def resolve(place: str) -> None:
    """Say which region PLACE (a code or a name) means, or which it may mean."""
    with open_database(load_settings(OwnerSettings)) as database:
        engine = make_engine(database.owner_url)
        try:
            with engine.connect() as connection:
                gazetteer = load_gazetteer(connection)
                try:
                    found = gazetteer.resolve(place)
                except UnknownPlace as problem:
                    alike = "; ".join(" ".join(candidate) for candidate in suggest(connection, place))
                    message = f"{problem} Spelled alike: {alike}." if alike else str(problem)
                    raise UnknownPlace(message) from problem
        finally:
            engine.dispose()
    code, level, name_en, name_zh = gazetteer.describe(found.code)
    click.echo(f"{code}  {level}  {name_en}  {name_zh}  (given as {found.reported_code}, {found.kind})")
