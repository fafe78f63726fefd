"""Cases in the editors' application: by the pages and by JSON, alone and with a second person."""

from __future__ import annotations

import re
import secrets
from typing import Any

import sqlalchemy as sa

from geo.records.tables import incident
from tests.app.editors.form_filling import fill
from tests.editing import Browser, Editing
from tests.private_records import MARKER, Records

CASES, API = "/editor/cases", "/api/editing/cases"
CASE = {"starts_on": "2020-05", "title_en": "A union asked about a strike", "sources": "A report, p. 3"}
CONTACT: dict[str, Any] = {
    "contacted_on": "2020-05-06",
    "union_name_zh_hans": "深圳市总工会",
    "union_level": "municipal",
    "union_region": "440300",
    "awareness": "unaware",
    "excuses": ["not_member"],
    "follow_up_on": "2020-06-01",
    "person_name": f"{MARKER} Chen",
    "recording": f"{MARKER}.ogg",
    "note": f"{MARKER} note",
}


def add_incident(editing: Editing, layer: str = "strikes") -> str:
    """Put in an incident that was never public; return its name."""
    with editing.engine.begin() as connection:
        made = Records(connection).incident(layer, source_id=secrets.token_hex(6))
        return f"incident-{made}"


def open_case(browser: Browser, **fields: str) -> str:
    """Open a case by its page; return its name."""
    answer = browser.post(f"{CASES}/new", fill(browser, f"{CASES}/new", **(CASE | fields)))
    found = re.fullmatch(rf"{CASES}/(case-\d+)\?saved=inserted", answer.headers.get("location", ""))
    assert found is not None, answer.text
    return found[1]


def log(browser: Browser, name: str, number: str = "new", **fields: Any) -> Any:
    """Send the form of a contact."""
    address = f"{CASES}/{name}/contacts/{number}"
    return browser.post(address, fill(browser, address, **fields) | {"do": fields.get("do", "save")})


def read_feature(editing: Editing, name: str) -> str | None:
    """Return the public feature of a case."""
    asked = """SELECT t.geojson FROM editorial.publication p JOIN published.feature_text t ON t.id = p.feature_id
        WHERE p.layer = 'accountability' AND 'case-' || p.record_id = :name"""
    with editing.engine.connect() as connection:
        found = connection.scalar(sa.text(asked), {"name": name})
        return None if found is None else str(found)


def test_a_case_is_opened_asked_about_published_and_brought_back(editing: Editing) -> None:
    """By forms alone; restricted fields are never in what is published."""
    browser, strike = editing.sign_in("editor"), add_incident(editing)
    assert strike in browser.get(f"{CASES}/new?incident={strike}").text
    name = open_case(browser, incident_ids=strike)
    assert log(browser, name, **CONTACT).status_code == 303
    assert read_feature(editing, name) is None
    page = browser.get(f"{CASES}/{name}").text
    assert "深圳市总工会" in page
    assert "did not know" in page
    sent = fill(browser, f"{CASES}/{name}") | {"status": "published"}
    assert browser.post(f"{CASES}/{name}", sent).headers["location"].endswith("?saved=updated")
    feature = read_feature(editing, name)
    assert feature is not None
    assert '"awareness":"unaware"' in feature
    assert MARKER not in feature
    assert browser.post(f"{CASES}/{name}", sent).status_code == 412
    assert log(browser, name, "1", do="remove").headers["location"].endswith("saved=removed#contacts")
    history = f"/editor/records/{name}"
    assert "深圳市总工会" in browser.get(f"{history}/history").text
    back = browser.post(f"{history}/restore", {"version": "4", "to": "3", "reason": "a mistake"})
    assert back.status_code == 303
    assert "深圳市总工会" in browser.get(f"{CASES}/{name}").text


def test_a_judgement_needs_its_reason(editing: Editing) -> None:
    """What was typed is shown again."""
    browser = editing.sign_in("editor")
    name = open_case(browser)
    sent = fill(browser, f"{CASES}/{name}", awareness="aware")
    answer = browser.post(f"{CASES}/{name}", sent)
    assert answer.status_code == 400
    assert '<option value="aware" selected>' in answer.text
    assert browser.post(f"{CASES}/{name}", sent | {"override_reason": "it was told before"}).status_code == 303
    assert "judged otherwise" in browser.get(f"{CASES}/{name}").text


