from __future__ import annotations

import os
import re
from pathlib import Path

import pydantic
import pytest

from app.settings import TEST_VARIABLES, EditorSettings, OwnerSettings, ReaderSettings, load_settings, name_variable
from geo.errors import SetupError

ROOT = Path(__file__).parents[2]
READER_URL = "postgresql+psycopg://labourmap_reader:hidden@localhost/labourmap"
OWNER_URL = "postgresql+psycopg://labourmap:hidden@localhost/labourmap"


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start every test from an environment without settings."""
    for name in list(os.environ):
        if name.startswith("LABOURMAP_"):
            monkeypatch.delenv(name)


def test_nothing_has_to_be_set() -> None:
    """Without a setting the application runs a database of its own and listens on this machine only."""
    settings = load_settings(OwnerSettings)
    assert (settings.database_url, settings.host, settings.port) == (None, "127.0.0.1", 8000)


def test_an_unknown_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A misspelt setting is an error, not a setting that silently does nothing."""
    monkeypatch.setenv("LABOURMAP_DATABSE_URL", "postgresql://u:secret@h/d")
    with pytest.raises(SetupError, match="LABOURMAP_DATABSE_URL is not a setting") as caught:
        load_settings(OwnerSettings)
    assert "secret" not in str(caught.value)


def test_variables_of_the_tests_are_let_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's shell may name the test data and serve as well."""
    monkeypatch.setenv("LABOURMAP_CLB_DIR", "anywhere")
    assert load_settings(OwnerSettings).port == 8000


def test_the_public_process_refuses_the_owner_s_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """A public process that was handed the owner's credential by mistake does not start."""
    monkeypatch.setenv("LABOURMAP_READER_URL", READER_URL)
    monkeypatch.setenv("LABOURMAP_DATABASE_URL", OWNER_URL)
    with pytest.raises(SetupError, match="LABOURMAP_DATABASE_URL is not a setting of this process"):
        load_settings(ReaderSettings)


def test_a_missing_address_is_named() -> None:
    """The public process says which variable it lacks."""
    with pytest.raises(SetupError, match="LABOURMAP_READER_URL: Field required"):
        load_settings(ReaderSettings)


@pytest.mark.parametrize("given", ["LABOURMAP_DATABASE_URL", "LABOURMAP_READER_URL"])
def test_the_two_addresses_go_together(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    """The reader is never left with another database than the owner's."""
    monkeypatch.setenv(given, READER_URL)
    with pytest.raises(SetupError, match="go together"):
        load_settings(OwnerSettings)


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("PORT", "70000", "less than or equal to 65535"),
        ("PORT", "http", "valid integer"),
        ("DEFAULT_LANGUAGE", "cn", "must be one of: en, zh-Hans, zh-Hant"),
        ("BASE_URL", "ftp://map.example", "URL scheme"),
    ],
)
def test_a_wrong_value_is_explained(monkeypatch: pytest.MonkeyPatch, name: str, value: str, reason: str) -> None:
    """The message names the variable and what it may hold."""
    monkeypatch.setenv(f"LABOURMAP_{name}", value)
    with pytest.raises(SetupError, match=f"LABOURMAP_{name}: .*{reason}"):
        load_settings(OwnerSettings)


@pytest.mark.parametrize("address", ["mysql://u:hidden@h/d", "not an address with hidden words"])
def test_a_wrong_address_is_never_repeated(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """An address holds a password, so no message shows it."""
    monkeypatch.setenv("LABOURMAP_READER_URL", address)
    with pytest.raises(SetupError, match="LABOURMAP_READER_URL: ") as caught:
        load_settings(ReaderSettings)
    assert "hidden" not in str(caught.value)


def test_settings_shown_do_not_show_passwords() -> None:
    """A settings object in a log or a traceback keeps its secrets."""
    assert "hidden" not in repr(ReaderSettings(reader_url=READER_URL))
    assert "hidden" not in repr(OwnerSettings(database_url=OWNER_URL, reader_url=READER_URL))


def test_settings_cannot_be_changed() -> None:
    """What a process was started with is what it runs with."""
    settings = ReaderSettings(reader_url=READER_URL)
    with pytest.raises(pydantic.ValidationError, match="frozen"):
        settings.port = 1


@pytest.mark.parametrize(
    "written",
    ["postgresql://a:b@h/d", "postgres://a:b@h/d", "postgresql+asyncpg://a:b@h/d", "postgresql+psycopg://a:b@h/d"],
)
def test_any_spelling_of_the_address_uses_our_driver(written: str) -> None:
    """Addresses come from many providers; one driver is used."""
    assert ReaderSettings(reader_url=written).reader_url == "postgresql+psycopg://a:b@h/d"


def test_several_hosts_stay_in_the_address() -> None:
    """A standby can be named beside the primary."""
    written = "postgresql+psycopg://a:b@/d?host=one:5431&host=two:5432&target_session_attrs=prefer-standby"
    assert ReaderSettings(reader_url=written).reader_url.count("host=") == 2


def test_hosts_are_split_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    """A list is written as people write lists."""
    monkeypatch.setenv("LABOURMAP_ALLOWED_HOSTS", "map.example, www.map.example")
    assert load_settings(OwnerSettings).allowed_hosts == ("map.example", "www.map.example")


def test_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compose files hand over empty variables for what is not set."""
    monkeypatch.setenv("LABOURMAP_CONTACT", "")
    assert load_settings(OwnerSettings).contact is None


def test_every_setting_is_documented() -> None:
    """docs/settings.md has one row for each setting, and none for what is no setting."""
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    rows = set(re.findall(r"^\| `(LABOURMAP_\w+)` \|", text, re.MULTILINE))
    fields = OwnerSettings.model_fields.keys() | ReaderSettings.model_fields.keys() | EditorSettings.model_fields.keys()
    assert rows == {name_variable(field) for field in fields} | TEST_VARIABLES
