"""A record that is taken down is nowhere any more, and does not come back."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from geo.database import metadata
from geo.errors import DataError, NotAllowed, NotFound, SetupError
from geo.loading.load import load_file
from geo.loading.request import LoadReport, LoadRequest
from geo.publishing.publish import publish_batch
from geo.records.history import read_history
from geo.records.lifting import ask_to_lift, lift, list_tombstones
from geo.records.record_keys import RecordKey, find_record
from geo.records.tables import incident
from geo.records.takedown import KEPT, REMOVED_EN, take_down
from geo.records.tombstones import load_tombstones, make_marks, read_key
from tests.geo.loading.conftest import TODAY, write_csv
from tests.geo.records.conftest import STRIKE, Save, Shown

CANARIES = (
    *("Strike at Canaryworks", "Canary in the mine", "canary street", "Canary Company", "canary contact"),
    *("Wang Canary", "canary raw", "canary note", "canary demand", "news.example/canary", "Earlier canary"),
    *("113.91234", "canary reason"),
)
TELLING = STRIKE | {
    "title_en": "Strike at Canaryworks", "description_en": "Canary in the mine.", "place_text_en": "canary street",
    "employers": "Canary Company", "contact": "canary contact", "person_names": "Wang Canary", "raw_text": "canary raw",
    "demands": "wage_arrears; canary demand", "sources": "A newspaper https://news.example/canary",
    "lon": "113.91234", "lat": "22.56789", "datum": "wgs84", "location_precision": "exact", "region": "440306",
}  # fmt: skip
REFERENCE = ("region", "boundar", "topology", "place_name", "term")


@pytest.fixture
def keyed(connection: sa.Connection, tmp_path: Path) -> sa.Connection:
    """The test's connection, which carries the key of the tombstones."""
    return connection.execution_options(tombstone_key=read_key(tmp_path))


@pytest.fixture
def told(keyed: sa.Connection, save: Save) -> RecordKey:
    """A public strike with a past, each of whose texts is a canary."""
    saved = save(TELLING | {"title_en": "Earlier canary"})
    assert saved.outcome == "inserted", [message.render() for message in saved.messages]
    key = find_record(keyed, f"incident-{saved.record_id}")
    save(TELLING, key=key, reason="canary reason", decisions={"editor_notes": "canary note"})
    return key


def find_in_tables(connection: sa.Connection, *texts: str) -> set[tuple[str, str]]:
    """Return (table, text) for each table of both schemas in any of whose rows a text stands.

    Tables that only installing regions and vocabularies fills are left out: their outlines are megabytes of digits.
    """
    found = set()
    for table in metadata.tables.values():
        if table.schema in {"editorial", "published"} and not table.name.startswith(REFERENCE):
            there = f"SELECT FROM {table.fullname} AS t WHERE strpos(lower(t::text), lower(wanted)) > 0"
            asked = f"SELECT wanted FROM unnest(CAST(:texts AS text[])) AS wanted WHERE EXISTS ({there})"
            found |= {(table.name, text) for text in connection.scalars(sa.text(asked), {"texts": list(texts)})}
    return found


def load(connection: sa.Connection, tmp_path: Path, rows: list[dict[str, str]], layer: str = "strikes") -> LoadReport:
    """Load rows as a file of the data set "test"."""
    path = write_csv(tmp_path / "rows.csv", rows)
    return load_file(connection, LoadRequest(layer=layer, path=path, source="test", today=TODAY))


def remove(connection: sa.Connection, key: RecordKey, scope: str = "record") -> None:
    """Take a record down and publish that."""
    publish_batch(connection, take_down(connection, key, actor="lin", reason="person", scope=scope))


def test_the_canaries_are_there_before(keyed: sa.Connection, told: RecordKey) -> None:
    """Else their absence would say nothing."""
    assert told.public_id
    assert {text for _, text in find_in_tables(keyed, *CANARIES)} == set(CANARIES)


@pytest.mark.parametrize("scope", ["record", "fields"])
def test_what_it_said_is_nowhere_any_more(keyed: sa.Connection, told: RecordKey, scope: str) -> None:
    """In no table, in no version, in no reason; the point neither."""
    geometry = keyed.scalar(sa.text("SELECT geometry::text FROM editorial.incident"))
    remove(keyed, told, scope)
    assert find_in_tables(keyed, *CANARIES, str(geometry)) == set()


def test_the_public_row_goes_and_the_feed_says_so(keyed: sa.Connection, told: RecordKey, shown: Shown) -> None:
    """No stub is left, as of a retracted one."""
    remove(keyed, told)
    assert shown() == []
    assert keyed.scalar(sa.text("SELECT count(*) FROM published.retraction")) == 0
    op = keyed.scalar(
        sa.text("SELECT op FROM published.change WHERE public_id = :id ORDER BY id DESC LIMIT 1"),
        {"id": told.public_id},
    )
    assert op == "delete"
    with pytest.raises(NotFound):
        find_record(keyed, told.public_id or "")


def test_the_history_keeps_who_and_when(keyed: sa.Connection, told: RecordKey) -> None:
    """And nothing of what."""
    remove(keyed, told)
    versions = read_history(keyed, told)
    assert [(version.version, version.op, version.erased, version.reason) for version in versions] == [
        (3, "erase", True, "person"), (2, "update", True, None), (1, "insert", True, None),
    ]  # fmt: skip
    assert versions[0].actor == "lin"


