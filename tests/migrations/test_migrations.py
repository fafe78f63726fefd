"""The way from an empty database to the models, and back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import alembic.autogenerate
import alembic.migration
import pytest
import sqlalchemy as sa

from geo.database import READER_ROLE, make_engine, metadata, migrate

SCHEMAS = ("editorial", "published")


def differences(connection: sa.Connection) -> list[Any]:
    """What Alembic would still do to make the database what the models say."""
    context = alembic.migration.MigrationContext.configure(
        connection,
        opts={
            "include_schemas": True,
            "include_name": lambda name, kind, _parents: name in SCHEMAS if kind == "schema" else True,
            "version_table": "migration",
            "version_table_schema": "editorial",
            "compare_server_default": True,
        },
    )
    return list(alembic.autogenerate.compare_metadata(context, metadata))


def catalogue(connection: sa.Connection) -> dict[str, list[Any]]:
    """Everything in our two schemas by name and definition."""
    ours = "(SELECT oid FROM pg_namespace WHERE nspname IN ('editorial', 'published'))"
    asked = {
        "relations": f"SELECT oid::regclass::text, relkind, relacl::text FROM pg_class WHERE relnamespace IN {ours}",
        "constraints": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) "
        f"FROM pg_constraint WHERE connamespace IN {ours}",
        "columns": "SELECT table_schema, table_name, column_name, data_type, is_nullable, column_default "
        "FROM information_schema.columns WHERE table_schema IN ('editorial', 'published')",
        "functions": f"SELECT proname, prosrc FROM pg_proc WHERE pronamespace IN {ours}",
        "triggers": "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) "
        "FROM pg_trigger WHERE NOT tgisinternal",
        "defaults": "SELECT defaclacl::text FROM pg_default_acl",
    }
    return {name: sorted(map(tuple, connection.execute(sa.text(query))), key=repr) for name, query in asked.items()}


@pytest.fixture
def migrated(empty_database: str) -> Iterator[sa.Engine]:
    """An engine on a database migrated from empty."""
    migrate(empty_database)
    engine = make_engine(empty_database)
    yield engine
    engine.dispose()


def test_migrations_make_what_the_models_say(migrated: sa.Engine) -> None:
    """Tables, columns, defaults, indexes and keys: nothing is left to generate."""
    with migrated.connect() as connection:
        assert differences(connection) == []


def test_every_check_of_the_models_is_in_the_database(migrated: sa.Engine) -> None:
    """Alembic does not compare CHECK constraints, so they are compared here by name."""
    wanted = {
        (table.fullname, constraint.name)
        for table in metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, sa.CheckConstraint)
    }
    with migrated.connect() as connection:
        made = {
            (table, name)
            for table, name, definition in catalogue(connection)["constraints"]
            if definition.startswith("CHECK")
        }
    assert made == wanted


def test_down_leaves_nothing_and_up_again_makes_the_same(migrated: sa.Engine, empty_database: str) -> None:
    """Every downgrade restores what was before."""
    with migrated.connect() as connection:
        before = catalogue(connection)
    migrate(empty_database, "base")
    with migrated.connect() as connection:
        left = catalogue(connection)
        assert {name for name, *_ in left["relations"]} <= {
            "editorial.migration",
            "editorial.pk_migration",
            "editorial.migration_pkc",
        }
        assert (left["functions"], left["triggers"], left["defaults"]) == ([], [], [])
    migrate(empty_database)
    with migrated.connect() as connection:
        assert catalogue(connection) == before


def test_migrating_again_does_nothing(migrated: sa.Engine, empty_database: str) -> None:
    """Every start migrates."""
    with migrated.connect() as connection:
        before = catalogue(connection)
    migrate(empty_database)
    with migrated.connect() as connection:
        assert catalogue(connection) == before


def test_the_readers_grants_are_select_on_the_published_tables(migrated: sa.Engine) -> None:
    """On each of them, on those that a later migration adds, and on nothing private."""
    published = {table.name for table in metadata.tables.values() if table.schema == "published"}
    asked = sa.text(
        "SELECT table_schema, table_name, privilege_type "
        "FROM information_schema.role_table_grants WHERE grantee = :role"
    )
    with migrated.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE published.later (a integer)")
        grants = {tuple(row) for row in connection.execute(asked, {"role": READER_ROLE})}
    assert grants == {("published", name, "SELECT") for name in published | {"later"}}
