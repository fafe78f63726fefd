"""`labourmap tombstones`: what was taken down, and whether it may be loaded again."""

from __future__ import annotations

from collections.abc import Callable

import click

from app.settings import OwnerSettings, load_settings
from app.setup import open_database
from geo.database import make_engine
from geo.records.lifting import ask_to_lift, lift, list_tombstones


@click.command("tombstones")
@click.option("--ask", type=int, metavar="NUMBER", help="Ask that this one be lifted; somebody else must agree.")
@click.option("--lift", "agreed", type=int, metavar="NUMBER", help="Agree to lift one that an editor asked for.")
def command(*, ask: int | None, agreed: int | None) -> None:
    """List what was taken down. It says when, why and by whom, and nothing of what it was."""
    with open_database(load_settings(OwnerSettings)) as database:
        engine = make_engine(database.owner_url)
        try:
            with engine.begin() as connection:
                steps: tuple[tuple[int | None, Callable[..., None]], ...] = ((ask, ask_to_lift), (agreed, lift))
                for number, step in steps:
                    if number is not None:
                        step(connection, number, actor="operator")
                rows = list_tombstones(connection)
        finally:
            engine.dispose()
    for row in rows:
        state = (
            f"lifted by {row.lifted_by}"
            if row.lifted_by
            else (f"asked by {row.lift_asked_by}" if row.lift_asked_by else "")
        )
        click.echo(
            f"{row.id}  {row.taken_down_on}  {row.layer}  {row.scope}  {row.reason}  {row.taken_down_by}  {state}"
        )
