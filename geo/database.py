"""The database as everybody here sees it: metadata, naming rules, engines, migrations, the reader's role."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

READER_ROLE = "labourmap_reader"
"""The role of the public process: it may read the schema `published` and nothing else."""

EDITOR_ROLE = "labourmap_editor"
"""The role of the editors' application: both schemas, save what must not be rewritten."""

MIGRATIONS = Path(__file__).parent.parent / "migrations"

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""All tables of both schemas; Alembic compares the database with this."""


def make_engine(url: str) -> sa.Engine:
    """Make the engine of an editing process. The caller disposes of it."""
    return sa.create_engine(url, pool_pre_ping=True)


def make_reader_engine(url: str, *, pool_size: int = 8) -> AsyncEngine:
    """Make the engine of the public process. Prepared statements are off so that pgbouncer may stand between.

    A reader waits 2 s at most for a free connection, and 3 s for a new one.
    """
    return create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=2,
        pool_pre_ping=True,
        connect_args={"prepare_threshold": None, "connect_timeout": 3},
    )


def migrate(url: str, revision: str = "head") -> None:
    """Bring the database at `url` to `revision` ("head", "base" or a revision id), one transaction a migration."""
    # Whoever only reads need not hold ten megabytes of what migrates.
    import alembic.command  # noqa: PLC0415
    import alembic.config  # noqa: PLC0415

    config = alembic.config.Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    if revision == "base":
        alembic.command.downgrade(config, revision)
    else:
        alembic.command.upgrade(config, revision)


def admit_editor(connection: sa.Connection, password: str) -> None:
    """Let the editors' role log in to this database with `password`; it may make temporary tables.

    Call it after `admit_reader`, which takes those from everybody.
    """
    database = _admit(connection, EDITOR_ROLE, password)
    connection.exec_driver_sql(f"GRANT TEMPORARY ON DATABASE {database} TO {EDITOR_ROLE}")


def admit_reader(connection: sa.Connection, password: str) -> None:
    """Let the reader's role log in to this database with `password`; nobody else gets temporary tables.

    The role and its grants on the schema `published` come from the migrations; what belongs to the database itself
    is not copied with a template, so it is set here, at every start.
    """
    database = _admit(connection, READER_ROLE, password)
    # Readers ask small questions, many at a time. Starting helpers for one costs more than they give: a page of a
    # province's box of 1,000,000 records takes three times as long with them.
    connection.exec_driver_sql(f"ALTER ROLE {READER_ROLE} SET max_parallel_workers_per_gather = 0")
    connection.exec_driver_sql(f"REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC")


def _admit(connection: sa.Connection, role: str, password: str) -> str:
    """Let a role log in to this database, and return the database's name as SQL writes it."""
    literal = connection.scalar(sa.select(sa.func.quote_literal(password)))
    database = connection.scalar(sa.select(sa.func.quote_ident(sa.func.current_database())))
    connection.exec_driver_sql(f"ALTER ROLE {role} LOGIN PASSWORD {literal}")
    connection.exec_driver_sql(f"GRANT CONNECT ON DATABASE {database} TO {role}")
    return str(database)
