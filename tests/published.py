"""A small read model of the tests' own, put straight into the schema `published`, and read as the reader's role.

Two provinces with their prefectures and counties, and fourteen records whose every count is written in the tests.
"""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from geo.cluster import Cluster
from geo.database import READER_ROLE, admit_reader, make_engine, migrate
from geo.layers import PROPERTIES
from geo.serving.tables import (
    boundaries,
    change,
    feature,
    feature_search,
    feature_text,
    published_region,
    published_term,
    published_union,
    retraction,
    topology,
)

SHENZHEN = ("114.06", "22.54")
BAOAN = ("113.88", "22.55")

REGIONS: tuple[tuple[str, str, str | None, str, bool], ...] = (
    # level, code, parent's code, English name, whether the bare code means it
    ("province", "110000", None, "Beijing", True),
    ("prefecture", "110000", "110000", "Beijing", False),
    ("county", "110105", "110000", "Chaoyang District", True),
    ("province", "440000", None, "Guangdong", True),
    ("prefecture", "440100", "440000", "Guangzhou", True),
    ("prefecture", "440300", "440000", "Shenzhen", True),
    ("county", "440305", "440300", "Nanshan District", True),
    ("county", "440306", "440300", "Bao'an District", True),
)
PARENT_LEVEL = {"province": None, "prefecture": "province", "county": "prefecture"}
PROVINCES = {
    "type": "Topology",
    "transform": {"scale": [1, 1], "translate": [113, 22]},
    "arcs": [[[3, 17], [1, 0], [0, 1], [-1, 0], [0, -1]], [[0, 0], [2, 0], [0, 2], [-2, 0], [0, -2]]],
    "objects": {
        "regions": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Polygon", "id": "110000", "arcs": [[0]], "properties": {"point": [116.5, 39.5]}},
                {"type": "Polygon", "id": "440000", "arcs": [[1]], "properties": {"point": [114, 23]}},
            ],
        }
    },
}
"""The one topology: each province a square."""

_SQUARES = {"11": "116 39, 117 39, 117 40, 116 40, 116 39", "44": "113 22, 115 22, 115 24, 113 24, 113 22"}


def make_record(public_id: str, starts_on: str, **known: Any) -> dict[str, Any]:
    """Return a row of `published.feature`; what is not given is unknown."""
    layer = {"S": "strikes", "A": "accidents", "H": "calls_for_help", "U": "accountability"}[public_id[0]]
    regions = known.pop("regions", [])
    row: dict[str, Any] = {name: None for name in feature.c.keys() if name != "id"}  # noqa: SIM118  (columns, not a dict)
    within = {code for region in regions for code in (region, region[:4] + "00", region[:2] + "0000")}
    day = dt.date.fromisoformat(starts_on)
    row |= {"public_id": public_id, "layer": layer, "starts_on": day, "ends_on": day, "date_precision": "day"}
    row |= {"regions": regions, "regions_within": sorted(within), "several_places": False, "coarsened": False}
    row |= {"location_precision": "county" if regions else "country", "source_system": "test"}
    return row | {"updated_on": dt.date(2026, 1, 2)} | known


def place(code: str, **finer: Any) -> dict[str, Any]:
    """Return the columns of a record known to lie in the region `code`."""
    levels = {"province": code[:2] + "0000"}
    if code[2:] != "0000":
        levels["prefecture"] = "110000" if code.startswith("11") else code[:4] + "00"
    if code[4:] != "00":
        levels["county"] = code
    return {"regions": [code], **levels, **finer}


def point(lon: str, lat: str) -> dict[str, str]:
    """Return the public point of a record."""
    made = f"SRID=4326;POINT({lon} {lat})"
    return {"geometry": made}


