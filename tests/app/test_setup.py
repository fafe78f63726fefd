from __future__ import annotations

import datetime as dt
import io
import os
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from app.progress import Progress
from app.settings import OwnerSettings
from app.setup import Database, open_database, prepare
from geo.cluster import SUPERUSER, Cluster
from geo.database import READER_ROLE, make_engine
from geo.errors import SetupError
from geo.records.batch_tables import batch
from geo.records.tables import incident
from geo.serving.tables import dataset_version, published_term

if TYPE_CHECKING:
    from collections.abc import Iterator

READER_URL = "postgresql+psycopg://labourmap_reader:r@h/d"


@pytest.fixture(scope="module")
def database(cluster: Cluster, template: str) -> Iterator[Database]:
    """Give a database with regions and without records, as its two addresses."""
    name = f"setup_{os.getpid()}"
    cluster.drop_database(name)
    cluster.create_database(name, template=template)
    yield Database(cluster.url(name), cluster.url(name, READER_ROLE))
    cluster.drop_database(name)


def prepare_and_listen(database: Database) -> str:
    """Prepare the database and return what was said."""
    out = io.StringIO()
    prepare(database, Progress(out))
    return out.getvalue()


@pytest.fixture(scope="module")
def prepared(database: Database) -> Database:
    """Give that database after its first start."""
    prepare_and_listen(database)
    return database


def ask(url: str, statement: sa.Executable) -> object:
    """Ask the database one thing."""
    engine = make_engine(url)
    with engine.begin() as connection:
        result = connection.execute(statement)
        value: object = result.scalar() if result.returns_rows else None
    engine.dispose()
    return value


def test_a_first_start_ends_with_published_records(prepared: Database) -> None:
    """A reader finds records in every layer of a database that was empty."""
    counted = sa.text("SELECT count(DISTINCT layer) FROM published.feature")
    assert ask(prepared.reader_url, counted) == 4


def test_a_second_start_changes_nothing(prepared: Database) -> None:
    """Readers' caches stay valid over a restart: the version of the data does not move."""
    before = ask(prepared.owner_url, sa.select(dataset_version.c.version))
    said = prepare_and_listen(prepared)
    assert ask(prepared.owner_url, sa.select(dataset_version.c.version)) == before
    assert "Sample records" not in said


def test_changed_terms_are_published_at_the_next_start(prepared: Database) -> None:
    """A label corrected in a vocabulary's file reaches readers without a command."""
    spoil = sa.update(published_term).where(published_term.c.vocabulary == "layer").values(label_en="Spoilt")
    ask(prepared.owner_url, spoil)
    prepare_and_listen(prepared)
    spoilt = sa.select(sa.func.count()).select_from(published_term).where(published_term.c.label_en == "Spoilt")
    assert ask(prepared.owner_url, spoilt) == 0


def test_samples_are_not_put_among_records(cluster: Cluster, template: str) -> None:
    """A database with one record of the operator's gets no samples."""
    name = f"setup_own_{os.getpid()}"
    cluster.drop_database(name)
    cluster.create_database(name, template=template)
    database = Database(cluster.url(name), cluster.url(name, READER_ROLE))
    one = {
        "layer": "strikes",
        "source_system": "ours",
        "source_id": "1",
        "content_hash": "x",
        "batch_id": 1,
        "title_en": "A strike",
    }
    when = {"starts_on": dt.date(2020, 1, 1), "ends_on": dt.date(2020, 1, 1), "date_precision": "day"}
    ask(database.owner_url, sa.insert(batch).values(kind="load", layer="strikes", actor="operator"))
    ask(database.owner_url, sa.insert(incident).values(one | when | {"location_precision": "country"}))
    said = prepare_and_listen(database)
    assert "Sample records" not in said
    assert ask(database.owner_url, sa.select(sa.func.count()).select_from(incident)) == 1
    cluster.drop_database(name)


def test_a_server_without_postgis_is_explained(cluster: Cluster) -> None:
    """On the operator's own server the message gives the line that its administrator runs."""
    name = f"setup_bare_{os.getpid()}"
    cluster.drop_database(name)
    cluster.create_database(name)
    ask(cluster.url(name, SUPERUSER), sa.text("DROP EXTENSION postgis"))
    with pytest.raises(SetupError, match="CREATE EXTENSION postgis;"):
        prepare_and_listen(Database(cluster.url(name), cluster.url(name, READER_ROLE)))
    cluster.drop_database(name)


def test_a_server_that_is_not_there_is_explained() -> None:
    """No traceback for a wrong host, and no password in the message."""
    nowhere = "postgresql+psycopg://labourmap:hidden@127.0.0.1:1/labourmap"
    with pytest.raises(SetupError, match="does not let us in") as caught:
        prepare_and_listen(Database(nowhere, READER_URL))
    assert "hidden" not in str(caught.value)


def test_a_named_server_is_used_as_it_is(cluster: Cluster) -> None:
    """With both addresses set, no server of our own is started."""
    settings = OwnerSettings(database_url=cluster.url(), reader_url=READER_URL)
    with open_database(settings) as database:
        assert (database.owner_url, database.reader_url, database.cluster) == (cluster.url(), READER_URL, None)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("postgresql+psycopg://labourmap:o@h/d", "must log in as labourmap_reader"),
        ("postgresql+psycopg://labourmap_reader@h/d", "must hold a password"),
    ],
)
def test_the_reader_s_address_is_the_reader_s(url: str, reason: str) -> None:
    """The owner's address in the wrong variable would hand the owner's rights to the public process."""
    settings = OwnerSettings(database_url=READER_URL, reader_url=url)
    with pytest.raises(SetupError, match=reason), open_database(settings):
        raise AssertionError


@pytest.mark.parametrize("password", ["password", "ChangeMe", "labourmap"])
@pytest.mark.parametrize("variable", ["database_url", "reader_url", "editor_url"])
def test_a_password_of_an_example_is_refused(variable: str, password: str) -> None:
    """Whoever reads the documentation has it, too."""
    users = {"database_url": "labourmap", "reader_url": "labourmap_reader", "editor_url": "labourmap_editor"}
    urls = {name: f"postgresql+psycopg://{user}:of-our-own@h/d" for name, user in users.items()}
    urls[variable] = urls[variable].replace("of-our-own", password)
    settings = OwnerSettings.model_validate(urls)
    said = f"LABOURMAP_{variable.upper()} holds a password that stands in examples"
    with pytest.raises(SetupError, match=said), open_database(settings):
        raise AssertionError
