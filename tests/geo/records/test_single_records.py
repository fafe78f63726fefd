"""One record typed, changed, taken back and brought back, with its history, on the real database."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from geo.errors import DataError, NotFound, Stale
from geo.layers import INCIDENTS
from geo.loading.record_cells import form_columns, read_cells
from geo.publishing.publish import publish_batch
from geo.records.history import read_history
from geo.records.record_keys import RecordKey, find_record
from geo.records.restoring import restore_version
from geo.records.retraction import retract_record
from tests.geo.records.conftest import STRIKE, Save, Shown


def field(connection: sa.Connection, key: RecordKey, name: str) -> object:
    """Return a column of a record."""
    return connection.scalar(sa.text(f"SELECT {name} FROM editorial.incident WHERE id = :id"), {"id": key.id})


def test_a_typed_record_is_public_at_once(made: RecordKey, shown: Shown) -> None:
    """In the same transaction; restricted fields are not."""
    (feature,) = shown()
    assert made.public_id == feature["id"]
    assert feature["properties"]["title_en"] == STRIKE["title_en"]
    assert feature["properties"]["demands_other"] == ["something else"]
    assert "13800138000" not in str(feature)


def test_a_typed_record_is_checked_as_a_row_of_a_file_is(connection: sa.Connection, save: Save) -> None:
    """The same codes, every fault at once, and nothing is written."""
    faulty = STRIKE | {
        "industry": "xyz",
        "starts_on": "2020-02-30",
        "lon": "22.5431",
        "lat": "114.0579",
        "datum": "wgs84",
    }
    saved = save(faulty | {"description_en": "Call 13800138000"}, decisions={"embargo_days": "soon"})
    codes = {(message.column, message.problem.code) for message in saved.messages if message.problem.rejects}
    assert codes == {
        ("industry", "VOC_UNKNOWN"), ("starts_on", "DATE_IMPOSSIBLE"), ("lon", "GEO_SWAPPED"),
        ("description_en", "PII_PHONE"), ("embargo_days", "NUM_BAD"),
    }  # fmt: skip
    assert (saved.outcome, saved.batch_id) == ("rejected", None)
    assert connection.scalar(sa.text("SELECT count(*) FROM editorial.incident")) == 0
    assert connection.scalar(sa.text("SELECT count(*) FROM editorial.batch")) == 0


def test_a_record_without_an_id_is_given_one(connection: sa.Connection, save: Save) -> None:
    """One that looks like another is doubted; a person who says so made two."""
    typed = {name: cell for name, cell in STRIKE.items() if not name.startswith("source_")}
    first, doubted, second = save(typed), save(typed), save(typed, confirmed=True)
    assert {message.problem.code for message in doubted.messages if message.problem.rejects} == {"DUP_CORRECTION"}
    assert first.record_id != second.record_id
    key = find_record(connection, f"incident-{first.record_id}")
    assert field(connection, key, "source_system") == "editors"


def test_pressing_the_button_twice_makes_one_record(connection: sa.Connection, save: Save) -> None:
    """The same press is known by its token."""
    first, second = save(STRIKE, press="press-1"), save(STRIKE | {"title_en": "Other"}, press="press-1")
    assert (first.record_id, second.again) == (second.record_id, True)
    assert connection.scalar(sa.text("SELECT count(*) FROM editorial.record_version")) == 1


def test_a_change_is_a_version_with_its_reason(connection: sa.Connection, made: RecordKey, save: Save) -> None:
    """Field by field, with actor, batch and reason."""
    save({"title_en": "Strike at Foxconn"}, key=made, version=1, reason="the company is known", actor="wang")
    newest, oldest = read_history(connection, made)
    (difference,) = newest.differences
    assert (difference.field, difference.before, difference.after) == (
        "title_en", STRIKE["title_en"], "Strike at Foxconn",
    )  # fmt: skip
    assert (newest.version, newest.actor, newest.reason, newest.batch_kind) == (
        2,
        "wang",
        "the company is known",
        "edit",
    )
    assert (oldest.op, oldest.version) == ("insert", 1)
    assert {"title_en", "regions", "contact"} <= {change.field for change in oldest.differences}


def test_a_change_of_a_stale_version_is_refused(made: RecordKey, save: Save) -> None:
    """With the version that it has now, and who made it."""
    save({"title_en": "One"}, key=made, version=1)
    with pytest.raises(Stale, match=r"version 1 -> 2, by lin") as stale:
        save({"title_en": "Two"}, key=made, version=1)
    assert stale.value.version == 2


def test_the_cells_of_a_record_read_again_change_nothing(
    connection: sa.Connection, made: RecordKey, save: Save
) -> None:
    """What the form shows is what it takes."""
    cells, decisions = read_cells(connection, made.id)
    assert (cells["demands"], cells["sources"]) == (STRIKE["demands"], STRIKE["sources"])
    assert save(cells, key=made, version=1).outcome == "unchanged"
    assert decisions["withheld"] is False


def test_what_a_form_cannot_show_stays(connection: sa.Connection, save: Save) -> None:
    """The coordinates as reported, the publisher of a source that was there."""
    point = {"lon": "114.063014", "lat": "22.540383", "datum": "gcj02"}
    saved = save(STRIKE | point)
    key = find_record(connection, f"incident-{saved.record_id}")
    connection.execute(sa.text("UPDATE editorial.incident SET sources = jsonb_set(sources, '{0,publisher}', '\"P\"')"))
    cells, _ = read_cells(connection, key.id)
    save(cells | {"title_en": "Another", "sources": cells["sources"] + "; A second"}, key=key)
    assert field(connection, key, "reported_coordinates") == "114.063014, 22.540383 (gcj02)"
    assert field(connection, key, "sources->0->>'publisher'") == "P"
    assert field(connection, key, "sources->1->>'title'") == "A second"


def test_an_emptied_cell_empties_the_record(connection: sa.Connection, made: RecordKey, save: Save) -> None:
    """A column that is not sent stays."""
    save({"demands": "", "participants_min": "0"}, key=made, version=1)
    assert (field(connection, made, "demands"), field(connection, made, "demands_other")) == (None, None)
    assert (field(connection, made, "participants_min"), field(connection, made, "industry")) == (0, "manufacturing")


def test_decisions_are_kept_and_are_part_of_the_history(
    connection: sa.Connection, made: RecordKey, save: Save, shown: Shown
) -> None:
    """Coarser places, and what is withheld altogether; a later file leaves them."""
    save({}, key=made, version=1, decisions={"override_precision": "province", "editor_notes": "see the letter"})
    assert shown()[0]["properties"]["location_precision"] == "province"
    save({"title_en": "Other"}, key=made, version=2)
    assert field(connection, made, "override_precision") == "province"
    save({}, key=made, version=3, decisions={"withheld": "true"})
    assert shown() == []
    newest = read_history(connection, made)[0]
    assert [(change.field, change.after) for change in newest.differences] == [("withheld", True)]


def test_a_record_goes_back_to_an_earlier_version(
    connection: sa.Connection, made: RecordKey, save: Save, shown: Shown
) -> None:
    """Everything as it was, public too, and the history keeps the detour."""
    before = shown()
    save({"title_en": "Wrong", "region": "440100", "demands": ""}, key=made, decisions={"editor_notes": "n"})
    batch_id = restore_version(connection, made, 1, told=("wang", "was right"), based_on=2)
    publish_batch(connection, batch_id)
    assert shown() == before
    assert field(connection, made, "editor_notes") is None
    newest = read_history(connection, made)[0]
    assert (newest.version, newest.reason) == (3, "was right")
    with pytest.raises(DataError):
        restore_version(connection, made, 3, told=("wang", None))
    with pytest.raises(NotFound):
        restore_version(connection, made, 9, told=("wang", None))


def test_a_restored_record_is_known_to_files_as_before(connection: sa.Connection, made: RecordKey, save: Save) -> None:
    """Its identity follows its date, title, province and employers."""
    identity = field(connection, made, "identity_hash")
    save({"title_en": "Wrong"}, key=made)
    assert field(connection, made, "identity_hash") != identity
    restore_version(connection, made, 1, told=("wang", None))
    assert field(connection, made, "identity_hash") == identity


def test_a_retracted_record_leaves_a_stub_and_comes_back(
    connection: sa.Connection, made: RecordKey, shown: Shown
) -> None:
    """It is gone from the map, not from the history, and can be restored."""
    before = shown()
    publish_batch(connection, retract_record(connection, made, actor="lin", reason="it did not happen", version=1))
    assert shown() == []
    assert connection.scalar(sa.text("SELECT public_id FROM published.retraction")) == made.public_id
    newest = read_history(connection, made)[0]
    assert (newest.op, newest.reason, [change.field for change in newest.differences]) == (
        "delete", "it did not happen", ["status"],
    )  # fmt: skip
    with pytest.raises(DataError):
        retract_record(connection, made, actor="lin", reason="again")
    publish_batch(connection, restore_version(connection, made, 1, told=("lin", "it did")))
    assert shown() == before


def test_a_record_is_found_by_its_names(connection: sa.Connection, made: RecordKey) -> None:
    """By its public id or by its key; what was never there is not found."""
    assert find_record(connection, made.public_id or "") == find_record(connection, f"incident-{made.id}") == made
    for name in ("S-2020-999999", "incident-999999", "case-1", "1", "", "S-2020-000001'--"):
        with pytest.raises(NotFound):
            find_record(connection, name)


@pytest.mark.parametrize("layer", INCIDENTS)
def test_every_layer_can_be_typed(layer: str, save: Save) -> None:
    """A form has every column of its layer that a file has and that stands for itself."""
    columns = form_columns(layer)
    assert len(columns) == len(set(columns))
    assert {"title_en", "region", "lon", "lat", "datum", "location_precision", "sources", "contact"} <= set(columns)
    cells = {"starts_on": "2020-03-05", "title_en": "Something happened", "region": "440300", "sources": "A newspaper"}
    assert save(cells, layer=layer).outcome == "inserted"


def test_columns_that_are_none_are_refused(save: Save) -> None:
    """Nobody sets a version or a status through the fields."""
    with pytest.raises(DataError):
        save(STRIKE | {"status": "published"})
    with pytest.raises(DataError):
        save(STRIKE, decisions={"version": "7"})
    with pytest.raises(DataError):
        save(STRIKE, layer="accountability")