RECORDS: tuple[dict[str, Any], ...] = (
    make_record(
        "S-2016-000001",
        "2016-05-01",
        **place("440306", **point(*BAOAN)),
        industry="manufacturing",
        ownership="private",
        employers=["Foxconn, Longhua", "富士康"],
        actions=["strike"],
        demands=["wage_arrears", "social_insurance"],
        participants="100-999",
        participants_min=100,
        participants_max=999,
        source_system="clb_export",
        legacy_id="1234567890123456789",
    ),
    make_record("S-2016-000002", "2016-05-20", **place("440305"), industry="manufacturing", demands=["wage_arrears"]),
    make_record("S-2016-000003", "2016-12-30", ends_on=dt.date(2017, 1, 2), **place("440300"), industry="construction"),
    make_record("S-2016-000004", "2016-07-01", **place("440000"), industry="services", participants_min=1),
    make_record(
        "S-2016-000005",
        "2016-07-02",
        several_places=True,
        regions=["440300", "110105"],
        industry="construction",
        source_system="clb_export",
    ),
    make_record("S-2016-000006", "2016-08-01", several_places=True, coarsened=True, regions=["440305", "440306"],
                province="440000", prefecture="440300"),
    make_record("S-2017-000001", "2017-01-01", **place("110105", **point("116.48", "39.92")), demands=["bonus"]),
    make_record("S-2015-000001", "2015-12-31", ends_on=dt.date(2016, 1, 1), **place("110105")),
    make_record("A-2016-000001", "2016-05-01", **place("440100"), deaths=3, injuries=0, severity="ordinary"),
    make_record("A-2016-000002", "2016-05-02", **place("440306", **point("179.99", "10")), deaths=0),
    make_record("H-2016-000001", "2016-05-01", ends_on=dt.date(2016, 5, 31), date_precision="month",
                **place("440300", coarsened=True), issues=["wage_arrears"], persons_min=12, amount_claimed_cny=1500.50),
    make_record("H-2016-000002", "2016-06-01", ends_on=dt.date(2016, 6, 30), date_precision="month", coarsened=True),
    make_record("U-2016-000001", "2016-05-03", **place("440300"), outcome="resolved_paid", excuses=["no_authority"],
                outcome_on=dt.date(2016, 6, 1)),
    make_record("U-2016-000002", "2016-05-03"),
)  # fmt: skip


def write_feature(record: dict[str, Any]) -> str:
    """Return the finished GeoJSON text of a record, as publishing writes it."""
    properties = {
        prop.name: record.get(prop.name) for prop in PROPERTIES if record["layer"] in prop.layers
    }  # what the table lacks is unknown
    geometry = None
    if record["geometry"]:
        lon, lat = record["geometry"].partition("POINT(")[2].rstrip(")").split()
        geometry = {"type": "Point", "coordinates": [float(lon), float(lat)]}
    made = {"type": "Feature", "id": record["public_id"], "geometry": geometry, "properties": properties}
    return json.dumps(made, ensure_ascii=False, default=str)


def put_records(connection: sa.Connection, records: tuple[dict[str, Any], ...], first_id: int = 1) -> None:
    """Put records into the read model, under the keys `first_id` and following."""
    for key, record in enumerate(records, start=first_id):
        projected = sa.func.ST_Transform(sa.func.ST_GeomFromEWKT(record["geometry"]), 3857)
        connection.execute(sa.insert(feature).values(id=key, **{**record, "geometry_3857": projected}))
        connection.execute(sa.insert(feature_text).values(id=key, geojson=write_feature(record)))
        words = sa.func.published.search_words("\n".join(record.get("employers") or ()))
        connection.execute(sa.insert(feature_search).values(id=key, words=words))


