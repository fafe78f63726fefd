"""Single changes of calls for help: typed, checked, and made when a second person agrees."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from tests.app.editors.batch_desk import read_hash
from tests.app.editors.form_filling import fill
from tests.editing import Browser, Editing

API = "/api/editing"
PAGES = "/editor/records"
CALL: dict[str, Any] = {
    "starts_on": "2020-03-05",
    "title_en": "A courier asks for unpaid wages",
    "region": "440300",
    "issues": ["wage_arrears"],
    "sources": "A letter",
    "contact": "Tel 13800138000",
    "persons_min": 1,
}


def ask(browser: Browser, **more: Any) -> dict[str, Any]:
    """Ask by JSON for a call for help to be made; return what the answer says of its batch."""
    body = {"fields": CALL | more, "confirmed": True}
    answer = browser.call("POST", f"{API}/records/calls_for_help", json=body)
    assert answer.status_code == 202, answer.text
    return dict(browser.get(answer.headers["location"]).json())


def approve(browser: Browser, batch: dict[str, Any]) -> Any:
    """Agree to a batch by JSON."""
    body = {"content_hash": batch["content_hash"]}
    return browser.call("POST", f"{API}/batches/{batch['id']}/approve", json=body)


def make_call(editing: Editing, **more: Any) -> tuple[str, Browser, Browser]:
    """Have a call for help made by two people; return its name and them."""
    editor, reviewer = editing.sign_in("editor"), editing.sign_in("reviewer")
    batch = ask(editor, **more)
    assert approve(reviewer, batch).json()["state"] == "committed"
    with editing.engine.connect() as connection:
        asked = "SELECT record_id FROM editorial.record_version WHERE batch_id = :id"
        record = connection.scalar(sa.text(asked), {"id": batch["id"]})
    name = editor.get(f"{API}/records/incident-{record}").json()["name"]
    return name, editor, reviewer


def count_records(editing: Editing) -> int:
    """Count calls for help that are kept, public or not."""
    with editing.engine.connect() as connection:
        counted = "SELECT count(*) FROM editorial.incident WHERE layer = 'calls_for_help'"
        return int(connection.scalar(sa.text(counted)) or 0)


def test_a_call_for_help_is_made_when_a_second_person_agrees(editing: Editing) -> None:
    """Nothing of it is kept as a record before; who asked cannot agree, whatever their role."""
    before, editor, reviewer = count_records(editing), editing.sign_in("reviewer"), editing.sign_in("reviewer")
    batch = ask(editor, title_en="A cook asks for help")
    assert (batch["state"], batch["review_reasons"]) == ("in_review", ["sensitive_layer"])
    assert count_records(editing) == before
    assert approve(editor, batch).status_code == 403
    agreed = approve(reviewer, batch)
    assert (agreed.status_code, agreed.json()["state"], agreed.json()["approved_by"]) == (
        202, "committed", reviewer.name,
    )  # fmt: skip
    assert count_records(editing) == before + 1
    with editing.engine.connect() as connection:
        asked = "SELECT actor, data ->> 'title_en' FROM editorial.record_version WHERE batch_id = :id"
        told = connection.execute(sa.text(asked), {"id": batch["id"]}).one()
        assert tuple(told) == (editor.name, "A cook asks for help")
        options = connection.scalar(sa.text("SELECT options FROM editorial.batch WHERE id = :id"), {"id": batch["id"]})
        assert "edit" not in options


def test_the_database_refuses_a_change_without_a_second_person(editing: Editing) -> None:
    """Whatever the application would do."""
    batch = ask(editing.sign_in("editor"), title_en="A guard asks for help")
    made = sa.text("UPDATE editorial.batch SET state = 'committed', committed_at = now() WHERE id = :id")
    with editing.engine.connect() as connection, pytest.raises(sa.exc.IntegrityError, match="reviewed"):
        connection.execute(made, {"id": batch["id"]})


def test_a_change_shows_what_it_would_do_before_it_is_made(editing: Editing) -> None:
    """Field by field, and what readers would see: nothing finer than prefecture and month."""
    name, editor, reviewer = make_call(editing, title_en="A driver asks for help")
    tag = editor.get(f"{API}/records/{name}").headers["etag"]
    body = {"fields": {"persons_min": 7, "lon": "114.05", "lat": "22.54", "datum": "wgs84"}, "reason": "a letter"}
    answer = editor.call("PATCH", f"{API}/records/{name}", json=body, headers={"If-Match": tag})
    assert answer.status_code == 202, answer.text
    batch = reviewer.get(answer.headers["location"]).json()
    (seen,) = reviewer.get(f"{API}/batches/{batch['id']}/differences").json()["differences"]
    assert {"persons_min", "geometry"} <= {field["column"] for field in seen["fields"]}
    assert seen["feature"]["properties"]["location_precision"] == "prefecture"
    assert seen["feature"]["properties"]["starts_on"] == "2020-03-01"
    assert editor.get(f"{API}/records/{name}").headers["etag"] == tag
    page = reviewer.get(f"/editor/batches/{batch['id']}").text
    assert "a letter" in page
    assert "What readers would see" in page
    assert "13800138000" not in page
    assert approve(reviewer, batch).json()["state"] == "committed"
    assert editor.get(f"{API}/records/{name}").json()["fields"]["persons_min"] == "7"


def test_taking_back_and_going_back_wait_too(editing: Editing) -> None:
    """Each with its reason, in the history under who asked."""
    name, editor, reviewer = make_call(editing, title_en="A painter asks for help")
    retracted = editor.call(
        "DELETE", f"{API}/records/{name}", json={"reason": "it is settled"}, headers={"If-Match": '"v1"'}
    )
    assert retracted.status_code == 202
    assert approve(reviewer, reviewer.get(retracted.headers["location"]).json()).json()["state"] == "committed"
    assert editor.get(f"{API}/records/{name}").json()["status"] == "retracted"
    body = {"version": 1, "reason": "it is not"}
    restored = editor.call("POST", f"{API}/records/{name}/restore", json=body, headers={"If-Match": '"v2"'})
    assert approve(reviewer, reviewer.get(restored.headers["location"]).json()).json()["state"] == "committed"
    told = editor.get(f"{API}/records/{name}/history").json()["versions"]
    assert [(one["version"], one["actor"], one["reason"]) for one in told[:2]] == [
        (3, editor.name, "it is not"), (2, editor.name, "it is settled"),
    ]  # fmt: skip


def test_a_change_that_was_overtaken_comes_back(editing: Editing) -> None:
    """The record stays as the other change left it, and the first is offered to be typed again."""
    name, editor, reviewer = make_call(editing, title_en="A welder asks for help")
    asked = [
        editor.call(
            "PATCH", f"{API}/records/{name}", json={"fields": {"persons_min": many}}, headers={"If-Match": '"v1"'}
        )
        for many in (2, 3)
    ]
    batches = [reviewer.get(answer.headers["location"]).json() for answer in asked]
    assert f"#{batches[0]['id']}" in editor.get(f"{PAGES}/{name}").text
    assert approve(reviewer, batches[1]).json()["state"] == "committed"
    late = approve(reviewer, batches[0]).json()
    assert (late["state"], late["failure"]["code"]) == ("failed", "EDIT_STALE")
    assert editor.get(f"{API}/records/{name}").json()["fields"]["persons_min"] == "3"
    page = editor.get(f"/editor/batches/{batches[0]['id']}").text
    again = f"{PAGES}/{name}?edit={batches[0]['id']}"
    assert f'href="{again}"' in page
    form = fill(editor, again)
    assert form["persons_min"] == ["2"]
    sent = editor.post(f"{PAGES}/{name}", form)
    assert sent.status_code == 303, sent.text
    assert editor.get(f"{API}/batches/{batches[0]['id']}").json()["state"] == "discarded"


def test_the_form_sends_to_review_and_comes_back_with_what_was_typed(editing: Editing) -> None:
    """By the pages alone: asked, sent back with a reason, corrected, approved."""
    editor, reviewer = editing.sign_in("editor"), editing.sign_in("reviewer")
    form = fill(
        editor, f"{PAGES}/new/calls_for_help",
        title_en="A nurse asks for helpp", starts_on="2020-03-05", region="440300", sources="A letter",
        confirmed="true",
    )  # fmt: skip
    address = editor.post(f"{PAGES}/new/calls_for_help", form).headers["location"]
    assert f'href="{address}"' in reviewer.get("/editor/review").text
    assert "somebody else must approve it" in editor.get(address).text
    reviewer.post(f"{address}/send-back", {"reason": "a letter too many"})
    page = editor.get(address).text
    assert "a letter too many" in page
    again = f"{PAGES}/new/calls_for_help?edit={address.rpartition('/')[2]}"
    assert f'href="{again}"' in page
    assert reviewer.get(again).status_code == 200
    assert editing.sign_in("editor").get(again).status_code == 404
    corrected = fill(editor, again, title_en="A nurse asks for help", confirmed="true")
    second = editor.post(f"{PAGES}/new/calls_for_help", corrected).headers["location"]
    assert second != address
    assert "given up" in editor.get(address).text
    done = reviewer.post(f"{second}/approve", {"content_hash": read_hash(reviewer.get(second).text)})
    assert done.headers["location"] == second
    assert "Loaded" in editor.get(second).text


def test_what_the_checks_find_is_said_at_once(editing: Editing) -> None:
    """Nobody is asked to agree to what cannot be loaded."""
    editor = editing.sign_in("editor")
    wrong = CALL | {"title_en": "Workers of 梓潼县 ask for help", "starts_on": "2020-02-30"}
    answer = editor.call("POST", f"{API}/records/calls_for_help", json={"fields": wrong})
    assert answer.status_code == 400
    assert {"DATE_IMPOSSIBLE", "PLACE_IN_TEXT"} <= {message["code"] for message in answer.json()["messages"]}


def test_a_takedown_withdraws_what_waits(editing: Editing) -> None:
    """And what it would have said is gone."""
    name, editor, reviewer = make_call(editing, title_en="A miner asks for help")
    answer = editor.call(
        "PATCH", f"{API}/records/{name}", json={"fields": {"raw_text": "a canary"}, "reason": "another canary"},
        headers={"If-Match": '"v1"'},
    )  # fmt: skip
    batch = answer.json()["batch"]
    assert reviewer.call("POST", f"{API}/records/{name}/takedown", json={"reason": "safety"}).status_code == 204
    with editing.engine.connect() as connection:
        asked = sa.text("SELECT state, options::text AS options FROM editorial.batch WHERE id = :id")
        row = connection.execute(asked, {"id": batch}).one()
    assert (row.state, "canary" in row.options) == ("discarded", False)
    assert approve(reviewer, reviewer.get(f"{API}/batches/{batch}").json()).status_code == 409


def test_the_same_press_asks_once(editing: Editing) -> None:
    """Known by its Idempotency-Key."""
    editor = editing.sign_in("editor")
    body = {"fields": CALL | {"title_en": "A porter asks for help"}, "confirmed": True}
    answers = [
        editor.call("POST", f"{API}/records/calls_for_help", json=body, headers={"Idempotency-Key": "once"})
        for _ in range(2)
    ]
    assert answers[0].json()["batch"] == answers[1].json()["batch"]
