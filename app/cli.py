"""The command `labourmap`. A command's module is imported when the command is used, so that the others stay quick."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from geo.errors import LabourMapError

COMMANDS = {
    "account": "app.commands.account",
    "backup": "app.commands.backup",
    "load": "app.commands.load",
    "migrate": "app.commands.migrate",
    "publish": "app.commands.publish",
    "regions": "app.commands.regions",
    "restore": "app.commands.restore",
    "revert": "app.commands.revert",
    "serve": "app.commands.serve",
    "takedown": "app.commands.takedown",
    "tombstones": "app.commands.tombstones",
}
"""Each command and the module that holds it, under the name `command`."""


class Commands(click.Group):
    """A group whose commands end with a readable line and exit code 1 on every error raised on purpose."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click calls it so)
        """Name the commands in the order of the alphabet."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  (click calls it so)
        """Import and return one command, or None for a name that is none."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[cmd_name]).command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. What is no LabourMapError is a fault of ours and keeps its traceback."""
        try:
            return super().invoke(ctx)
        except LabourMapError as problem:
            raise click.ClickException(str(problem)) from problem


@click.group(cls=Commands)
@click.version_option(package_name="labourmap")
def main() -> None:
    """Serve and fill a map of strikes, accidents, calls for help and trade union accountability."""
