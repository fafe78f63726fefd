from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from geo.accounts.tables import account, one_time_link
from geo.cluster import Cluster
from geo.database import READER_ROLE, make_engine
from geo.records.audit import audit_entry
from tests.conftest import copy_database


@pytest.fixture(scope="module")
def addresses(cluster: Cluster, template: str) -> Iterator[dict[str, str]]:
    """The settings that lead to a database of the module's own."""
    name = f"account_command_{os.getpid()}"
    url = copy_database(cluster, template, name)
    yield {"LABOURMAP_DATABASE_URL": url, "LABOURMAP_READER_URL": cluster.url(name, READER_ROLE)}
    cluster.drop_database(name)


@pytest.fixture(scope="module")
def engine(addresses: dict[str, str]) -> Iterator[sa.Engine]:
    """The owner's engine on it."""
    made = make_engine(addresses["LABOURMAP_DATABASE_URL"])
    yield made
    made.dispose()


def run(addresses: dict[str, str], *words: str, code: int = 0, base: str = "") -> str:
    """Run `labourmap account` and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", "from app.cli import main; main()", "account", *words],
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **addresses, "LABOURMAP_EDITOR_BASE_URL": base},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


def test_the_first_admin_gets_a_link_and_no_password(addresses: dict[str, str], engine: sa.Engine) -> None:
    """It leads to where the editors' pages are, for half an hour; its secret is nowhere in the database."""
    said = run(addresses, "create", "lin", "--role", "admin")
    token = re.search(r"^http://localhost:8001/editor/first-password/([\w-]{43})$", said, re.MULTILINE)
    assert token is not None
    with engine.connect() as connection:
        row = connection.execute(sa.select(account).where(account.c.name == "lin")).one()
        assert (row.role, row.password_hash, row.made_by) == ("admin", None, "operator")
        kept = connection.execute(sa.select(one_time_link)).one()
        assert (kept.ends_at - kept.made_at).total_seconds() == 30 * 60
        assert token[1].encode() not in kept.token_sha256
        actions = connection.scalars(sa.select(audit_entry.c.action).where(audit_entry.c.actor == "operator")).all()
        assert actions == ["account.create"]


def test_the_link_leads_through_the_proxy(addresses: dict[str, str]) -> None:
    """Where one is set."""
    said = run(addresses, "create", "mei", "--role", "viewer", base="https://editors.map.example")
    assert "\nhttps://editors.map.example/editor/first-password/" in said


def test_a_name_is_given_once(addresses: dict[str, str]) -> None:
    """Also when its account is disabled; and there is no role by default."""
    run(addresses, "create", "wu", "--role", "editor")
    run(addresses, "disable", "wu")
    assert "names are given once" in run(addresses, "create", "wu", "--role", "editor", code=1)
    assert "2 to 40 small letters" in run(addresses, "create", "operator", "--role", "editor", code=1)
    assert "Missing option '--role'" in run(addresses, "create", "li", code=2)
    assert "Nobody has this name" in run(addresses, "disable", "nobody", code=1)


def test_the_operator_is_the_second_person(addresses: dict[str, str]) -> None:
    """Of an organisation with one admin."""
    run(addresses, "create", "zhao", "--role", "viewer")
    run(addresses, "role", "zhao", "reviewer")
    run(addresses, "disable", "zhao")
    run(addresses, "enable", "zhao")
    assert "zhao\treviewer\tno password yet\twithout codes\n" in run(addresses, "list")


def test_a_reset_takes_password_and_codes(addresses: dict[str, str], engine: sa.Engine) -> None:
    """The codes only when it is asked for."""
    run(addresses, "create", "sun", "--role", "editor")
    filled = {"password_hash": "x", "totp_secret": "y", "totp_confirmed_at": sa.func.now()}
    theirs = account.c.name == "sun"
    with engine.begin() as connection:
        connection.execute(sa.update(account).where(theirs).values(filled))
    assert "/editor/first-password/" in run(addresses, "reset", "sun")
    chosen = sa.select(account.c.password_hash, account.c.totp_secret).where(theirs)
    with engine.connect() as connection:
        assert tuple(connection.execute(chosen).one()) == (None, "y")
    run(addresses, "reset", "sun", "--codes")
    with engine.connect() as connection:
        assert tuple(connection.execute(chosen).one()) == (None, None)