def test_unions_are_found_added_chosen_and_confirmed(editing: Editing) -> None:
    """A union found by its words gives a contact its names, level and region; a change reaches the contacts."""
    browser, token = editing.sign_in("editor"), secrets.token_hex(4)
    name = open_case(browser)
    typed = {"name_en": f"Hotline {token}", "union_level": "hotline", "union_region": "440300"}
    added = browser.post("/editor/unions/new", typed)
    union = added.headers["location"].split("/")[-1].partition("?")[0]
    assert browser.post("/editor/unions/new", typed).status_code == 400
    assert token in browser.get(f"/editor/unions?q={token}&level=hotline&region=440300").text
    found = log(browser, name, words=token, do="find")
    assert f'name="union" value="{union}"' in found.text
    assert log(browser, name, union=union, awareness="aware").status_code == 303
    browser.post(f"/editor/unions/{union}", typed | {"name_en": f"Line {token}", "union_level": "sectoral"})
    contact = browser.get(f"{API}/{name}").json()["contacts"][0]
    assert (contact["union_name_en"], contact["union_level"]) == (f"Line {token}", "sectoral")


def test_what_is_due_is_on_the_dashboard(editing: Editing) -> None:
    """A day to come is not; the list leads to the contact."""
    browser = editing.sign_in("editor")
    name = open_case(browser)
    log(browser, name, **CONTACT)
    log(browser, name, awareness="aware", follow_up_on="2099-01-01")
    due = browser.get(f"{CASES}/due").text
    assert f"/editor/cases/{name}/contacts/1" in due
    assert f"/editor/cases/{name}/contacts/2" not in due
    assert "/editor/cases/due" in browser.get("/editor/").text


def test_publishing_a_case_about_a_call_needs_a_second_person(editing: Editing) -> None:
    """A draft does not; who asked cannot agree."""
    browser, reviewer = editing.sign_in("editor"), editing.sign_in("reviewer")
    name = open_case(browser, incident_ids=add_incident(editing, "calls_for_help"))
    log(browser, name, awareness="aware")
    sent = fill(browser, f"{CASES}/{name}") | {"status": "published"}
    to = browser.post(f"{CASES}/{name}", sent).headers["location"]
    assert to.startswith("/editor/batches/")
    assert read_feature(editing, name) is None
    shown = reviewer.get(f"/api{to.replace('editor', 'editing', 1)}").json()
    agree = {"content_hash": shown["content_hash"]}
    assert browser.post(f"{to}/approve", agree).status_code == 403
    assert reviewer.post(f"{to}/approve", agree).status_code == 303
    assert read_feature(editing, name) is not None
    with editing.engine.begin() as connection:
        connection.execute(sa.update(incident).values(already_public=False))


def test_cases_and_contacts_by_json(editing: Editing) -> None:
    """Each change with the version it was made from; a PUT empties what it does not name."""
    browser = editing.sign_in("editor")
    made = browser.call("POST", API, json={"fields": CASE, "contacts": [CONTACT | {"contact_no": 1}]})
    assert made.status_code == 201, made.text
    address = made.headers["location"]
    assert made.json()["decisions"]["status"] == "draft"
    added = browser.call(
        "POST", f"{address}/contacts", json={"fields": {"awareness": "aware"}}, headers={"If-Match": '"v1"'}
    )
    assert [one["contact_no"] for one in added.json()["contacts"]] == ["1", "2"]
    change = {"fields": {"department": "legal_work"}}
    assert browser.call("PATCH", f"{address}/contacts/2", json=change).status_code == 428
    assert browser.call("PATCH", f"{address}/contacts/2", json=change, headers={"If-Match": '"v1"'}).status_code == 412
    changed = browser.call("PATCH", f"{address}/contacts/2", json=change, headers={"If-Match": '"v2"'})
    assert (changed.headers["etag"], changed.json()["contacts"][1]["awareness"]) == ('"v3"', "aware")
    gone = browser.call("DELETE", f"{address}/contacts/1", headers={"If-Match": '"v3"'})
    assert [one["contact_no"] for one in gone.json()["contacts"]] == ["2"]
    put = {"fields": CASE | {"outcome": "resolved_paid"}}
    assert browser.call("PUT", address, json=put, headers={"If-Match": '"v3"'}).status_code == 412
    emptied = browser.call("PUT", address, json=put, headers={"If-Match": '"v4"'})
    assert emptied.status_code == 200, emptied.text
    assert (emptied.json()["fields"]["outcome"], len(emptied.json()["contacts"])) == ("resolved_paid", 0)
    wrong = browser.call("PATCH", address, json={"fields": {"outcome": "xyz"}}, headers={"If-Match": '"v5"'})
    assert wrong.status_code == 400, wrong.text


def test_a_viewer_reads_and_changes_nothing(editing: Editing) -> None:
    """Cases, contacts and unions."""
    name, viewer = open_case(editing.sign_in("editor")), editing.sign_in("viewer")
    assert viewer.get(f"{CASES}/{name}").status_code == 200
    for address in (f"{CASES}/new", f"{CASES}/{name}", f"{CASES}/{name}/contacts/new", "/editor/unions/new"):
        assert viewer.post(address, CASE).status_code == 403
