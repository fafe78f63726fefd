"""The database that all servers are measured on: the project's own, filled with made incidents, kept between runs.

It is named after all that makes the incidents. At each opening it is migrated, and published again where the rules of
publishing have changed since, as a new release does to any database.
"""

from __future__ import annotations

import ast
import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import sqlalchemy as sa

from geo.cluster import OWNER_ROLE, SUPERUSER, Cluster
from geo.database import READER_ROLE, admit_reader, make_engine, migrate
from geo.layers import INCIDENTS, Kind, properties_of
from geo.publishing.publish import publish_all, publish_reference
from geo.regions.install import install_regions
from geo.serving.tables import feature
from geo.vocabularies import sync_terms
from tests.benchmarks.made_incidents import COLUMNS, SOURCE_SYSTEM, make_lines
from tests.benchmarks.made_places import read_places

HERE = Path(__file__).parent
MAKERS = ("made_incidents.py", "made_places.py", "made_texts.py")
LOCK = 7_264_009
"""Advisory lock: two runs must not fill the same database."""

PEER_TEXTS = ("title_en", "title_zh_hans", "description_en", "description_zh_hans")
PEER_TABLE = "peers.incident"


@dataclass(frozen=True, kw_only=True)
class Opened:
    """An open database: its name, and addresses as SQLAlchemy writes them."""

    cluster: Cluster
    name: str
    rows: int

    @property
    def owner_url(self) -> str:
        """The owner's address."""
        return self.cluster.url(self.name)

    @property
    def reader_url(self) -> str:
        """The address of the role that sees what is published."""
        return self.cluster.url(self.name, READER_ROLE)


def usual_folder() -> Path:
    """Return the folder where database and environments are kept, if no other is named."""
    return Path(os.environ.get("LABOURMAP_TEST_DIR", tempfile.gettempdir())) / "labourmap-benchmarks"


def say(text: str) -> None:
    """Tell what goes on, and when."""
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)  # noqa: T201  (the command's own output)


@contextmanager
def step(what: str) -> Iterator[None]:
    """Tell how long a step took."""
    began = time.monotonic()
    yield
    say(f"{what}: {time.monotonic() - began:.1f} s")


@contextmanager
def open_database(folder: Path, rows: int) -> Iterator[Opened]:
    """Give the database with `rows` made incidents, making it if it is not there; its server runs meanwhile."""
    with Cluster(folder / "cluster") as cluster:
        opened = Opened(cluster=cluster, name=f"bench_{fingerprint()}_{rows}", rows=rows)
        guard = sa.create_engine(cluster.url("postgres"), isolation_level="AUTOCOMMIT")
        with guard.connect() as connection:
            connection.exec_driver_sql(f"SELECT pg_advisory_lock({LOCK}, {rows})")
            bring_up_to_date(opened)
        guard.dispose()
        yield opened


def fingerprint() -> str:
    """Return a short hash of what the makers' code does; comments and layout are not in it."""
    trees = (ast.dump(ast.parse((HERE / name).read_text(encoding="utf-8"))) for name in MAKERS)
    return hashlib.sha256("".join(trees).encode()).hexdigest()[:10]


def bring_up_to_date(opened: Opened) -> None:
    """Migrate, fill and publish, as far as each is needed."""
    if not opened.cluster.has_database(opened.name):
        drop_others(opened)
        opened.cluster.create_database(opened.name)
    migrate(opened.owner_url)
    engine = make_engine(opened.owner_url)
    with engine.begin() as connection:
        sync_terms(connection)
        install_regions(connection)
        admit_reader(connection, opened.cluster.password(READER_ROLE))
        for setting in ("jit", "max_parallel_workers_per_gather"):  # as for our reader: faster for the peers too
            connection.exec_driver_sql(f"ALTER ROLE {OWNER_ROLE} IN DATABASE {opened.name} SET {setting} = 0")
    with engine.begin() as connection:
        changed = fill(connection, opened)
    if not changed:
        with step("Published data up to date"), engine.begin() as connection:
            changed = publish_reference(connection)
    if make_peer_table(engine) or changed:
        with step("Vacuumed and analysed"), engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("VACUUM ANALYZE")
    engine.dispose()
    with step("Tables read into memory"):
        warm(opened)