def test_of_fields_the_codes_dates_and_region_stay(keyed: sa.Connection, told: RecordKey, shown: Shown) -> None:
    """The record is still counted; its place is a region."""
    remove(keyed, told, "fields")
    (feature,) = shown()
    properties = feature["properties"]
    assert (feature["id"], properties["title_en"], properties["starts_on"]) == (
        told.public_id,
        REMOVED_EN,
        "2020-03-05",
    )
    assert (properties["industry"], properties["county"], properties["location_precision"]) == (
        "manufacturing", "440306", "county",
    )  # fmt: skip
    assert (properties["sources"], properties["employers"], properties["demands_other"]) == ([], None, None)
    newest = read_history(keyed, told)[0]
    assert (newest.op, newest.erased) == ("erase", False)


def test_every_column_is_kept_or_wiped_on_purpose() -> None:
    """A new text column is wiped without another line; what is kept is no text that somebody wrote."""
    texts = {column.name for column in incident.columns if column.name.endswith(("_en", "_zh_hans", "_text", "_other"))}
    assert not texts & KEPT


@pytest.mark.parametrize("scope", ["record", "fields"])
@pytest.mark.parametrize(
    "row",
    [
        {"source_id": "T-1", "title_en": "Quite another title"},
        {"source_id": "T-9", "title_en": "STRIKE  at canaryworks!"},
        {"source_id": "T-9", "title_en": "Earlier canary"},
    ],
    ids=["its id", "its title", "an earlier title"],
)
def test_the_same_row_is_refused(
    keyed: sa.Connection, told: RecordKey, tmp_path: Path, row: dict[str, str], scope: str
) -> None:
    """By its id or by day and title, whatever the letters; and nothing of it stays in the batch."""
    remove(keyed, told, scope)
    base = {"starts_on": "2020-03-05", "region": "440300", "sources": "A newspaper"}
    report = load(keyed, tmp_path, [base | row])
    (message,) = (message for message in report.messages if message.problem.code == "ID_TOMBSTONED")
    assert (report.loaded, message.row_no) == (False, 2)
    assert "was removed on request on" in message.render("en")
    assert find_in_tables(keyed, row["title_en"]) == set()


def test_other_rows_are_loaded_as_ever(keyed: sa.Connection, told: RecordKey, tmp_path: Path) -> None:
    """The same title on another day, the same day with another title."""
    remove(keyed, told)
    base = {"region": "440300", "sources": "A newspaper"}
    rows = [
        base | {"source_id": "T-2", "starts_on": "2020-03-06", "title_en": "Strike at Canaryworks"},
        base | {"source_id": "T-3", "starts_on": "2020-03-05", "title_en": "Another strike"},
    ]
    assert load(keyed, tmp_path, rows).inserted == 2


def test_a_typed_record_cannot_bring_it_back(keyed: sa.Connection, told: RecordKey, save: Save) -> None:
    """A form is a file of one row."""
    remove(keyed, told)
    saved = save(TELLING)
    assert (saved.outcome, {m.problem.code for m in saved.messages if m.problem.rejects}) == (
        "rejected",
        {"ID_TOMBSTONED"},
    )


def test_without_the_right_key_nothing_is_loaded(keyed: sa.Connection, told: RecordKey, tmp_path: Path) -> None:
    """A key that was lost would let everything back in."""
    remove(keyed, told)
    other = keyed.execution_options(tombstone_key=b"another key")
    with pytest.raises(SetupError):
        load(other, tmp_path, [STRIKE])
    with pytest.raises(SetupError):
        load_tombstones(other.execution_options(tombstone_key=None))


def test_lifting_takes_two_people(keyed: sa.Connection, told: RecordKey, tmp_path: Path) -> None:
    """Then the same row is loaded again, as a new record."""
    remove(keyed, told)
    (stone,) = list_tombstones(keyed)
    with pytest.raises(DataError):
        lift(keyed, stone.id, actor="wang")
    ask_to_lift(keyed, stone.id, actor="lin")
    with pytest.raises(NotAllowed):
        lift(keyed, stone.id, actor="lin")
    lift(keyed, stone.id, actor="wang")
    with pytest.raises(DataError):
        ask_to_lift(keyed, stone.id, actor="lin")
    row = {name: TELLING[name] for name in ("source_id", "starts_on", "title_en", "region", "sources")}
    assert load(keyed, tmp_path, [row]).inserted == 1


def test_the_database_itself_wants_the_second_person(keyed: sa.Connection, told: RecordKey) -> None:
    """Whatever a program does."""
    remove(keyed, told)
    with pytest.raises(sa.exc.IntegrityError, match="second_person"):
        keyed.execute(sa.text("UPDATE editorial.tombstone SET lift_asked_by = 'lin', lifted_by = 'lin'"))


def test_a_mark_tells_nothing_without_the_key() -> None:
    """Another key makes other marks of the same words."""
    values = {"title_en": "A strike", "starts_on": "2020-03-05", "legacy_id": "123"}
    one, other = make_marks(b"one", "s", "1", values), make_marks(b"other", "s", "1", values)
    assert (len(one), set(one) & set(other)) == (3, set())


def test_a_linked_case_forgets_the_incident(
    keyed: sa.Connection, told: RecordKey, tmp_path: Path, shown: Shown
) -> None:
    """Its public row no longer names it."""
    case = {
        "source_id": "C-1", "incident_ids": "T-1", "starts_on": "2020-04-01", "title_en": "Asking the union",
        "contact_no": "1", "union_level": "county", "union_region": "440306", "sources": "A newspaper",
    }  # fmt: skip
    report = load(keyed, tmp_path, [case], "accountability")
    assert report.loaded, [message.render() for message in report.messages]
    publish_batch(keyed, report.batch_id or 0)
    assert any(feature["properties"].get("incidents") == [told.public_id] for feature in shown())
    remove(keyed, told)
    (left,) = shown()
    assert left["properties"]["incidents"] == []
    key = find_record(keyed, left["id"])
    remove(keyed, key)
    assert (shown(), find_in_tables(keyed, "Asking the union")) == ([], set())
