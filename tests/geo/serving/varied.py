"""Records of every kind, made at random from one seed: what columns hold must be what the database has."""

from __future__ import annotations

import datetime as dt
import random
import secrets
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from geo.cluster import Cluster
from geo.database import READER_ROLE, admit_reader, make_engine, migrate
from geo.layers import LAYERS, RECORDS, Kind, properties_of
from geo.serving.filters import allowed_codes
from geo.serving.tables import change, dataset_version
from tests.published import REGIONS, make_record, place, point, put_records, put_regions

MANY = 700
COUNTIES = tuple(code for level, code, *_ in REGIONS if level == "county")
CODES = tuple(sorted({code for _, code, *_ in REGIONS}))
FIRST_DAY = dt.date(2015, 11, 20)
_GIVEN = frozenset({"layer", "starts_on", "ends_on", "location_precision", "coarsened", "updated_on"})


def make_varied(draw: random.Random, number: int) -> dict[str, Any]:
    """Return a row of `published.feature`, with much unknown, and lists that are empty or repeat a value."""
    layer = RECORDS[draw.randrange(len(RECORDS))]
    first = FIRST_DAY + dt.timedelta(days=draw.randrange(500))
    last = first + dt.timedelta(days=draw.choice((0, 0, 0, 1, 40, 400)))
    known: dict[str, Any] = {"ends_on": last, "updated_on": dt.date(2026, 1, 1 + draw.randrange(20))}
    known |= _draw_place(draw)
    for prop in properties_of(layer):
        if prop.filterable and prop.name not in {*_GIVEN, *known} and draw.random() < 0.7:
            known[prop.name] = _draw_value(draw, prop.kind, allowed_codes(prop, layer))
    known["regions"] = known.get("regions") or []
    known["source_system"] = draw.choice(("clb_export", "clb_pages", "test"))
    known["date_precision"] = draw.choice(("day", "month"))
    return make_record(f"{LAYERS[layer].letter}-{first.year}-{number:06}", str(first), **known)


def _draw_place(draw: random.Random) -> dict[str, Any]:
    spot = point(draw.choice(("113.5", "114.0", "-180", "180", "0")), draw.choice(("22.5", "-90", "90", "0")))
    kind = draw.randrange(6)
    hidden = {"coarsened": draw.random() < 0.3}
    if kind == 0:
        return hidden
    if kind == 1:
        return {"several_places": True, "regions": sorted(draw.sample(COUNTIES, 2)), **hidden}
    if kind == 2:
        return {"several_places": True, "regions": ["440305", "440306"], "province": "440000", **hidden}
    finer = spot if draw.random() < 0.7 else {}
    return place(draw.choice(CODES), **finer, **hidden)


def _draw_value(draw: random.Random, kind: Kind, codes: tuple[str, ...]) -> Any:
    if codes:
        return draw.choices(codes, k=draw.randrange(4)) if kind is Kind.CODES else draw.choice(codes)
    values: dict[Kind, Any] = {
        Kind.TEXTS: draw.choices(("Foxconn", "富士康"), k=draw.randrange(3)),
        Kind.DATE: FIRST_DAY + dt.timedelta(days=draw.randrange(500)),
        Kind.TEXT: draw.choice(("1", None)),
        Kind.REGION: None,
        Kind.REGIONS: [],
    }
    return values.get(kind, draw.randrange(40))


def tell_change(connection: sa.Connection, op: str, *public_ids: str) -> None:
    """Move the version of the data, as publishing does, and say what changed."""
    moved = sa.update(dataset_version).values(version=dataset_version.c.version + 1, changed_at=sa.func.now())
    version = connection.execute(moved.returning(dataset_version.c.version)).scalar_one()
    for public_id in public_ids:
        told = {"public_id": public_id, "layer": "strikes", "op": op, "changed_on": dt.date(2026, 1, 2)}
        connection.execute(sa.insert(change).values(dataset_version=version, **told))


def make_varied_database(cluster: Cluster, name: str) -> None:
    """Make a database with `MANY` records; the first ids are those of the first records."""
    cluster.create_database(name)
    migrate(cluster.url(name))
    engine = make_engine(cluster.url(name))
    draw = random.Random(20)  # noqa: S311  (the same records at every run)
    with engine.begin() as connection:
        admit_reader(connection, cluster.password(READER_ROLE))
        put_regions(connection)
        put_records(connection, tuple(make_varied(draw, number) for number in range(MANY)))
    engine.dispose()


@pytest.fixture(scope="session")
def varied(cluster: Cluster) -> Iterator[str]:
    """The name of a database with varied records; nobody may change it."""
    name = f"varied_{secrets.token_hex(4)}"
    make_varied_database(cluster, name)
    yield name
    cluster.drop_database(name)


@pytest.fixture
def changing(cluster: Cluster, varied: str) -> Iterator[str]:
    """The name of a copy of it, to be changed."""
    name = f"changing_{secrets.token_hex(4)}"
    cluster.create_database(name, template=varied)
    engine = make_engine(cluster.url(name))
    with engine.begin() as connection:
        admit_reader(connection, cluster.password(READER_ROLE))
    engine.dispose()
    yield name
    cluster.drop_database(name)
