"""Batches over HTTP, on the real application, as a browser and as a program with a key."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from geo.cluster import Cluster
from geo.loading.stored_files import Incoming
from geo.loading.workflow_run import Worker
from geo.publishing.publish import publish_batch
from tests.editing import Browser, Editing, open_editing

BATCHES = "/api/editing/batches"
HEAD = "source_id,starts_on,title_en,region,sources,industry\n"


def a_file(count: int = 2, industry: str = "manufacturing", *, name: str = "") -> bytes:
    """A file of strikes that no other test has."""
    called = name or "".join(secrets.choice("abcdefghij") for _ in range(8))  # figures might look like a number to hide
    lines = (
        f"{called}-{n},2019-{n % 12 + 1:02d}-03,Walkout {called} {n},440300,Paper,{industry}" for n in range(count)
    )
    return (HEAD + "\n".join(lines) + "\n").encode()


@pytest.fixture(scope="module")
def editing(cluster: Cluster, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editing]:
    """The editors' application with a data directory of its own."""
    with open_editing(cluster, template, uploads_dir=tmp_path_factory.mktemp("uploads")) as opened:
        yield opened


@pytest.fixture
def work(editing: Editing) -> Any:
    """Let a worker do all that waits."""
    folder: Path = editing.app.state.settings.uploads_dir
    worker = Worker(editing.engine, folder, secrets.token_hex(4), publish_batch)

    def run() -> None:
        while worker.run_next() is not None:
            pass

    return run


def send(browser: Browser, content: bytes, layer: str = "strikes", **fields: str) -> httpx.Response:
    """Upload a file as a form of ours does."""
    data = {"layer": layer, "source": "test", **fields}
    return browser.call("POST", BATCHES, data=data, files={"file": ("strikes.csv", content)})


def test_a_file_goes_from_upload_to_records(editing: Editing, work: Any) -> None:
    """201, then its state, its rows and its messages, 202, and it is committed; all of it noted."""
    editor = editing.sign_in("editor")
    answer = send(editor, a_file(3))
    assert answer.status_code == 201
    address = answer.headers["location"]
    work()
    shown = editor.get(address).json()
    assert (shown["state"], shown["counts"]["inserted"]) == ("validated", 3)
    assert [row["class"] for row in editor.get(f"{address}/rows").json()["rows"]] == ["inserted"] * 3
    assert editor.get(f"{address}/rows?limit=2").json()["next"] == 3
    assert {one["code"] for one in editor.get(f"{address}/messages").json()["messages"]} >= {"GEO_MISSING"}
    public = editor.get(f"{address}/map").json()["features"]
    assert [one["properties"]["location_precision"] for one in public] == ["prefecture"] * 3
    assert editor.call("POST", f"{address}/commit", json={"content_hash": shown["content_hash"]}).status_code == 202
    work()
    assert editor.get(address).json()["state"] == "committed"
    with editing.engine.connect() as connection:
        noted = connection.scalars(
            sa.text("SELECT action FROM editorial.audit_entry WHERE actor = :actor ORDER BY id"), {"actor": editor.name}
        )
        assert list(noted) == ["batch.create", "batch.commit"]


def test_a_program_sends_the_bytes_and_tries_again(editing: Editing, work: Any) -> None:
    """After an answer that never came, the same bytes are the same batch: one, however often (R3)."""
    account_id = editing.add_account(f"bot-{secrets.token_hex(4)}", "editor")
    key = editing.make_key(account_id, "batch:create", "batch:commit")
    client, content = editing.anonymous(), a_file()
    asked = f"{BATCHES}?layer=strikes&source=test&file_name=a.csv"
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "text/csv"}
    own = {"Authorization": headers["Authorization"]}
    first = client.post(asked, content=content, headers=headers)
    again = client.post(asked, content=content, headers=headers)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    work()
    address = f"{BATCHES}/{first.json()['id']}"
    seen = client.get(address, headers=headers).json()["content_hash"]
    for _ in range(3):
        answer = client.post(f"{address}/commit", json={"content_hash": seen}, headers=own)
        assert answer.status_code == 202
        work()
    late = client.post(asked, content=content, headers=headers)
    assert (late.status_code, late.json()["state"], late.json()["same"]["code"]) == (200, "committed", "BATCH_SAME")


def test_a_batch_of_somebody_else_is_not_there(editing: Editing, work: Any) -> None:
    """404 for another editor and for a viewer, whatever they try; a reviewer sees it (attack 33)."""
    address = send(editing.sign_in("editor"), a_file()).headers["location"]
    work()
    for role in ("editor", "viewer"):
        other = editing.sign_in(role)
        for part in ("", "/rows", "/differences", "/messages", "/map", "/report"):
            assert other.get(f"{address}{part}").status_code == 404
        for part, body in (
            ("commit", {"content_hash": "0" * 64}),
            ("approve", {"content_hash": "0" * 64}),
            ("revert", {"reason": "a"}),
        ):
            assert other.call("POST", f"{address}/{part}", json=body).status_code == 404
    assert editing.sign_in("reviewer").get(address).status_code == 200
    assert editing.sign_in("reviewer").get(f"{BATCHES}/{2**40}").status_code == 404


def test_fields_that_are_not_asked_for_are_refused(editing: Editing, work: Any) -> None:
    """Nobody approves by a field of the commit, nor sets who did it (attack 34)."""
    editor = editing.sign_in("editor")
    address = send(editor, a_file()).headers["location"]
    work()
    seen = editor.get(address).json()["content_hash"]
    for extra in ({"approved_by": "wen"}, {"role": "admin"}, {"state": "committed"}):
        answer = editor.call("POST", f"{address}/commit", json={"content_hash": seen} | extra)
        assert answer.status_code == 400
    assert send(editor, a_file(), actor="operator").status_code == 400
    assert editor.call("POST", f"{address}/choices", json={"choices": {"actor": "operator"}}).status_code == 400
    assert editor.call("POST", f"{address}/choices", json={"choices": {"path": "/etc/passwd"}}).status_code == 400


