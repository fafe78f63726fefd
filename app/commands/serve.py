"""`labourmap serve`: the map, until it is stopped."""

from __future__ import annotations

import click

from app.progress import Progress
from app.serve import serve
from app.settings import OwnerSettings, load_settings


@click.command("serve")
@click.option("--host", help="Address to listen on; 0.0.0.0 for every one of this machine.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on; 0 for any free one.")
def command(host: str | None, port: int | None) -> None:
    """Prepare the database and serve the map until stopped."""
    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    serve(load_settings(OwnerSettings).model_copy(update=given), Progress())
