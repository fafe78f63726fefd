"""Whatever is asked, the columns find and count what the database finds and counts."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.cluster import Cluster
from geo.database import READER_ROLE, make_reader_engine
from geo.layers import COLLECTIONS, RECORDS, Kind
from geo.serving.column_counts import count_features
from geo.serving.column_masks import VersionsDiffer, find
from geo.serving.column_reading import load_columns
from geo.serving.columns import COLUMN_OF, Columns
from geo.serving.conditions import conditions
from geo.serving.counts import Counts
from geo.serving.day_counts import count_days
from geo.serving.dimensions import dimensions
from geo.serving.facets import count_facets
from geo.serving.filters import FeatureQuery, allowed_codes, filterable_properties
from geo.serving.parameters import Bbox, Interval
from geo.serving.tables import feature
from tests.geo.serving.sql_counts import count_by_sql, without_own_filter
from tests.geo.serving.varied import CODES, FIRST_DAY, varied

__all__ = ["varied"]


class Both:
    """The columns and the database they were read from."""

    def __init__(self, runner: asyncio.Runner, connection: AsyncConnection, columns: Columns) -> None:
        self.runner, self.connection, self.columns = runner, connection, columns

    def find(self, query: FeatureQuery) -> set[int]:
        """Return the ids that the columns find."""
        mask = self.runner.run(find(self.columns, self.connection, query))
        return set(self.columns.ids[mask].tolist())

    def find_by_sql(self, query: FeatureQuery) -> set[int]:
        """Return the ids that the database finds."""
        statement = sa.select(feature.c.id).where(*conditions(query))
        return {row.id for row in self.runner.run(self.connection.execute(statement))}

    def count(self, query: FeatureQuery, by: tuple[str, ...]) -> Counts:
        """Return what the columns count."""
        return self.runner.run(count_features(self.columns, self.connection, query, by))

    def count_by_sql(self, query: FeatureQuery, by: tuple[str, ...]) -> Counts:
        """Return what the database counts."""
        return self.runner.run(count_by_sql(self.connection, query, by))


@pytest.fixture(scope="module")
def both(cluster: Cluster, varied: str) -> Iterator[Both]:
    """One snapshot, and its columns."""
    engine = make_reader_engine(cluster.url(varied, READER_ROLE)).execution_options(isolation_level="REPEATABLE READ")
    with asyncio.Runner() as runner:
        connection = runner.run(engine.connect().__aenter__())
        # Slow machines are no difference between the two.
        runner.run(connection.execute(sa.text("SET LOCAL statement_timeout = 0")))
        yield Both(runner, connection, runner.run(load_columns(connection)))
        runner.run(connection.close())
        runner.run(engine.dispose())


DAYS = st.dates(FIRST_DAY - dt.timedelta(days=9), FIRST_DAY + dt.timedelta(days=600))
INTERVALS = st.one_of(
    st.builds(lambda one, other: Interval(min(one, other), max(one, other)), DAYS, DAYS),
    st.builds(lambda day: Interval(None, day), DAYS),
    st.builds(lambda day: Interval(day, None), DAYS),
)
LON, LAT = st.sampled_from([-180.0, -1.0, 0.0, 113.5, 114.0, 180.0]), st.sampled_from([-90.0, 0.0, 22.5, 23.0, 90.0])
VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.TEXT: st.sampled_from(["1", "clb_export", "test", "?"]),
    Kind.TEXTS: st.sampled_from(["Foxconn", "富士康"]),
    Kind.DATE: INTERVALS,
    Kind.BOOLEAN: st.booleans(),
    Kind.AMOUNT: st.sampled_from([10, 20]),
    Kind.REGION: st.sampled_from(CODES),
    Kind.REGIONS: st.sampled_from(CODES),
}


@st.composite
def queries(draw: st.DrawFn) -> FeatureQuery:
    """Any question about the varied records."""
    collection = draw(st.sampled_from(sorted(COLLECTIONS)))
    declared = filterable_properties(collection)
    chosen = []
    for name in draw(st.lists(st.sampled_from(sorted(declared)), max_size=3, unique=True)):
        codes = allowed_codes(declared[name], collection)
        one = st.sampled_from(codes) if codes else VALUES.get(declared[name].kind, st.integers(0, 40))
        chosen.append((name, tuple(draw(st.lists(st.none() | one, min_size=1, max_size=3)))))
    south, north = sorted((draw(LAT), draw(LAT)))
    rarely = st.integers(0, 3).map(lambda number: number == 0)
    return FeatureQuery(
        collection=collection,
        bbox=Bbox(draw(LON), south, draw(LON), north) if draw(rarely) else None,
        datetime=draw(INTERVALS) if draw(rarely) else None,
        region=tuple(draw(st.lists(st.none() | st.sampled_from(CODES), max_size=2))) if draw(rarely) else (),
        updated_since=dt.date(2026, 1, draw(st.integers(1, 22))) if draw(rarely) else None,
        q=("foxconn",) if draw(rarely) else (),
        properties=tuple(chosen),
    )


SOME = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def questions(draw: st.DrawFn) -> tuple[FeatureQuery, tuple[str, ...]]:
    """Any question, and what to count by."""
    query = draw(queries())
    names = st.sampled_from(sorted(dimensions(query.collection)))
    return query, tuple(draw(st.lists(names, min_size=1, max_size=2, unique=True)))


@SOME
@given(query=queries())
def test_the_columns_find_what_the_database_finds(both: Both, query: FeatureQuery) -> None:
    """The same records, whatever the filters."""
    assert both.find(query) == both.find_by_sql(query), query


@SOME
@given(collection=st.sampled_from(sorted(COLLECTIONS)), interval=INTERVALS)
def test_days_count_what_the_database_counts(both: Both, collection: str, interval: Interval) -> None:
    """Without a look at each record, whatever ends are open."""
    query = FeatureQuery(collection=collection, datetime=interval)
    assert count_days(both.columns, query.layers, interval) == len(both.find_by_sql(query))


@SOME
@given(question=questions())
def test_the_columns_count_what_the_database_counts(both: Both, question: tuple[FeatureQuery, tuple[str, ...]]) -> None:
    """The same cells in the same order, the same remainder, the same sums."""
    assert both.count(*question) == both.count_by_sql(*question)


@settings(SOME, max_examples=8)
@given(query=queries())
def test_each_facet_is_what_the_database_counts(both: Both, query: FeatureQuery) -> None:
    """Each without its own filter; values in another order."""
    facets = both.runner.run(count_facets(both.columns, both.connection, query)).facets
    for name, facet in facets.items():
        ordered = tuple(sorted(facet.counts, key=lambda cell: cell.keys))
        assert replace(facet, counts=ordered) == both.count_by_sql(without_own_filter(query, name), (name,)), name


@pytest.mark.parametrize("other", ["county", "month", "layer", "demands", "outcome"])
def test_every_crossing_is_what_the_database_counts(both: Both, other: str) -> None:
    """With each dimension, so that chance leaves none out."""
    query = FeatureQuery(collection="records")
    for one in dimensions("records"):
        by = (one, other) if one != other else (one,)
        assert both.count(query, by) == both.count_by_sql(query, by), by


def test_the_varied_records_have_what_is_hard(both: Both) -> None:
    """Every layer, several places, hidden ones, empty lists, days that no month holds, places at the edge."""
    columns = both.columns
    assert set(columns.layer.tolist()) == set(range(len(RECORDS)))
    hard = (("several_places", True), ("coarsened", True), ("province", None), ("demands", None), ("demands", ()))
    for name, value in hard:
        assert columns.column(name).spread(np.array([one == value for one in columns.column(name).values(name)])).any()
    assert any(len(set(value)) < len(value) for value in columns.column("demands").values("demands") if value)
    assert np.isnan(columns.lon).any()
    assert set(columns.lon[~np.isnan(columns.lon)].tolist()) >= {-180.0, 180.0}


def test_places_are_in_metres_too(both: Both) -> None:
    """EPSG:3857 as PostGIS has it, within a tenth of a millimetre; poles are beyond it."""
    moved = sa.func.ST_Transform(feature.c.geometry, 3857)
    statement = sa.select(sa.func.ST_X(moved), sa.func.ST_Y(moved)).order_by(feature.c.id)
    statement = statement.where(sa.func.abs(sa.func.ST_Y(feature.c.geometry)) < 90)
    rows = both.runner.run(both.connection.execute(statement))
    shown = np.abs(both.columns.lat) < 90
    found = np.column_stack((both.columns.x[shown], both.columns.y[shown]))
    assert np.abs(found - np.array([tuple(row) for row in rows])).max() < 1e-4


def test_every_coded_property_is_held() -> None:
    """What counts and facets need is in the columns; a property that is added is held by itself."""
    for collection in COLLECTIONS:
        assert {*dimensions(collection)} - {"month", "year"} <= set(COLUMN_OF)


def test_a_question_to_the_database_must_be_of_the_same_version(both: Both) -> None:
    """Employers are not held: the database's answer would speak of other records."""
    query = FeatureQuery(collection="records", properties=(("employers", ("Foxconn",)),))
    later = replace(both.columns, dataset=replace(both.columns.dataset, version=99))
    with pytest.raises(VersionsDiffer):
        both.runner.run(find(later, both.connection, query))
