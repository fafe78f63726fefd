"""Private records of the tests' own, put straight into the schema `editorial`, as a loader would leave them."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from geo.cluster import Cluster
from geo.database import READER_ROLE, admit_reader, make_engine
from geo.layers import ACCOUNTABILITY, PROPERTIES
from geo.publishing.publish import publish_all, publish_batch
from geo.records.batch_tables import batch, record_version, staging_message, staging_row
from geo.records.tables import accountability_case, case_incident, incident, union_contact, union_organization

MARKER = "canary5eb1"
"""Stands in every private text; if it is found in the schema `published`, something leaked."""

SHENZHEN, BAOAN, NANSHAN, GUANGZHOU, BEIJING = "440300", "440306", "440305", "440100", "110000"

OF_A_CONTACT = frozenset(
    (
        *("union_level", "union_region", "department", "method", "awareness", "involvement", "involvement_timing"),
        *("excuses", "quote_en", "quote_zh_hans", "promise_en", "promise_zh_hans"),
    )
)
"""Text columns of `union_contact` that the public may see."""

CONTROLLED = frozenset(
    (
        *(
            "layer",
            "status",
            "regions",
            "region_code",
            "override_precision",
            "state",
            "kind",
            "policy",
            "op",
            "outcome",
        ),
        *("severity", "phase", "options", "counts", "decision", "foreseen", "review_reasons"),
    )
)
"""Columns that hold a word of the program's own, never a text."""


def hidden_columns(table: sa.Table) -> list[sa.Column[Any]]:
    """Columns of a private table that can hold a text and from which nothing public is made."""
    public = OF_A_CONTACT if table is union_contact else {prop.name for prop in PROPERTIES}
    return [
        column
        for column in table.columns
        if isinstance(column.type, (sa.Text, ARRAY, JSONB)) and column.name not in public | CONTROLLED
    ]


def plant(table: sa.Table) -> dict[str, Any]:
    """A value that holds the marker for each hidden column of a table."""
    values: dict[str, Any] = {}
    for column in hidden_columns(table):
        text = f"{MARKER} {table.name} {column.name}"
        is_list, is_json = isinstance(column.type, ARRAY), isinstance(column.type, JSONB)
        values[column.name] = [text] if is_list else {"a": text} if is_json else text
    return values


@dataclass
class Records:
    """Puts records in. What is not given is what a plain record has."""

    connection: sa.Connection
    _numbers: int = 0
    _batch: int | None = None

    def _insert(self, table: sa.Table, values: dict[str, Any]) -> int:
        made = self.connection.execute(sa.insert(table).values(values).returning(table.c.id)).scalar_one()
        return int(made)

    def batch(self, **values: Any) -> int:
        """A committed batch."""
        now = dt.datetime.now(dt.UTC)
        plain = {"kind": "load", "layer": "strikes", "actor": "operator", "state": "committed", "committed_at": now}
        return self._insert(batch, plain | values)

    def _record(self, values: dict[str, Any]) -> dict[str, Any]:
        self._numbers += 1
        day = values.get("starts_on", dt.date(2021, 3, 17))
        plain = {
            "source_system": "test",
            "source_id": f"source-{self._numbers}",
            "content_hash": str(self._numbers),
            "starts_on": day,
            "ends_on": day,
            "date_precision": "day",
            "title_en": "Workers ask for their wages",
            "sources": [{"type": "news", "title": "A paper", "url": "https://example.org/a"}],
        }
        return plain | {"batch_id": self.own_batch()} | values

    def own_batch(self) -> int:
        """The batch of all records here that name none."""
        if self._batch is None:
            self._batch = self.batch()
        return self._batch

    def publish(self) -> int:
        """Publish that batch, as a loader would; return how many features changed."""
        return publish_batch(self.connection, self.own_batch())

    def incident(self, layer: str, regions: Iterable[str] = (BAOAN,), **values: Any) -> int:
        """An incident, known to the county unless told otherwise; `point` is (longitude, latitude)."""
        point = values.pop("point", None)
        if point is not None:
            values["geometry"] = f"SRID=4326;POINT({point[0]} {point[1]})"
        place = {"regions": list(regions), "location_precision": "county"}
        return self._insert(incident, self._record({"layer": layer} | place | values))

    def case(self, *incidents: int, **values: Any) -> int:
        """An accountability case about `incidents`."""
        made = self._insert(accountability_case, self._record(values))
        for number in incidents:
            self.connection.execute(sa.insert(case_incident).values(case_id=made, incident_id=number))
        return made

    def union(self, **values: Any) -> int:
        """A union."""
        return self._insert(union_organization, {"name_en": "Shenzhen federation", "level": "municipal"} | values)

    def contact(self, case: int, **values: Any) -> int:
        """A contact with a union, the first of its case unless told otherwise."""
        return self._insert(union_contact, {"case_id": case, "contact_no": 1} | values)

    def change(self, record: int, layer: str, **values: Any) -> None:
        """Change a record in place."""
        table = accountability_case if layer == ACCOUNTABILITY else incident
        self.connection.execute(sa.update(table).where(table.c.id == record).values(values))

    def public_id(self, record: int, layer: str) -> str:
        """The public id of a record that was published."""
        asked = "SELECT public_id FROM editorial.publication WHERE record_id = :record AND layer = :layer"
        return str(self.connection.execute(sa.text(asked), {"record": record, "layer": layer}).scalar_one())

    def feature(self, record: int, layer: str) -> dict[str, Any] | None:
        """The published GeoJSON of a record, or None."""
        asked = (
            "SELECT t.geojson FROM editorial.publication AS p JOIN published.feature_text AS t ON t.id = p.feature_id "
            "WHERE p.record_id = :record AND p.layer = :layer"
        )
        text = self.connection.execute(sa.text(asked), {"record": record, "layer": layer}).scalar_one_or_none()
        return None if text is None else dict(json.loads(text))

    def properties(self, record: int, layer: str) -> dict[str, Any]:
        """The public properties of a record that is published."""
        feature = self.feature(record, layer)
        assert feature is not None, "not published"
        return dict(feature["properties"])

    def row(self, record: int, layer: str) -> dict[str, Any]:
        """The row of `published.feature` of a record that is published."""
        asked = (
            "SELECT f.* FROM editorial.publication AS p JOIN published.feature AS f ON f.id = p.feature_id "
            "WHERE p.record_id = :record AND p.layer = :layer"
        )
        return dict(self.connection.execute(sa.text(asked), {"record": record, "layer": layer}).mappings().one())


