"""Single records in the editors' application: by JSON and by the pages."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from geo.layers import INCIDENTS
from tests.app.editors.form_filling import fill
from tests.editing import Browser, Editing

STRIKE: dict[str, Any] = {
    "starts_on": "2020-03-05",
    "title_en": "Strike at a factory",
    "region": "440300",
    "industry": "manufacturing",
    "demands": ["wage_arrears", "something else"],
    "participants_min": 200,
    "sources": "A newspaper",
    "contact": "Tel 13800138000",
}
API = "/api/editing/records"
PAGES = "/editor/records"


def make(browser: Browser, **more: Any) -> tuple[str, str]:
    """Make a strike by JSON; return its name and its tag."""
    answer = browser.call("POST", f"{API}/strikes", json={"fields": STRIKE | more, "confirmed": True})
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"{API}/{answer.json()['name']}"
    return answer.json()["name"], answer.headers["etag"]


def test_a_record_is_made_read_changed_and_taken_back(editing: Editing) -> None:
    """Public at once, each time with a new tag."""
    browser = editing.sign_in("editor")
    name, tag = make(browser)
    read = browser.get(f"{API}/{name}")
    assert (read.headers["etag"], read.json()["fields"]["contact"]) == (tag, STRIKE["contact"])
    changed = browser.call(
        "PATCH", f"{API}/{name}", json={"fields": {"title_en": "Other"}, "reason": "r"}, headers={"If-Match": tag}
    )
    assert (changed.status_code, changed.json()["fields"]["industry"]) == (200, "manufacturing")
    assert changed.headers["etag"] == '"v2"'
    with editing.engine.connect() as connection:
        shown = "SELECT geojson FROM published.feature_text WHERE geojson::jsonb->>'id' = :id"
        assert '"title_en":"Other"' in connection.scalar(sa.text(shown), {"id": name})
    history = browser.get(f"{API}/{name}/history").json()["versions"]
    assert [(one["version"], one["reason"], one["actor"]) for one in history] == [
        (2, "r", browser.name), (1, None, browser.name),
    ]  # fmt: skip
    gone = browser.call("DELETE", f"{API}/{name}", json={"reason": "wrong"}, headers={"If-Match": '"v2"'})
    assert gone.status_code == 204
    assert browser.get(f"{API}/{name}").json()["status"] == "retracted"
    back = browser.call(
        "POST", f"{API}/{name}/restore", json={"version": 1, "reason": "r"}, headers={"If-Match": '"v3"'}
    )
    assert (back.json()["status"], back.json()["fields"]["title_en"]) == ("published", STRIKE["title_en"])


def test_put_empties_what_it_does_not_name(editing: Editing) -> None:
    """PATCH leaves it."""
    browser = editing.sign_in("editor")
    name, tag = make(browser)
    fields = {"starts_on": "2020-03-05", "title_en": "Only this"}
    answer = browser.call("PUT", f"{API}/{name}", json={"fields": fields}, headers={"If-Match": tag})
    assert answer.status_code == 200, answer.text
    assert (answer.json()["fields"]["industry"], answer.json()["fields"]["demands"]) == ("", "")


def test_a_change_says_what_it_was_made_from(editing: Editing) -> None:
    """428 without a tag, 412 with an old one or one that is none."""
    browser = editing.sign_in("editor")
    name, tag = make(browser)
    body = {"fields": {"title_en": "Other"}}
    assert browser.call("PATCH", f"{API}/{name}", json=body).status_code == 428
    assert browser.call("PATCH", f"{API}/{name}", json=body, headers={"If-Match": tag}).status_code == 200
    for old in (tag, "*", '"x"'):
        answer = browser.call("PATCH", f"{API}/{name}", json=body, headers={"If-Match": old})
        assert answer.status_code == 412
        assert answer.headers["content-type"] == "application/problem+json"


def test_what_is_wrong_is_said_of_each_field(editing: Editing) -> None:
    """In both languages, all at once, and nothing is written."""
    browser = editing.sign_in("editor")
    wrong = STRIKE | {"industry": "xyz", "starts_on": "2020-02-30", "title_en": "Call 13800138000"}
    answer = browser.call("POST", f"{API}/strikes", json={"fields": wrong})
    said = {
        message["field"]: message["code"] for message in answer.json()["messages"] if message["severity"] == "error"
    }
    assert (answer.status_code, said) == (
        400, {"industry": "VOC_UNKNOWN", "starts_on": "DATE_IMPOSSIBLE", "title_en": "PII_PHONE"},
    )  # fmt: skip
    assert "13800138000" not in answer.text


@pytest.mark.parametrize(
    "body",
    [
        {"fields": STRIKE, "status": "published"},
        {"fields": STRIKE | {"version": 7}},
        {"fields": STRIKE, "decisions": {"actor": "x"}},
        {"fields": STRIKE | {"title_en": {"a": 1}}},
        {"fields": []},
    ],
)
def test_nothing_else_can_be_set(editing: Editing, body: dict[str, Any]) -> None:
    """No state, no version, no actor: 400."""
    assert editing.sign_in("editor").call("POST", f"{API}/strikes", json=body).status_code == 400


def test_the_same_request_makes_one_record(editing: Editing) -> None:
    """Known by its Idempotency-Key."""
    browser = editing.sign_in("editor")
    answers = [
        browser.call(
            "POST", f"{API}/strikes", json={"fields": STRIKE, "confirmed": True}, headers={"Idempotency-Key": "one"}
        )
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].json()["name"] == answers[1].json()["name"]


def test_who_may_do_what(editing: Editing) -> None:
    """Viewers read; marks and takedowns need a reviewer."""
    editor, viewer = editing.sign_in("editor"), editing.sign_in("viewer")
    name, tag = make(editor, title_en="To be taken down", starts_on="2018-01-01")
    assert viewer.get(f"{API}/{name}").status_code == 200
    assert viewer.call("POST", f"{API}/strikes", json={"fields": STRIKE}).status_code == 403
    marked = {"fields": {"already_public": True}}
    assert editor.call("PATCH", f"{API}/{name}", json=marked, headers={"If-Match": tag}).status_code == 403
    reason = {"reason": "person"}
    assert editor.call("POST", f"{API}/{name}/takedown", json=reason).status_code == 403
    reviewer = editing.sign_in("reviewer")
    assert reviewer.call("PATCH", f"{API}/{name}", json=marked, headers={"If-Match": tag}).status_code == 200
    assert reviewer.call("POST", f"{API}/{name}/takedown", json=reason).status_code == 204
    assert reviewer.get(f"{API}/{name}").status_code == 404
    with editing.engine.connect() as connection:
        asked = sa.text("SELECT action FROM editorial.audit_entry WHERE actor = ANY(:names) ORDER BY id")
        listed = connection.scalars(asked, {"names": [editor.name, reviewer.name]})
        assert list(listed) == ["record.create", "record.change", "record.takedown"]


def test_a_key_changes_records_as_its_owner_may(editing: Editing) -> None:
    """With the scope for it, and not without."""
    account_id = editing.add_account("machine", "editor")
    for scope, status in (("batch:commit", 201), ("export:restricted", 403)):
        key = editing.make_key(account_id, scope)
        answer = editing.anonymous().post(
            f"{API}/strikes", json={"fields": STRIKE, "confirmed": True}, headers={"Authorization": f"Bearer {key}"}
        )
        assert answer.status_code == status


@pytest.mark.parametrize("layer", INCIDENTS)
def test_the_form_of_each_layer_has_its_fields(editing: Editing, layer: str) -> None:
    """Made from the declarations; editors are told that calls for help need a second person."""
    answer = editing.sign_in("editor").get(f"{PAGES}/new/{layer}")
    own = {"strikes": "demands", "accidents": "deaths", "calls_for_help": "channels"}[layer]
    assert ("second person" in answer.text) == (layer == "calls_for_help")
    for name in ("title_en", "region", "lon", "sources", "contact", "override_precision", own):
        assert f'name="{name}"' in answer.text


def test_the_pages_make_change_and_restore_a_record(editing: Editing) -> None:
    """Without a module of ours."""
    browser = editing.sign_in("editor")
    form = fill(
        browser, f"{PAGES}/new/strikes",
        **{"title_en": "Strike <b>here</b>", "starts_on": "2020-03-05", "region": "440300",
           "sources": "A newspaper\nA second", "demands": ["wage_arrears"], "demands.other": "something else",
           "confirmed": "true"},
    )  # fmt: skip
    made = browser.post(f"{PAGES}/new/strikes", form)
    assert made.status_code == 303, made.text
    address = made.headers["location"].partition("?")[0]
    page = browser.get(made.headers["location"]).text
    assert "Strike &lt;b&gt;here&lt;/b&gt;" in page
    assert 'value="wage_arrears" checked' in page
    assert 'name="demands.other" value="something else"' in page
    assert "A newspaper\nA second" in page
    unchanged = browser.post(address, fill(browser, address))
    assert unchanged.headers["location"].endswith("saved=unchanged")
    changed = browser.post(address, fill(browser, address, title_en="Another title", reason="typed twice"))
    assert changed.headers["location"].endswith("saved=updated")
    history = browser.get(f"{address}/history").text
    assert "<del>Strike &lt;b&gt;here&lt;/b&gt;</del>" in history
    assert "typed twice" in history
    back = browser.post(f"{address}/restore", {"version": "2", "to": "1", "reason": ""})
    assert back.status_code == 303
    assert "Strike &lt;b&gt;here&lt;/b&gt;" in browser.get(address).text
    gone = browser.post(f"{address}/retract", {"version": "3", "reason": "it did not happen"})
    assert gone.status_code == 303


def test_a_form_keeps_what_was_typed(editing: Editing) -> None:
    """With every fault beside its field, and after somebody else's change."""
    browser = editing.sign_in("editor")
    form = fill(browser, f"{PAGES}/new/strikes", title_en="Typed", starts_on="2020-02-30", region="440300")
    answer = browser.post(f"{PAGES}/new/strikes?lang=zh-Hans", form)
    assert answer.status_code == 400
    assert 'value="2020-02-30" aria-invalid="true"' in answer.text
    assert "不存在" in answer.text
    name, _ = make(browser)
    stale = fill(browser, f"{PAGES}/{name}", title_en="Mine")
    browser.post(f"{PAGES}/{name}", fill(browser, f"{PAGES}/{name}", title_en="Theirs"))
    answer = browser.post(f"{PAGES}/{name}", stale)
    assert (answer.status_code, 'value="Mine"' in answer.text) == (412, True)
    assert browser.post(f"{PAGES}/{name}", stale | {"status": "x"}).status_code == 400


