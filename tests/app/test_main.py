"""The public application holds the reader's credential and nothing else."""

from __future__ import annotations

import gc

import pytest
import sqlalchemy as sa

from app.main import public_app
from app.settings import OwnerSettings, ReaderSettings
from geo.cluster import OWNER_ROLE, SUPERUSER, Cluster
from geo.serving.dataset import fetch_dataset
from geo.serving.tables import dataset_version
from tests.app.conftest import open_client


def test_its_settings_have_no_place_for_another_credential() -> None:
    """The owner's address is a setting of another process."""
    assert "database_url" not in ReaderSettings.model_fields
    assert "data_dir" not in ReaderSettings.model_fields
    assert "database_url" in OwnerSettings.model_fields


@pytest.mark.anyio
async def test_what_it_remembers_holds_the_readers_address_alone(reader_url: str, cluster: Cluster) -> None:
    """Walk everything that can be reached from the application: no other password is there."""
    async with open_client(ReaderSettings(reader_url=reader_url)) as client:
        await client.get("/api/collections/strikes/items")
        app = client._transport.app  # type: ignore[attr-defined]  # noqa: SLF001  (the application under test)
        texts = {found for found in walk(app) if isinstance(found, str)}
    assert any(reader_url in text for text in texts)
    for role in (OWNER_ROLE, SUPERUSER):
        assert not [text for text in texts if cluster.password(role) in text]


@pytest.mark.anyio
async def test_all_that_a_connection_reads_is_of_one_version(cluster: Cluster, published: str, reader_url: str) -> None:
    """Data published while an answer is being made does not get into it."""
    owner = sa.create_engine(cluster.url(published))
    app = public_app(ReaderSettings(reader_url=reader_url))
    async with app.router.lifespan_context(app), app.state.engine.connect() as reading:
        before = await fetch_dataset(reading)
        with owner.begin() as publishing:
            publishing.execute(sa.update(dataset_version).values(version=before.version + 1))
        assert await fetch_dataset(reading) == before
        async with app.state.engine.connect() as later:
            assert (await fetch_dataset(later)).version == before.version + 1
    with owner.begin() as publishing:
        publishing.execute(sa.update(dataset_version).values(version=before.version))
    owner.dispose()


def walk(start: object) -> list[object]:
    """Return what can be reached from an object, without entering modules, classes and functions' globals."""
    met: dict[int, object] = {}
    waiting = [start]
    while waiting and len(met) < 200_000:
        here = waiting.pop()
        if id(here) in met or isinstance(here, type) or type(here).__name__ in {"module", "function", "frame"}:
            continue
        met[id(here)] = here
        waiting += gc.get_referents(here)
    return list(met.values())


def test_two_applications_share_nothing(reader_url: str) -> None:
    """No setting, engine or cache belongs to a module."""
    settings = ReaderSettings(reader_url=reader_url)
    one, other = public_app(settings), public_app(settings)
    assert one.state.matched is not other.state.matched
    assert one.state.layer_states is not other.state.layer_states
