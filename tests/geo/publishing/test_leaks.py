"""Nothing private is in the schema `published`, and no way leads from a call for help to more than it may tell."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import sqlalchemy as sa

from geo.database import make_engine, metadata
from geo.publishing.publish import publish_all
from geo.records.batch_tables import batch, record_version, staging_message, staging_row
from geo.records.tables import accountability_case, incident, union_contact
from tests.private_records import MARKER, Records, hidden_columns, plant_canaries

PRIVATE_TABLES = (incident, accountability_case, union_contact, batch, record_version, staging_row, staging_message)
REFERENCE = {"region", "term", "topology", "boundaries"}
"""What is the same for everybody, records or none."""


def published_rows(connection: sa.Connection, *leave_out: str) -> dict[str, list[str]]:
    """Every row of every table of the schema `published`, all columns as text."""
    tables = connection.scalars(
        sa.text("SELECT table_name FROM information_schema.tables WHERE table_schema = 'published'")
    ).all()
    return {
        table: list(connection.scalars(sa.text(f"SELECT t::text FROM published.{table} AS t")))
        for table in tables
        if table not in leave_out
    }


def test_every_restricted_column_carries_the_marker(records: Records) -> None:
    """What a table calls restricted, in a comment, is planted; so is every text from which nothing public is made."""
    plant_canaries(records)
    for table in PRIVATE_TABLES:
        restricted = {
            column.name
            for column in table.columns
            if (column.comment or "").startswith("restricted") and column.name != "geometry"
        }
        planted = {column.name for column in hidden_columns(table)}
        assert restricted <= planted, table.name
        for name in planted:
            asked = sa.text(f"SELECT count(*) FROM {table.fullname} WHERE {name}::text LIKE '%{MARKER}%'")
            assert records.connection.scalar(asked), f"{table.name}.{name}"


def test_no_marker_is_published(records: Records) -> None:
    """The canary: records of all four layers are public, and no table of the schema holds the marker in any column."""
    plant_canaries(records)
    publish_all(records.connection)
    rows = published_rows(records.connection)
    assert len(rows["feature"]) == len(rows["feature_text"]) == len(rows["feature_search"]) == 4
    assert set(rows) == {table.name for table in metadata.tables.values() if table.schema == "published"}
    assert [(table, row) for table in rows for row in rows[table] if MARKER in row] == []


@pytest.mark.parametrize("layer", ["strikes", "calls_for_help"])
def test_no_exact_point_is_published(records: Records, layer: str) -> None:
    """Neither the digits nor the point itself in either projection."""
    records.incident(layer, location_precision="exact", point=(113.8812345, 22.5567891))
    records.publish()
    near = sa.text(
        "SELECT count(*) FROM published.feature, ST_GeomFromText('POINT(113.8812345 22.5567891)', 4326) AS site "
        "WHERE ST_DWithin(geometry, site, 0.002) OR ST_DWithin(geometry_3857, ST_Transform(site, 3857), 200)"
    )
    assert records.connection.scalar(near) == 0
    rows = published_rows(records.connection, *REFERENCE)
    assert [row for table in rows for row in rows[table] if "113.88" in row or "22.55" in row] == []


def test_nothing_finer_than_prefecture_and_month_is_reached_from_a_call(records: Records) -> None:
    """Every row that publishing made from a call, its case and its contacts: no district, no day, nobody's name.

    The call is of 17 March 2021 in Bao'an; every text that may hold a place, a day or a name holds one.
    """
    source = {
        "type": "weibo",
        "title": "Bao'an, 18 March",
        "url": "https://example.org/2021-03-18",
        "published_on": "2021-03-18",
    }
    where = {"place_text_en": "Bao'an", "place_text_zh_hans": "宝安", "exact_address": "Bao'an"}
    linked = {"legacy_id": "2021031710101012345", "legacy_url": "https://example.org/?addressId=440306"}
    call = records.incident(
        "calls_for_help", location_precision="exact", point=(113.88, 22.55), sources=[source], **where, **linked
    )
    case = records.case(call, sources=[source], outcome_on=dt.date(2021, 3, 25), **linked)
    union = records.union(
        name_en="Bao'an federation", name_zh_hans="宝安区总工会", level="district", region_code="440306"
    )
    said = {"quote_en": "In Bao'an", "quote_zh_hans": "宝安", "promise_en": "On 19 March", "promise_zh_hans": "宝安"}
    days = {
        "contacted_on": dt.date(2021, 3, 19),
        "contacted_until": dt.date(2021, 3, 20),
        "follow_up_on": dt.date(2021, 3, 24),
    }
    records.contact(case, union_id=union, union_region="440306", **said, **days)
    records.publish()
    assert records.feature(call, "calls_for_help") is not None
    assert records.feature(case, "accountability") is not None
    today = records.connection.execute(sa.text("SELECT (now() AT TIME ZONE 'UTC')::date::text")).scalar_one()
    may_stand = {"2021-03-01", "2021-03-31", today}
    told = [
        (table, row)
        for table, rows in published_rows(records.connection, *REFERENCE, "dataset_version").items()
        for row in rows
        if re.search(r"440306|Bao'an|宝安|March|20210317", row)
        or set(re.findall(r"\d{4}-\d{2}-\d{2}", row)) - may_stand
    ]
    assert told == []


def test_no_row_names_a_call_and_a_case_together(records: Records) -> None:
    """Neither from the call to the case nor back, nor by the unions or the feed."""
    call = records.incident("calls_for_help")
    case = records.case(call)
    records.publish()
    ids = (records.public_id(call, "calls_for_help"), records.public_id(case, "accountability"))
    rows = published_rows(records.connection, *REFERENCE)
    assert [row for table in rows for row in rows[table] if all(public_id in row for public_id in ids)] == []


def test_the_readers_role_reads_all_four_layers_and_no_marker(canary_reader_url: str) -> None:
    """The same by the way that readers have: another role, after a commit."""
    engine = make_engine(canary_reader_url)
    with engine.connect() as connection:
        rows = published_rows(connection)
    engine.dispose()
    assert len(rows["feature"]) == 4
    assert [(table, row) for table in rows for row in rows[table] if MARKER in row] == []
