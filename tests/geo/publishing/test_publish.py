"""What a publishing run writes, and what it leaves alone."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from geo.layers import PROPERTIES, RECORDS, Kind, properties_of
from geo.publishing.feature_rows import UPDATED_ON
from geo.publishing.publish import publish_all, publish_batch
from geo.serving.tables import feature
from tests.private_records import SHENZHEN, Records

TABLES = (
    *("feature", "feature_text", "feature_search", "retraction", "change", "dataset_version"),
    *("region", "union_organization", "term"),
)


def contents(connection: sa.Connection) -> dict[str, list[str]]:
    """Every row of the public tables, with the place on disk where it stands: a rewritten row moves."""
    return {
        table: list(connection.scalars(sa.text(f"SELECT (ctid, t.*)::text FROM published.{table} AS t ORDER BY 1")))
        for table in TABLES
    }


def changes(connection: sa.Connection) -> list[Any]:
    """What the changes feed tells: public id, operation, names."""
    return [
        tuple(row)
        for row in connection.execute(
            sa.text("SELECT public_id, op, properties_changed FROM published.change ORDER BY id")
        )
    ]


def test_every_filterable_property_has_its_column() -> None:
    """The reader filters by columns of `published.feature`; a property declared filterable without one would fail."""
    assert {prop.name for prop in PROPERTIES if prop.filterable} <= set(feature.columns.keys())


def test_the_day_of_change_is_the_last_property() -> None:
    """A feature's text is kept open until it is known to differ."""
    assert PROPERTIES[-1].name == UPDATED_ON


@pytest.mark.parametrize("layer", RECORDS)
def test_a_feature_is_rfc_7946_with_the_properties_of_its_layer_in_order(records: Records, layer: str) -> None:
    """Every property of the layer, null when unknown, and none of another layer."""
    made = records.case() if layer == "accountability" else records.incident(layer)
    records.publish()
    found = records.feature(made, layer)
    assert found is not None
    assert list(found) == ["type", "id", "geometry", "properties"]
    assert (found["type"], found["id"]) == ("Feature", records.public_id(made, layer))
    assert list(found["properties"]) == [prop.name for prop in properties_of(layer)]
    for prop in properties_of(layer):
        if prop.kind in {Kind.OBJECTS, Kind.IDS, Kind.REGIONS}:
            assert isinstance(found["properties"][prop.name], list)


def test_the_text_says_what_the_columns_say(records: Records) -> None:
    """One row, told twice: for filters and for pages."""
    known: dict[str, Any] = {"demands": ["wage_arrears"], "employers": ['"A" & Co\n'], "participants_min": 100}
    made = records.incident("strikes", industry="construction", **known)
    records.publish()
    row, told = records.row(made, "strikes"), records.properties(made, "strikes")
    for prop in properties_of("strikes"):
        if prop.filterable:
            value = row[prop.name]
            assert told[prop.name] == (value.isoformat() if isinstance(value, dt.date) else value), prop.name


def test_text_of_any_kind_survives(records: Records) -> None:
    """Quotation marks, line ends, Chinese, a closing script tag."""
    title = 'He said "no"\n</script> 讨薪 \\ \t\u2028'
    made = records.incident("strikes", title_en=title)
    records.publish()
    assert records.properties(made, "strikes")["title_en"] == title


def test_amounts_have_no_trailing_zeros(records: Records) -> None:
    """3000.00 is 3000, 61800.50 is 61800.5."""
    made = records.incident("calls_for_help", amount_claimed_cny="61800.50", amount_recovered_cny="3000.00")
    records.publish()
    text = json.dumps(records.properties(made, "calls_for_help"))
    assert '"amount_claimed_cny": 61800.5,' in text
    assert '"amount_recovered_cny": 3000,' in text


def test_an_empty_list_is_unknown(records: Records) -> None:
    """The filter `unknown` asks for NULL."""
    made = records.incident("strikes", demands=[], employers=[])
    records.publish()
    assert records.row(made, "strikes")["demands"] is None
    assert records.properties(made, "strikes")["employers"] is None


def test_publishing_again_writes_nothing(records: Records) -> None:
    """Not a row is touched, and the version stays."""
    call = records.incident("calls_for_help")
    records.case(records.incident("strikes"), call)
    publish_all(records.connection)
    before = contents(records.connection)
    assert publish_all(records.connection) == 0
    assert contents(records.connection) == before


def test_one_batch_publishes_its_records_and_no_others(records: Records) -> None:
    """The others are as they were."""
    mine, other = records.incident("strikes"), records.incident("strikes", batch_id=records.batch())
    assert records.publish() == 1
    assert records.feature(mine, "strikes") is not None
    assert records.feature(other, "strikes") is None


def test_a_change_is_told_with_the_names_of_what_changed(records: Records) -> None:
    """Only public names: the notes of the editors are none."""
    made = records.incident("strikes")
    records.publish()
    public_id = records.public_id(made, "strikes")
    records.change(made, "strikes", title_en="Another title", regions=[SHENZHEN], editor_notes="x")
    assert records.publish() == 1
    inserted, updated = changes(records.connection)
    assert inserted == (public_id, "insert", None)
    names = ["geometry", "location_precision", "county", "regions", "title_en", "uncertainty_m"]
    assert updated == (public_id, "update", sorted(names))