def plant_canaries(records: Records) -> None:
    """Put in a record of each layer, a case and its contact, with the marker in every private text column.

    The marker also stands in what only the policy holds back: the point of a strike, the place, CLB's link, sources and
    union of a call for help without the mark and of the case about it.
    """
    private = plant(incident)
    secret = {"type": "news", "title": MARKER, "public": False}
    sources = [{"type": "news", "title": "A paper", "contact": MARKER, "url": f"javascript:{MARKER}"}, secret]
    for layer in ("strikes", "accidents"):
        records.incident(layer, **private | {"source_id": f"{MARKER}-{layer}", "sources": sources})
    guarded = {"legacy_id": MARKER, "legacy_url": MARKER, "sources": [{"type": "weibo", "title": MARKER}]}
    place = {"place_text_en": MARKER, "place_text_zh_hans": MARKER}
    call = records.incident("calls_for_help", **private | guarded | place | {"source_id": f"{MARKER}-call"})
    case = records.case(call, **plant(accountability_case) | guarded | {"source_id": f"{MARKER}-case"})
    union = records.union(name_en=MARKER, name_zh_hans=MARKER, name_zh_hant=MARKER, sector=MARKER)
    said = dict.fromkeys(("quote_en", "quote_zh_hans", "promise_en", "promise_zh_hans"), MARKER)
    records.contact(case, union_id=union, union_level="municipal", **plant(union_contact) | said)
    batch_id = records.batch(**plant(batch))
    version = {"layer": "strikes", "record_id": 1, "version": 1, "batch_id": batch_id, "op": "insert"}
    staged = {"batch_id": batch_id, "row_no": 2}
    told = {"batch_id": batch_id, "severity": "note"}
    for table, values in ((record_version, version), (staging_row, staged), (staging_message, told)):
        records.connection.execute(sa.insert(table).values(plant(table) | values))


@pytest.fixture(scope="session")
def canary_reader_url(cluster: Cluster, template: str) -> Iterator[str]:
    """The reader's address of a database in which `plant_canaries` has been, and everything is published.

    No answer made from it may hold `MARKER`.
    """
    name = f"canaries_{secrets.token_hex(4)}"
    cluster.create_database(name, template=template)
    engine = make_engine(cluster.url(name))
    with engine.begin() as connection:
        admit_reader(connection, cluster.password(READER_ROLE))
        plant_canaries(Records(connection))
        publish_all(connection)
    engine.dispose()
    yield cluster.url(name, READER_ROLE)
    cluster.drop_database(name)