def test_a_record_that_looks_alike_is_shown_before_it_is_made(editing: Editing) -> None:
    """A tick says that it is another one; the list of records does not grow without it."""
    browser = editing.sign_in("editor")
    name, _ = make(browser, title_en="Drivers of route nine refuse to drive", starts_on="2019-07-01")
    typed = {"title_en": "Drivers of route nine refuse to drive", "starts_on": "2019-07-02", "region": "440300"}
    form = fill(browser, f"{PAGES}/new/strikes", **typed)
    doubted = browser.post(f"{PAGES}/new/strikes", form)
    assert (doubted.status_code, name in doubted.text, 'name="confirmed"' in doubted.text) == (400, True, True)
    assert browser.post(f"{PAGES}/new/strikes", form | {"confirmed": "true"}).status_code == 303


def test_the_search_finds_restricted_texts(editing: Editing) -> None:
    """Words, region, dates, state; what is escaped stays text."""
    browser = editing.sign_in("viewer")
    name, _ = make(editing.sign_in("editor"), title_en="A strike to be found")
    for question in (
        "q=13800138000",
        f"q={name}",
        "region=440000",
        "from=2020-01-01&to=2020-12-31",
        "status=published",
        "source=editors",
    ):
        assert name in browser.get(f"{PAGES}?layer=strikes&{question}").text, question
    for question in ("q=%25", "q=nothing+like+it", "region=110000", "from=2021-01-01", "status=withheld"):
        assert name not in browser.get(f"{PAGES}?layer=strikes&{question}").text, question
    for question in ("from=soon", "layer=x", "status=x", "before=x"):
        assert browser.get(f"{PAGES}?{question}").status_code == 400


def test_a_takedown_asks_for_the_name(editing: Editing) -> None:
    """And then the record is nowhere."""
    reviewer = editing.sign_in("reviewer")
    name, _ = make(reviewer, title_en="A canary of takedown")
    given = {"scope": "record", "reason": "safety"}
    assert reviewer.post(f"{PAGES}/{name}/takedown", given | {"confirm": "x"}).status_code == 400
    assert reviewer.post(f"{PAGES}/{name}/takedown", given | {"confirm": name}).status_code == 303
    assert reviewer.get(f"{PAGES}/{name}").status_code == 404
    assert "canary" not in reviewer.get(f"{PAGES}?q=canary").text.replace('value="canary"', "")


def test_regions_are_offered_by_name(editing: Editing) -> None:
    """By full name, by a part, by code; the outlines are GeoJSON."""
    browser = editing.sign_in("editor")
    for words in ("深圳市", "440300", "Shenzhen"):
        found = browser.get(f"/api/editing/regions?q={words}").json()["regions"]
        assert "440300" in {region["code"] for region in found}, words
    assert len(browser.get("/api/editing/outlines").json()["features"]) > 30
