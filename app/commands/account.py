"""`labourmap account`: the first admin, and what the editors' pages cannot do. It acts as `operator`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
import sqlalchemy as sa

from app.progress import Progress
from app.settings import OwnerSettings, load_settings
from app.setup import open_database, prepare
from geo.accounts.accounts import add_account, disable_account, enable_account, list_accounts, reset_account
from geo.accounts.one_time_links import LASTS, make_link
from geo.accounts.role_grants import set_role_as_operator
from geo.accounts.tables import OPERATOR, ROLES
from geo.database import make_engine


@click.group("account")
def command() -> None:
    """Look after editors' accounts. There is no default password and no sign-up: a one-time link sets a password."""


@command.command("create")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), required=True, help="What they may do.")
def create(name: str, role: str) -> None:
    """Make the account NAME and print the one-time link that sets its password."""
    settings = load_settings(OwnerSettings)
    with _transaction(settings) as connection:
        account_id = add_account(connection, name, role, OPERATOR)
        path = make_link(connection, account_id, OPERATOR)
    _show_link(settings, name, path)


@command.command("list")
def list_all() -> None:
    """List accounts with their role and state."""
    with _transaction(load_settings(OwnerSettings)) as connection:
        for account in list_accounts(connection):
            state = "disabled" if account.disabled_at else "in use" if account.has_password else "no password yet"
            codes = "with codes" if account.has_codes else "without codes"
            click.echo(f"{account.name}\t{account.role}\t{state}\t{codes}")


@command.command("reset")
@click.argument("name")
@click.option("--codes", is_flag=True, help="Take the one-time codes, too: their device is lost.")
def reset(name: str, *, codes: bool) -> None:
    """Take the password of NAME, end their sessions, and print a new one-time link."""
    settings = load_settings(OwnerSettings)
    with _transaction(settings) as connection:
        account_id = reset_account(connection, name, OPERATOR, codes=codes)
        path = make_link(connection, account_id, OPERATOR)
    _show_link(settings, name, path)


@command.command("role")
@click.argument("name")
@click.argument("role", type=click.Choice(ROLES))
def give_role(name: str, role: str) -> None:
    """Give NAME another ROLE: for an organisation that has only one admin."""
    with _transaction(load_settings(OwnerSettings)) as connection:
        set_role_as_operator(connection, name, role)
    click.echo(f"{name} is {role} now, and has to sign in again.")


@command.command("disable")
@click.argument("name")
def disable(name: str) -> None:
    """Let NAME in no more: sessions end, keys are revoked. The account and its name stay."""
    with _transaction(load_settings(OwnerSettings)) as connection:
        disable_account(connection, name, OPERATOR)
    click.echo(f"{name} is disabled.")


@command.command("enable")
@click.argument("name")
def enable(name: str) -> None:
    """Let NAME in again."""
    with _transaction(load_settings(OwnerSettings)) as connection:
        enable_account(connection, name, OPERATOR)
    click.echo(f"{name} is enabled.")


@contextmanager
def _transaction(settings: OwnerSettings) -> Iterator[sa.Connection]:
    """Give a transaction as the owner, on a database that is prepared first where it never was."""
    with open_database(settings) as database:
        engine = make_engine(database.owner_url)
        try:
            with engine.connect() as connection:
                is_ready = connection.scalar(sa.text("SELECT to_regclass('editorial.account')")) is not None
            if not is_ready:
                prepare(database, Progress())
            with engine.begin() as connection:
                yield connection
        finally:
            engine.dispose()


def _show_link(settings: OwnerSettings, name: str, path: str) -> None:
    base = settings.editor_base_url or f"http://localhost:{settings.port_for_editors}"
    minutes = LASTS.seconds // 60
    click.echo(f"One-time link for {name}, for {minutes} minutes and one use, while the map is served:\n{base}{path}")