def warm(opened: Opened) -> None:
    """Read the peers' table and ours into the buffers of a server that has just started, so that no round is colder.

    What does not fit stays in the system's cache.
    """
    read = (
        "SELECT sum(pg_prewarm(c.oid)) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace "
        "WHERE n.nspname = %s AND c.relkind IN ('r', 'i')"
    )
    with psycopg.connect(plain_url(opened.cluster.url(opened.name, SUPERUSER))) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_prewarm")
        for schema in ("peers", "published"):
            connection.execute(read, [schema])


def drop_others(opened: Opened) -> None:
    """Remove databases of the same size that other makers made: each takes gigabytes."""
    with psycopg.connect(plain_url(opened.cluster.url("postgres"))) as connection:
        listed = "SELECT datname FROM pg_database WHERE datname ~ %s"
        names = [name for (name,) in connection.execute(listed, [f"^bench_[0-9a-f]{{10}}_{opened.rows}$"])]
    for name in names:
        opened.cluster.drop_database(name)


def plain_url(url: str) -> str:
    """Return the address as PostgreSQL's own programs read it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def fill(connection: sa.Connection, opened: Opened) -> bool:
    """Make the incidents and publish them in one transaction; return whether there were none."""
    if connection.scalar(sa.text("SELECT EXISTS (SELECT FROM editorial.incident)")):
        return False
    batch_id = connection.scalar(
        sa.text(
            "INSERT INTO editorial.batch (kind, layer, source_system, state, actor, committed_at) "
            "VALUES ('load', 'strikes', :system, 'committed', 'operator', now()) RETURNING id"
        ),
        {"system": SOURCE_SYSTEM},
    )
    assert batch_id is not None
    with step(f"{opened.rows:,} incidents made and copied"):
        places = read_places(connection)
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        with driver.cursor() as cursor:
            with cursor.copy(f"COPY editorial.incident ({', '.join(COLUMNS)}) FROM STDIN") as copy:
                for lines in make_lines(places, opened.rows, batch_id):
                    copy.write(lines)
            cursor.execute("ANALYZE editorial.incident")
    with step("Published"):
        published = publish_all(connection)
    assert published == opened.rows, f"{published} of {opened.rows} are public"
    return True


def peer_columns() -> list[str]:
    """Return the columns that the peers serve: what an incident's public properties are, but lists of objects."""
    known = [prop.name for prop in properties_of(*INCIDENTS) if prop.kind is not Kind.OBJECTS]
    return [name for name in known if name in feature.c]


def make_peer_table(engine: sa.Engine) -> bool:
    """Make the one flat table that other servers can read, unless it is there from this version of the data.

    It has the indexes that its questions need: the walk, layer and walk, the place, the id.
    """
    with engine.begin() as connection:
        version = connection.scalar(sa.text("SELECT version FROM published.dataset_version"))
        kept = connection.scalar(
            sa.text("SELECT obj_description(to_regclass(:name), 'pg_class')"), {"name": PEER_TABLE}
        )
        if kept == str(version):
            return False
        columns = ", ".join(("f.public_id", *(f"f.{name}" for name in peer_columns()), *(f"r.{t}" for t in PEER_TEXTS)))
        query = (
            f"SELECT f.id, {columns}, f.geometry FROM published.feature AS f "
            "JOIN editorial.publication AS p ON p.feature_id = f.id "
            "JOIN editorial.incident AS r ON r.id = p.record_id ORDER BY f.id"
        )
        with step("The peers' table made"):
            for statement in (
                "CREATE SCHEMA IF NOT EXISTS peers",
                f"DROP TABLE IF EXISTS {PEER_TABLE}",
                f"CREATE TABLE {PEER_TABLE} AS {query}",
                f"ALTER TABLE {PEER_TABLE} ADD PRIMARY KEY (id)",
                f"CREATE INDEX ON {PEER_TABLE} (starts_on DESC, id DESC)",
                f"CREATE INDEX ON {PEER_TABLE} (layer, starts_on DESC, id DESC)",
                f"CREATE INDEX ON {PEER_TABLE} USING gist (geometry)",
                f"COMMENT ON TABLE {PEER_TABLE} IS '{version}'",
            ):
                connection.exec_driver_sql(statement)
    return True