def test_nobody_approves_their_own_batch(editing: Editing, work: Any) -> None:
    """Not in a second session, not by changing it first; another reviewer does (attack 35)."""
    content = f"source_id,starts_on,title_en,region\n{secrets.token_hex(4)},2019-03-03,Unpaid wages,440300\n".encode()
    maker = editing.sign_in("reviewer")
    address = send(maker, content, "calls_for_help").headers["location"]
    work()
    seen = maker.get(address).json()
    body = {"content_hash": seen["content_hash"]}
    assert maker.call("POST", f"{address}/commit", json=body).json()["state"] == "in_review"
    again = editing.open_browser(maker.name, maker.account_id)
    for browser in (maker, again):
        assert browser.call("POST", f"{address}/approve", json=body).status_code == 403
    other = editing.sign_in("reviewer")
    stale = other.call("POST", f"{address}/approve", json={"content_hash": "0" * 64})
    assert (stale.status_code, stale.json()["code"]) == (409, "BATCH_CHANGED")
    assert other.call("POST", f"{address}/approve", json=body).status_code == 202
    work()
    assert other.get(address).json()["state"] == "committed"


def test_a_stolen_key_cannot_load_thousands_of_rows(editing: Editing, work: Any) -> None:
    """More than a thousand rows a day by key wait for a second person (attack 42)."""
    account_id = editing.add_account(f"bot-{secrets.token_hex(4)}", "editor")
    key = editing.make_key(account_id, "batch:create", "batch:commit")
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "text/csv"}
    asked = f"{BATCHES}?layer=strikes&source=test"
    made = editing.anonymous().post(asked, content=a_file(1100), headers=headers)
    work()
    address = f"{BATCHES}/{made.json()['id']}"
    shown = editing.anonymous().get(address, headers=headers).json()
    assert shown["review_reasons"] == ["many_by_key"]
    body = {"content_hash": shown["content_hash"]}
    del headers["Content-Type"]
    answer = editing.anonymous().post(f"{address}/commit", json=body, headers=headers)
    assert answer.json()["state"] == "in_review"


def test_so_many_batches_a_day_and_no_more(editing: Editing, monkeypatch: pytest.MonkeyPatch) -> None:
    """429, with a word about when to come again."""
    monkeypatch.setattr("app.editors.batch_upload.MOST_A_DAY", 1)
    editor = editing.sign_in("editor")
    assert send(editor, a_file()).status_code == 201
    answer = send(editor, a_file())
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "3600")


def test_too_large_a_file_is_refused_early(editing: Editing, monkeypatch: pytest.MonkeyPatch) -> None:
    """By what is announced, and by what comes; nothing is left behind."""
    editor = editing.sign_in("editor")
    announced = editor.call("POST", BATCHES, content=b"a", headers={"Content-Length": str(300 * 2**20)})
    assert announced.status_code == 413
    folder: Path = editing.app.state.settings.uploads_dir
    before = sorted(folder.iterdir())
    monkeypatch.setattr(Incoming.__init__, "__defaults__", (10,))
    answer = send(editor, a_file())
    assert (answer.status_code, answer.json()["code"]) == (400, "FILE_TOO_BIG")
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize("name", ["../../x\0.csv", "CON", "a" * 300, "evil\u202egnp.exe", "<img src=x>.csv"])
def test_a_file_name_is_only_shown(editing: Editing, name: str) -> None:
    """Cleaned and cut short; the file lies under a random name (attack 16)."""
    editor = editing.sign_in("editor")
    data = {"layer": "strikes", "source": "test"}
    answer = editor.call("POST", BATCHES, data=data, files={"file": (name, a_file())})
    assert answer.status_code == 201
    shown = answer.json()["file_name"]
    assert len(shown) <= 200
    assert not set(shown) & set("/\\\0\u202e<>")


def test_a_report_has_the_rows_that_were_refused(editing: Editing, work: Any) -> None:
    """In the format of the file, with what to do."""
    editor = editing.sign_in("editor")
    content = a_file() + f"{secrets.token_hex(4)},2020-02-30,Wrong day,440300,Paper,manufacturing\n".encode()
    address = send(editor, content).headers["location"]
    work()
    report = editor.get(f"{address}/report")
    assert report.headers["content-disposition"].startswith("attachment")
    assert "DATE_IMPOSSIBLE" in report.text
    body = {"content_hash": editor.get(address).json()["content_hash"], "policy": "valid_rows_only"}
    assert editor.call("POST", f"{address}/commit", json=body).status_code == 202
    work()
    assert editor.get(f"{address}/report").text == report.text


def test_a_batch_is_reverted_with_a_preview(editing: Editing, work: Any) -> None:
    """The revert is a batch of its own; what it takes back is shown before it is done."""
    editor = editing.sign_in("editor")
    address = send(editor, a_file(2)).headers["location"]
    work()
    body = {"content_hash": editor.get(address).json()["content_hash"]}
    editor.call("POST", f"{address}/commit", json=body)
    work()
    own = editor.call("POST", f"{address}/revert", json={"reason": "a mistake"})
    assert own.status_code == 201
    work()
    shown = editor.get(own.headers["location"]).json()
    assert (shown["state"], shown["counts"]["deleted"]) == ("validated", 2)
    assert address.endswith(f"/{shown['reverts_id']}")
    editor.call("POST", f"{own.headers['location']}/commit", json={"content_hash": shown["content_hash"]})
    work()
    assert editor.get(address).json()["state"] == "reverted"
