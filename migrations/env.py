"""Runs the migrations: one transaction each, short waits for locks, one runner at a time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context
from geoalchemy2 import alembic_helpers

from geo import vocabularies
from geo.accounts import tables as account_tables
from geo.database import metadata
from geo.records import audit, batch_tables, publication_tables, saved_mappings, tables, tombstones
from geo.regions import tables as region_tables
from geo.serving import tables as serving_tables

MODELS = (
    vocabularies,
    account_tables,
    audit,
    batch_tables,
    publication_tables,
    saved_mappings,
    tables,
    tombstones,
    region_tables,
    serving_tables,
)
"""Imported so that `metadata` knows every table."""

SCHEMAS = ("editorial", "published")
RUNNER_LOCK = 7_264_001
"""Advisory lock: two starts at once must not migrate at once."""


def include_name(name: str | None, kind: str, _parents: object) -> bool:
    """Compare our two schemas only; PostGIS keeps tables of its own elsewhere."""
    return name in SCHEMAS if kind == "schema" else True


def run() -> None:
    """Migrate the database named by the attribute `url` of the configuration, or by -x url=."""
    url = context.config.attributes.get("url") or context.get_x_argument(as_dictionary=True)["url"]
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"SELECT pg_advisory_lock({RUNNER_LOCK})")
        connection.exec_driver_sql("SET lock_timeout = '4s'")
        connection.exec_driver_sql("SET statement_timeout = '10min'")
        for schema in SCHEMAS:
            connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=metadata,
            include_schemas=True,
            include_name=include_name,
            version_table="migration",
            version_table_schema="editorial",
            transaction_per_migration=True,
            render_item=alembic_helpers.render_item,
        )
        context.run_migrations()
        connection.commit()
    engine.dispose()


run()