def test_a_change_that_the_public_does_not_see_changes_nothing(records: Records) -> None:
    """A call moved within its city and its month."""
    call = records.incident("calls_for_help")
    records.publish()
    before = contents(records.connection)
    records.change(call, "calls_for_help", regions=["440305"], starts_on=dt.date(2021, 3, 2), contact="x")
    assert records.publish() == 0
    assert contents(records.connection) == before


def test_the_day_of_the_last_change_moves_with_a_change_only(records: Records) -> None:
    """An unchanged feature keeps its day."""
    changed, kept = records.incident("strikes"), records.incident("strikes")
    records.publish()
    records.connection.exec_driver_sql("UPDATE published.feature SET updated_on = '2020-01-01'")
    records.connection.exec_driver_sql(
        "UPDATE published.feature_text SET geojson = regexp_replace(geojson, '[0-9-]{10}\"}}$', '2020-01-01\"}}')"
    )
    records.change(changed, "strikes", title_en="Another title")
    assert records.publish() == 1
    assert records.properties(kept, "strikes")["updated_on"] == "2020-01-01"
    assert records.properties(changed, "strikes")["updated_on"] != "2020-01-01"
    assert records.row(changed, "strikes")["updated_on"] != dt.date(2020, 1, 1)


def test_a_withheld_record_goes_without_a_trace(records: Records) -> None:
    """Its row goes, the feed says so, and no stub stays."""
    made = records.incident("strikes")
    records.publish()
    public_id = records.public_id(made, "strikes")
    records.change(made, "strikes", withheld=True)
    assert records.publish() == 1
    assert records.feature(made, "strikes") is None
    assert changes(records.connection)[-1] == (public_id, "delete", None)
    assert records.connection.scalar(sa.text("SELECT count(*) FROM published.retraction")) == 0


def test_of_a_retracted_record_a_stub_stays(records: Records) -> None:
    """Id, layer and day; it goes when the record comes back, or is withheld after all."""
    made = records.incident("strikes")
    records.publish()
    stubs = sa.text("SELECT public_id, layer FROM published.retraction")
    records.change(made, "strikes", status="retracted")
    records.publish()
    assert records.connection.execute(stubs).all() == [(records.public_id(made, "strikes"), "strikes")]
    records.change(made, "strikes", status="published")
    records.publish()
    assert records.connection.execute(stubs).all() == []
    records.change(made, "strikes", status="retracted")
    records.publish()
    records.change(made, "strikes", withheld=True)
    records.publish()
    assert records.connection.execute(stubs).all() == []


def test_a_record_that_is_gone_is_gone_from_the_public(records: Records) -> None:
    """A batch that was taken back removes its records; the history names them."""
    made = records.incident("strikes")
    records.publish()
    undo = records.batch()
    records.connection.execute(
        sa.text(
            "INSERT INTO editorial.record_version (layer, record_id, version, batch_id, op, actor) "
            "VALUES ('strikes', :made, 2, :undo, 'delete', 'operator')"
        ),
        {"made": made, "undo": undo},
    )
    records.connection.execute(sa.text("DELETE FROM editorial.incident WHERE id = :made"), {"made": made})
    assert publish_batch(records.connection, undo) == 1
    assert records.feature(made, "strikes") is None


def test_the_version_moves_once_a_transaction(records: Records) -> None:
    """However many features change, and however often publishing is called."""
    version = sa.text("SELECT version FROM published.dataset_version")
    before = records.connection.execute(version).scalar_one()
    for _ in range(3):
        records.incident("strikes")
        records.publish()
    assert records.connection.execute(version).scalar_one() == before + 1
    told = records.connection.scalars(sa.text("SELECT DISTINCT dataset_version FROM published.change")).all()
    assert told == [before + 1]


@pytest.fixture
def own_engine(engine: sa.Engine) -> Iterator[sa.Engine]:
    """The session's database for tests that commit; what they publish and load is removed afterwards."""
    yield engine
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM editorial.incident")
        connection.exec_driver_sql("DELETE FROM editorial.publication")
        connection.exec_driver_sql("DELETE FROM editorial.batch")
        connection.exec_driver_sql("DELETE FROM published.feature")
        connection.exec_driver_sql("DELETE FROM published.change")


def test_a_commit_that_changed_something_wakes_the_readers(own_engine: sa.Engine) -> None:
    """NOTIFY carries the new version; a run that changes nothing, or is rolled back, says nothing."""
    with own_engine.connect() as listening:
        listening.exec_driver_sql("LISTEN labourmap_dataset")
        listening.commit()
        with own_engine.begin() as connection:
            records = Records(connection)
            made = records.incident("strikes")
            records.publish()
            version = connection.scalar(sa.text("SELECT version FROM published.dataset_version"))
        with own_engine.begin() as connection:
            assert publish_batch(connection, records.own_batch()) == 0
        with own_engine.connect() as connection:
            Records(connection).change(made, "strikes", title_en="Another title")
            assert publish_batch(connection, records.own_batch()) == 1
        driver = listening.connection.driver_connection
        assert driver is not None
        assert [note.payload for note in driver.notifies(timeout=0.5)] == [str(version)]
