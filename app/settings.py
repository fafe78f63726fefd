"""What an operator can set, all of it by environment variables; docs/settings.md lists them.

The public application is given `ReaderSettings` only: they have no place for the owner's address, and a process that
finds it in its environment all the same refuses to start.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Self, TypeVar

import pydantic
import sqlalchemy as sa
from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from geo.errors import SetupError
from web.translations import LANGUAGES

PREFIX = "LABOURMAP_"
TEST_VARIABLES = frozenset({"LABOURMAP_CLB_DIR", "LABOURMAP_TEST_DIR"})
"""Read by the tests alone; a shell that has them can run the program as well."""

UPLOADS = "uploads"
"""The folder of files that editors upload, in the data folder: the editors' process writes, the worker reads."""

ROOT_DATA_DIR = Path("/var/lib/labourmap")
_EMAIL = re.compile(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,253}", re.ASCII)
SettingsType = TypeVar("SettingsType", bound=BaseSettings)


def read_postgresql_url(text: str) -> str:
    """Return the address in SQLAlchemy's form, with our driver. Several hosts may stand in its query."""
    try:
        url = sa.make_url(text)
    except sa.exc.ArgumentError:
        raise ValueError("is no database address; write postgresql://user:password@host/database") from None
    if url.get_backend_name() not in {"postgresql", "postgres"}:
        raise ValueError("must be the address of a PostgreSQL, beginning with postgresql://")
    return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def split_hosts(value: object) -> object:
    """Split a list as it stands in an environment variable: by commas."""
    return tuple(host.strip() for host in value.split(",") if host.strip()) if isinstance(value, str) else value


def check_language(tag: str) -> str:
    """Return the tag of a language that the pages speak."""
    if tag not in LANGUAGES:
        raise ValueError(f"must be one of: {', '.join(LANGUAGES)}")
    return tag


def read_base_url(text: str) -> str:
    """Check an address that pages and links begin with, and return it without its final slash."""
    return str(pydantic.HttpUrl(text)).rstrip("/")


def read_https_url(text: str) -> str:
    """Check the address of the editors' pages: scheme, host and nothing behind them."""
    url = pydantic.HttpUrl(text)
    if url.scheme != "https" or url.path not in {None, "/"} or url.query or url.fragment:
        raise ValueError("must begin with https:// and name a host, and nothing after it")
    return str(url).rstrip("/")


def find_data_dir() -> Path:
    """Find the usual data folder: the system's for root, else `var` in the folder we stand in."""
    return ROOT_DATA_DIR if os.geteuid() == 0 else Path("var")


def read_contact(text: str) -> str:
    """Return the address of the editors as a link: mailto: or https:. A plain e-mail address becomes mailto:."""
    if text.startswith("https://"):
        return str(pydantic.HttpUrl(text))
    address = text.removeprefix("mailto:")
    if not _EMAIL.fullmatch(address):
        raise ValueError("must be an e-mail address, mailto: with one, or an address that begins with https://")
    return f"mailto:{address}"


PostgresqlUrl = Annotated[str, BeforeValidator(read_postgresql_url)]


class WebSettings(BaseSettings):
    """What every process that speaks HTTP may be told."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid", env_ignore_empty=True)

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    default_language: Annotated[str, AfterValidator(check_language)] = "en"
    data_licence: str = "CC BY 4.0"
    contact: Annotated[str, BeforeValidator(read_contact)] | None = None
    base_url: Annotated[str, BeforeValidator(read_base_url)] | None = None
    allowed_hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(split_hosts)] = ()


class ReaderSettings(WebSettings):
    """The public application's settings, with the reader's credential and no other."""

    reader_url: PostgresqlUrl = Field(repr=False)


class EditorWebSettings(WebSettings):
    """Where the editors' application listens, and by which address browsers reach it.

    Passwords and sessions travel by HTTPS, or do not leave the machine: the address is one that begins with https://
    (a proxy stands before us), or this machine's own.
    """

    editor_host: str = "127.0.0.1"
    editor_port: Annotated[int, Field(ge=0, le=65535)] | None = None
    editor_base_url: Annotated[str, BeforeValidator(read_https_url)] | None = None

    @property
    def port_for_editors(self) -> int:
        """The editors' port: the one that is set, else the one after the public port; any free one after any."""
        if self.editor_port is not None:
            return self.editor_port
        return self.port + 1 if self.port else 0


class EditorSettings(EditorWebSettings):
    """The editors' application's settings, with the editors' credential and no other."""

    editor_url: PostgresqlUrl = Field(repr=False)
    tombstone_key: str | None = Field(default=None, repr=False, min_length=20)
    uploads_dir: Path = Field(default_factory=lambda: find_data_dir() / UPLOADS)


class WorkerSettings(BaseSettings):
    """The settings of the process that works on batches."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid", env_ignore_empty=True)

    database_url: PostgresqlUrl = Field(repr=False)
    data_dir: Path


class OwnerSettings(EditorWebSettings):
    """The settings of the process that owns the data, and of the commands.

    Without `database_url` the application runs a PostgreSQL of its own under `data_dir`.
    """

    database_url: PostgresqlUrl | None = Field(default=None, repr=False)
    reader_url: PostgresqlUrl | None = Field(default=None, repr=False)
    editor_url: PostgresqlUrl | None = Field(default=None, repr=False)
    data_dir: Path = Field(default_factory=find_data_dir)

    @pydantic.model_validator(mode="after")
    def check_urls(self) -> Self:
        """Refuse one address without the other: the reader's must lead to the owner's database, or to its replica."""
        if (self.database_url is None) != (self.reader_url is None):
            raise ValueError(
                "LABOURMAP_DATABASE_URL and LABOURMAP_READER_URL go together: the owner's address of the database and "
                "the reader's (role labourmap_reader). Set both, or neither to let the application run its own."
            )
        if self.editor_url is not None and self.database_url is None:
            raise ValueError("LABOURMAP_EDITOR_URL is for a database named by LABOURMAP_DATABASE_URL.")
        return self


def load_settings(kind: type[SettingsType]) -> SettingsType:
    """Read the settings of one kind from the environment.

    Raises SetupError that names every variable which is unknown, missing or wrong, and never repeats a value: it may
    hold a password.
    """
    known = {name_variable(field) for field in kind.model_fields} | TEST_VARIABLES
    problems = [
        f"{name} is not a setting of this process"
        for name in sorted(os.environ)
        if name.startswith(PREFIX) and name not in known
    ]
    if not problems:
        try:
            return kind()
        except pydantic.ValidationError as invalid:
            problems = [_describe(error["loc"], error["msg"]) for error in invalid.errors(include_input=False)]
    raise SetupError("\n".join([*problems, "docs/settings.md lists the settings."]))


def name_variable(field: str) -> str:
    """Return the environment variable of a setting."""
    return PREFIX + field.upper()


def _describe(place: tuple[int | str, ...], message: str) -> str:
    said = message.removeprefix("Value error, ")
    return f"{name_variable(str(place[0]))}: {said}" if place else said
