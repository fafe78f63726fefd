"""Brings a database from whatever state it is in to one that can be served."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import sqlalchemy as sa

from geo.cluster import EXTENSIONS, Cluster
from geo.database import EDITOR_ROLE, READER_ROLE, admit_editor, admit_reader, make_engine, migrate
from geo.errors import SetupError
from geo.loading.samples import load_samples
from geo.publishing.publish import publish_all, publish_due, publish_reference
from geo.records.tables import accountability_case, incident
from geo.records.tombstones import tombstone
from geo.regions.install import install_regions
from geo.vocabularies import sync_terms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.progress import Progress
    from app.settings import OwnerSettings

ADDRESS_OF = {READER_ROLE: "LABOURMAP_READER_URL", EDITOR_ROLE: "LABOURMAP_EDITOR_URL"}

EXAMPLES = frozenset({"password", "changeme", "change-me", "change_me", "example", "secret", "postgres", "labourmap"})
"""Passwords that whoever reads documentation tries first."""

PREPARE_LOCK = 7_264_003
"""Advisory lock: of two starts on one database the second waits, and finds everything done."""


@dataclass(frozen=True)
class Database:
    """The addresses of one database. The reader's may lead to a replica; without the editors' they have no pages."""

    owner_url: str = field(repr=False)
    reader_url: str = field(repr=False)
    cluster: Cluster | None = None
    """The server, where the application runs its own."""
    editor_url: str | None = field(default=None, repr=False)


@contextmanager
def open_database(settings: OwnerSettings) -> Iterator[Database]:
    """Give the database of the settings, running our own server where they name none, until the block is left."""
    if settings.database_url is not None and settings.reader_url is not None:
        _read_password(settings.reader_url, READER_ROLE)
        if settings.editor_url is not None:
            _read_password(settings.editor_url, EDITOR_ROLE)
        _refuse_example(settings.database_url, "LABOURMAP_DATABASE_URL")
        yield Database(settings.database_url, settings.reader_url, editor_url=settings.editor_url)
        return
    with Cluster(settings.data_dir) as cluster:
        cluster.ensure_database()
        yield Database(cluster.url(), cluster.url(user=READER_ROLE), cluster, cluster.url(user=EDITOR_ROLE))


def prepare(database: Database, progress: Progress) -> None:
    """Migrate the database, fill what is empty and publish what is due; one line a step.

    Safe to run at every start, by several processes at once, and after an attempt that was cut short: each step is one
    transaction. Raises SetupError when the database cannot be reached or lacks PostGIS.
    """
    engine = make_engine(database.owner_url)
    try:
        with _connect(engine) as guard:
            guard.exec_driver_sql(f"SELECT pg_advisory_lock({PREPARE_LOCK})")
            guard.commit()  # the lock is the session's; an open transaction would hold up the migrations
            with progress.step("Database up to date"):
                _make_extensions(engine)
                migrate(database.owner_url)
                with engine.begin() as connection:
                    admit_reader(connection, _read_password(database.reader_url, READER_ROLE))
                    if database.editor_url is not None:
                        admit_editor(connection, _read_password(database.editor_url, EDITOR_ROLE))
            with progress.step("Vocabularies up to date"), engine.begin() as connection:
                sync_terms(connection)
            with progress.step("Regions up to date"), engine.begin() as connection:
                install_regions(connection, lambda step, done, total: progress.count(f"regions: {step}", done, total))
            _fill_and_publish(engine, progress)
    finally:
        engine.dispose()


def _fill_and_publish(engine: sa.Engine, progress: Progress) -> None:
    with engine.connect() as connection:
        tables = (incident, accountability_case, tombstone)
        empty = not any(connection.scalar(sa.select(sa.exists().select_from(table))) for table in tables)
    if empty:
        with progress.step("Sample records loaded and published"), engine.begin() as connection:
            load_samples(connection)
            publish_all(connection)
    else:
        with progress.step("Published data up to date"), engine.begin() as connection:
            publish_reference(connection)
            publish_due(connection)


def _connect(engine: sa.Engine) -> sa.Connection:
    try:
        return engine.connect()
    except sa.exc.OperationalError as problem:
        raise SetupError(f"The database does not let us in: {problem.orig}") from problem


def _make_extensions(engine: sa.Engine) -> None:
    """Make the extensions, where a server of the operator's lacks them; our own has them already."""
    with engine.begin() as connection:
        there = set(connection.scalars(sa.text("SELECT extname FROM pg_extension")))
        for name in EXTENSIONS:
            if name in there:
                continue
            try:
                connection.exec_driver_sql(f"CREATE EXTENSION {name}")
            except (sa.exc.ProgrammingError, sa.exc.NotSupportedError, sa.exc.OperationalError) as problem:
                raise SetupError(
                    f"The database lacks the extension {name}, and we may not or cannot make it ({problem.orig}). "
                    f"As its administrator, run there: CREATE EXTENSION {name};"
                ) from problem


def _read_password(url: str, role: str) -> str:
    """Return the password of an address that logs in as `role`."""
    variable = ADDRESS_OF[role]
    made = sa.make_url(url)
    if made.username != role:
        raise SetupError(f"{variable} must log in as {role}, a role that may do no more than it has to.")
    _refuse_example(url, variable)
    if not made.password:
        raise SetupError(f"{variable} must hold a password: it is given to the role {role}.")
    return str(made.password)


def _refuse_example(url: str, variable: str) -> None:
    """Refuse a password that stands in examples: whoever reads ours has it, too."""
    if (sa.make_url(url).password or "").lower() in EXAMPLES:
        raise SetupError(f"{variable} holds a password that stands in examples. Make one: openssl rand -hex 24")