def put_regions(connection: sa.Connection) -> None:
    """Put the regions and what belongs to them into the read model."""
    for level, code, parent, name, is_bare in REGIONS:
        names = {f"{kind}name_{script}": name for kind in ("", "short_") for script in ("en", "zh_hans", "zh_hant")}
        outline = f"SRID=4326;MULTIPOLYGON((({_SQUARES[code[:2]]})))"
        connection.execute(
            sa.insert(published_region).values(
                level=level,
                code=code,
                parent_level=PARENT_LEVEL[level],
                parent_code=parent,
                province=code[:2] + "0000",
                prefecture={"county": parent, "prefecture": code}.get(level),
                is_bare=is_bare,
                population=1000,
                point=f"SRID=4326;POINT({' '.join(SHENZHEN)})" if code == "440300" else None,
                **names,
                **{f"outline_{band}": outline for band in ("national", "z7", "z8")},
            )
        )
    words = {"source": "a test", "licence": "none", "vintage": "2026", "attribution": "Boundaries: a test"}
    connection.execute(sa.insert(boundaries).values(name="test", **words))
    text = json.dumps(PROVINCES)
    connection.execute(sa.insert(topology).values(name="province", sha256="0" * 64, topojson=text))
    labels: dict[str, Any] = {"label_en": "Mining", "label_zh_hans": "采矿", "label_zh_hant": "採礦"}
    mining = {"vocabulary": "industry", "code": "mining", "position": 1, "clb_value": "Mining; Coal*"}
    connection.execute(sa.insert(published_term).values(**mining, **labels))


UNIONS: tuple[dict[str, Any], ...] = (
    {"id": 3, "level": "municipal", "region_code": "440300", "name_en": "Shenzhen Federation of Trade Unions",
     "name_zh_hans": "深圳市总工会", "name_zh_hant": "深圳市總工會", "cases": ["U-2016-000001", "U-2016-000002"]},
    {"id": 7, "level": "district", "region_code": "440306", "name_en": None, "name_zh_hans": "宝安区总工会",
     "name_zh_hant": "寶安區總工會", "cases": ["U-2016-000001"]},
    {"id": 8, "level": "national", "region_code": None, "name_en": "ACFTU", "name_zh_hans": None,
     "name_zh_hant": None, "cases": []},
)  # fmt: skip

CHANGES = (
    (1, "S-2016-000001", "insert", None),
    (1, "H-2014-000009", "insert", None),
    (2, "H-2014-000009", "update", ["amount_claimed_cny"]),
    (2, "S-2016-000001", "update", ["demands", "geometry"]),
    (4, "H-2014-000009", "delete", None),
    (5, "U-2016-000001", "insert", None),
)
"""Version, public id, operation and properties: a feed in which a call for help came, changed and went."""


def put_unions_and_changes(connection: sa.Connection) -> None:
    """Put unions, and a feed of changes up to version 5, into the read model."""
    for union in UNIONS:
        connection.execute(sa.insert(published_union).values(**union))
    for version, public_id, op, names in CHANGES:
        layer = {"S": "strikes", "H": "calls_for_help", "U": "accountability"}[public_id[0]]
        told = {"dataset_version": version, "public_id": public_id, "layer": layer, "op": op}
        told |= {"changed_on": dt.date(2026, 1, version), "properties_changed": names}
        connection.execute(sa.insert(change).values(**told))


def fill(connection: sa.Connection) -> None:
    """Fill an empty read model."""
    put_regions(connection)
    put_records(connection, RECORDS)
    put_unions_and_changes(connection)
    for public_id, layer in (("S-2014-000009", "strikes"), ("H-2014-000009", "calls_for_help")):
        gone = {"public_id": public_id, "layer": layer, "retracted_on": dt.date(2026, 1, 1)}
        connection.execute(sa.insert(retraction).values(**gone))


@pytest.fixture(scope="session")
def published(cluster: Cluster) -> Iterator[str]:
    """The name of a database with the small read model in it; nobody may change it."""
    name = f"published_{secrets.token_hex(4)}"
    cluster.create_database(name)
    migrate(cluster.url(name))
    engine = make_engine(cluster.url(name))
    with engine.begin() as connection:
        admit_reader(connection, cluster.password(READER_ROLE))
        fill(connection)
    engine.dispose()
    yield name
    cluster.drop_database(name)


@pytest.fixture(scope="session")
def reader_url(cluster: Cluster, published: str) -> str:
    """The reader's address of the small read model."""
    return cluster.url(published, READER_ROLE)


@pytest.fixture
def anyio_backend() -> str:
    """Asynchronous tests run on asyncio, as the server does."""
    return "asyncio"
