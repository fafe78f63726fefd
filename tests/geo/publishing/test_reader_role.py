"""What the role of the public process can do: read the schema `published`, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
import sqlalchemy as sa

from geo.cluster import Cluster
from geo.database import READER_ROLE, metadata

DENIED = psycopg.errors.InsufficientPrivilege
EDITORIAL = sorted(table.fullname for table in metadata.tables.values() if table.schema == "editorial")
PUBLISHED = sorted(table.fullname for table in metadata.tables.values() if table.schema == "published")


@pytest.fixture
def reader(cluster: Cluster, database_url: str) -> Iterator[psycopg.Connection]:
    """A connection that knows the reader's password and nothing more."""
    url = sa.make_url(database_url).set(username=READER_ROLE, password=cluster.password(READER_ROLE))
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        yield connection


@pytest.mark.parametrize("table", EDITORIAL)
def test_no_private_table_can_be_read(reader: psycopg.Connection, table: str) -> None:
    """The schema itself is closed, whatever the grants on a table."""
    with pytest.raises(DENIED):
        reader.execute(f"SELECT FROM {table}".encode())


def test_every_relation_and_function_of_the_private_schema_is_closed(reader: psycopg.Connection) -> None:
    """Tables that the models do not know, sequences and views too: the catalogue is asked, not us."""
    relations = reader.execute(
        "SELECT c.oid::regclass::text FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace "
        "WHERE n.nspname = 'editorial' AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') "
        "AND (has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE') "
        "OR has_any_column_privilege(c.oid, 'SELECT'))"
    ).fetchall()
    assert relations == []
    (usage, create) = reader.execute(
        "SELECT has_schema_privilege('editorial', 'USAGE'), has_schema_privilege('editorial', 'CREATE')"
    ).fetchone() or (None, None)
    assert (usage, create) == (False, False)


def test_the_information_schema_shows_nothing_private(reader: psycopg.Connection) -> None:
    """Neither names of tables nor of columns."""
    for view in ("tables", "columns"):
        asked = f"SELECT count(*) FROM information_schema.{view} WHERE table_schema = 'editorial'"
        assert reader.execute(asked.encode()).fetchone() == (0,)


@pytest.mark.parametrize("table", PUBLISHED)
def test_every_public_table_can_be_read_and_not_written(reader: psycopg.Connection, table: str) -> None:
    """Even with read-only switched off: the grants decide."""
    reader.execute(f"SELECT FROM {table} LIMIT 1".encode())
    reader.execute("SET default_transaction_read_only = off")
    for statement in (f"DELETE FROM {table}", f"INSERT INTO {table} DEFAULT VALUES", f"TRUNCATE {table}"):
        with pytest.raises(DENIED):
            reader.execute(statement.encode())


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE published.mine (a int)",
        "CREATE TABLE public.mine (a int)",
        "CREATE TEMPORARY TABLE mine (a int)",
        "CREATE SCHEMA mine",
        "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "SET ROLE labourmap",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "SELECT pg_read_file('/etc/hostname')",
        "SELECT nextval('editorial.feature_id_seq')",
    ],
)
def test_nothing_can_be_made_or_taken(reader: psycopg.Connection, statement: str) -> None:
    """No table, not even a temporary one, no function, no other role, no file."""
    reader.execute("SET default_transaction_read_only = off")
    with pytest.raises(DENIED):
        reader.execute(statement.encode())


def test_transactions_begin_read_only_and_end_soon(reader: psycopg.Connection) -> None:
    """By the role's own settings."""
    assert reader.execute("SHOW transaction_read_only").fetchone() == ("on",)
    assert reader.execute("SHOW statement_timeout").fetchone() == ("2s",)


def test_a_reader_is_given_no_helpers(reader: psycopg.Connection) -> None:
    """Readers are many and their questions small: one of them must not take the processors of the others."""
    assert reader.execute("SHOW max_parallel_workers_per_gather").fetchone() == ("0",)
