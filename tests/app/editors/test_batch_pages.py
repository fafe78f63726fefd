"""The pages of batches as a browser without JavaScript uses them: forms are sent, and pages are read."""

from __future__ import annotations

import html
import re

import pytest
import sqlalchemy as sa

from tests.app.editors.batch_desk import MAP, Work, desk, make_file, read_hash, send_file, upload, work
from tests.editing import Editing

__all__ = ["desk", "work"]

TILE = re.compile(r'<div class="tile (\w+)[^"]*">.*?<dd>([\d,]+)</dd>', re.DOTALL)


def read_tiles(page: str) -> dict[str, int]:
    """Read the counts of a batch's page by class; those that are not zero."""
    found = {name: int(number.replace(",", "")) for name, number in TILE.findall(page)}
    return {name: number for name, number in found.items() if number}


def test_a_file_is_uploaded_seen_committed_and_taken_back(desk: Editing, work: Work) -> None:
    """The whole way by forms: what the button says is what happens, and a revert undoes it after its own preview."""
    editor = desk.sign_in("editor")
    address = upload(editor, work, make_file(3, broken=2))
    page = editor.get(address).text
    assert read_tiles(page) == {"inserted": 3, "rejected": 2}
    assert "Load 3 rows, leave out 2" in page
    sent = {"content_hash": read_hash(page), "policy": "valid_rows_only"}
    assert editor.post(f"{address}/commit", sent).headers["location"] == address
    assert "Being committed" in editor.get(address).text
    work()
    page = editor.get(address).text
    assert read_tiles(page) == {"inserted": 3, "rejected": 2}
    assert len(re.findall(rf'href="{MAP}/\?record=S-2019-\d{{6}}&amp;lang=en"', page)) == 3
    revert = editor.post(f"{address}/revert", {"reason": "wrong file"}).headers["location"]
    assert revert != address
    work()
    page = editor.get(revert).text
    assert read_tiles(page) == {"deleted": 3}
    assert "Revert: remove 3" in page
    assert editor.get(f"{revert}/rows?class=deleted").text.count("<bdi>Walkout ") == 3
    editor.post(f"{revert}/commit", {"content_hash": read_hash(page)})
    work()
    assert "This batch was taken back." in editor.get(address).text
    with desk.engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM published.feature")) == 0


def test_rows_are_left_out_only_with_a_tick(desk: Editing, work: Work) -> None:
    """Without it the answer is a page that says why, in the language of the page, and leads back."""
    editor = desk.sign_in("editor")
    address = upload(editor, work, make_file(1, broken=1))
    answer = editor.post(f"{address}/commit?lang=zh-Hans", {"content_hash": read_hash(editor.get(address).text)})
    assert answer.status_code == 409
    assert "没有载入任何内容" in answer.text
    assert f'href="{address}"' in answer.text


def test_the_same_file_again_leads_to_its_batch(desk: Editing, work: Work) -> None:
    """And says that it is there."""
    editor = desk.sign_in("editor")
    content = make_file()
    address = upload(editor, work, content)
    again = send_file(editor, content).headers["location"]
    assert again == f"{address}?same=true"
    assert "Already loaded as batch" in editor.get(again).text


def test_a_form_without_a_file_is_shown_again(desk: Editing) -> None:
    """With what was filled in."""
    answer = desk.sign_in("editor").post("/editor/batches", {"layer": "accidents", "source": "mine"})
    assert answer.status_code == 400
    assert "Choose a layer and a file." in answer.text
    assert re.search(r'value="accidents" required checked', answer.text)
    assert 'value="mine"' in answer.text


def test_rows_are_listed_with_their_messages_and_left_out_one_by_one(desk: Editing, work: Work) -> None:
    """A row that is left out can be taken in again."""
    editor = desk.sign_in("editor")
    address = upload(editor, work, make_file(2, broken=1))
    page = editor.get(f"{address}/rows?class=rejected").text
    assert 'id="row-4"' in page
    assert 'id="row-2"' not in page
    assert "DATE_MISSING" in page
    sent = {"row": "2", "decision": "exclude", "back": "rows?class=inserted"}
    assert editor.post(f"{address}/decisions", sent).headers["location"] == f"{address}/rows?class=inserted"
    work()
    assert read_tiles(editor.get(address).text) == {"inserted": 1, "rejected": 1, "excluded": 1}
    assert f"Left out by {editor.name}" in editor.get(f"{address}/rows?class=excluded").text
    editor.post(f"{address}/decisions", {"row": "2", "decision": "include"})
    work()
    assert read_tiles(editor.get(address).text) == {"inserted": 2, "rejected": 1}


def test_a_suggestion_is_applied_to_all_rows_and_taken_back(desk: Editing, work: Work) -> None:
    """By the button that stands beside its message."""
    editor = desk.sign_in("editor")
    address = upload(editor, work, make_file(3, industry="manufacturng"))
    page = editor.get(address).text
    assert "Apply to all 3 rows" in page
    sent = {"code": "VOC_SUGGEST", "column": "industry", "value": "manufacturng"}
    editor.post(f"{address}/suggestion", {**sent, "on": "true"})
    work()
    page = editor.get(address).text
    assert read_tiles(page) == {"inserted": 3}
    assert "The suggestion of VOC_SUGGEST is applied" in page
    editor.post(f"{address}/suggestion", {**sent, "on": "false"})
    work()
    assert read_tiles(editor.get(address).text) == {"rejected": 3}


def test_columns_are_mapped_by_hand_and_saved(desk: Editing, work: Work) -> None:
    """A heading that nobody knows becomes a column; the mapping is offered for the next file."""
    editor = desk.sign_in("editor")
    content = make_file().replace(b"starts_on", b"when it was")
    address = upload(editor, work, content)
    assert "HDR_MISSING" in editor.get(address).text
    page = html.unescape(editor.get(f"{address}/file").text)
    assert "<bdi>when it was</bdi>" in page
    assert '<span class="how nothing">Not known</span>' in page
    assert "<bdi>2019-01-03</bdi>" in page
    headers = re.findall(r'name="header" value="([^"]*)"', page)
    guessed = re.findall(r'name="guessed" value="([^"]*)"', page)
    column = ["starts_on" if header == "when it was" else was for header, was in zip(headers, guessed, strict=True)]
    sent = {"header": headers, "guessed": guessed, "column": column, "save_as": "Our list"}
    assert editor.post(f"{address}/mapping", sent).headers["location"] == address
    work()
    assert read_tiles(editor.get(address).text) == {"inserted": 3}
    assert 'value="strikes:Our list"' in editor.get("/editor/batches/new").text
    other = upload(editor, work, make_file().replace(b"starts_on", b"when it was"), saved="strikes:Our list")
    assert read_tiles(editor.get(other).text) == {"inserted": 3}


def test_a_file_that_leaves_its_encoding_open_asks(desk: Editing, work: Work) -> None:
    """The choice is on its page, and holds."""
    editor = desk.sign_in("editor")
    lines = "來源編號,日期,標題,省份,來源\nT-1,2019-03-05,電子廠罷工要求發還欠薪,廣東省,報紙\n"
    address = upload(editor, work, lines.encode("big5"))
    page = editor.get(address).text
    assert "ENC_BIG5" in page
    assert "The file leaves something open" in page
    editor.post(f"{address}/choices", {"encoding": "big5", "source": "test"})
    work()
    assert "電子廠罷工" in editor.get(f"{address}/file").text


def test_rows_whose_datum_nobody_said_wait_for_the_choice(desk: Editing, work: Work) -> None:
    """It is asked for on the first page of the batch, for the whole file."""
    editor = desk.sign_in("editor")
    content = make_file(2).replace(b"industry\n", b"industry,lon,lat\n")
    content = content.replace(b",manufacturing", b",manufacturing,114.0579,22.5431")
    address = upload(editor, work, content)
    page = editor.get(address).text
    assert read_tiles(page) == {"held": 2}
    assert "2 rows have coordinates, and nothing says what they mean." in page
    editor.post(f"{address}/choices", {"datum": "gcj02", "source": "test"})
    work()
    page = editor.get(address).text
    assert read_tiles(page) == {"inserted": 2}
    assert "Converted from GCJ-02" in page


def test_a_sensitive_layer_waits_for_somebody_else(desk: Editing, work: Work) -> None:
    """It waits in the queue; who asked is told why they may not approve; another may, or sends it back."""
    reviewer, other = desk.sign_in("reviewer"), desk.sign_in("reviewer")
    content = b"source_id,starts_on,title_en,region,sources\nH1,2019-03-05,A call about wages,440300,Paper\n"
    address = upload(reviewer, work, content, layer="calls_for_help")
    page = reviewer.get(address).text
    assert "Send 1 row to review" in page
    reviewer.post(f"{address}/commit", {"content_hash": read_hash(page)})
    assert "somebody else must approve it" in reviewer.get(address).text
    assert "somebody else must approve it" in reviewer.get("/editor/review").text
    assert reviewer.post(f"{address}/approve", {"content_hash": read_hash(page)}).status_code == 403
    assert f'href="{address}"' in other.get("/editor/review").text
    other.post(f"{address}/send-back", {"reason": "Look at <b>row 2</b>"})
    page = reviewer.get(address).text
    assert f"{other.name} sent the batch back: Look at &lt;b&gt;row 2&lt;/b&gt;" in page
    reviewer.post(f"{address}/commit", {"content_hash": read_hash(page)})
    page = other.get(address).text
    assert "Approve: Load 1 row" in page
    other.post(f"{address}/approve", {"content_hash": read_hash(page)})
    work()
    assert "Committed on" in other.get(address).text


def test_a_row_like_a_record_is_merged_kept_or_left(desk: Editing, work: Work) -> None:
    """The row is held with its candidate; the differences then show what the merge would change."""
    editor = desk.sign_in("editor")
    content = make_file(1)
    address = upload(editor, work, content)
    editor.post(f"{address}/commit", {"content_hash": read_hash(editor.get(address).text)})
    work()
    near = upload(editor, work, content.replace(b"Paper", b"Another paper"), source="another")
    page = editor.get(f"{near}/rows?class=held").text
    assert "DUP_NEAR" in page
    found = re.search(r'name="merge" value="(\d+)"', page)
    assert found is not None
    editor.post(f"{near}/decisions", {"row": "2", "merge": found[1]})
    work()
    assert read_tiles(editor.get(near).text) == {"updated": 1}
    assert "<ins>Paper; Another paper</ins>" in editor.get(f"{near}/differences").text


def test_rows_are_drawn_as_the_public_will_see_them(desk: Editing, work: Work) -> None:
    """A row known to a prefecture is a ring there, never a mark."""
    editor = desk.sign_in("editor")
    address = upload(editor, work, make_file(3))
    page = editor.get(f"{address}/map").text
    assert re.findall(r'<a href="[^"]*" class="(ring|mark)"', page) == ["ring"]
    assert "3 rows: " in page
    assert editor.get(f"{address}/map?exact=true").status_code == 200


@pytest.mark.parametrize("path", ["", "/rows", "/differences", "/map", "/file", "/records", "/progress"])
def test_a_batch_of_somebody_else_is_not_there(desk: Editing, work: Work, path: str) -> None:
    """No page of it, for an editor who did not make it."""
    address = upload(desk.sign_in("editor"), work, make_file(1))
    assert desk.sign_in("editor").get(f"{address}{path}").status_code == 404


def test_the_list_is_sieved_and_says_when_nothing_is_found(desk: Editing, work: Work) -> None:
    """By state, layer and person; batches of others are named without a link."""
    editor, other = desk.sign_in("editor"), desk.sign_in("editor")
    address = upload(editor, work, make_file(1), title="Sieved list")
    link = f'<a href="{address}">'
    assert link in editor.get(f"/editor/?actor={editor.name}&state=validated&layer=strikes").text
    assert "No batch is like that." in editor.get(f"/editor/?actor={editor.name}&state=committed").text
    page = other.get("/editor/").text
    assert "Sieved list" in page
    assert link not in page


def test_hostile_text_stays_text(desk: Editing, work: Work) -> None:
    """In cells, headings, and the names of file and batch."""
    editor = desk.sign_in("editor")
    nasty = "<img src=x onerror=alert(1)>"
    content = make_file(1).replace(b"Walkout", nasty.encode()).replace(b"industry\n", b"<script>alert(2)</script>\n")
    address = upload(editor, work, content, name=f"{nasty}.csv", title=nasty)
    for path in ("", "/rows", "/file", "/map"):
        page = editor.get(f"{address}{path}").text
        assert "<img src=x" not in page
        assert "<script>alert" not in page
    assert html.escape(nasty) in editor.get(f"{address}/rows").text


@pytest.mark.parametrize("kind", ["csv", "xlsx", "geojson"])
def test_templates_can_be_had_and_sent_back(desk: Editing, work: Work, kind: str) -> None:
    """The page of the upload leads to them; one that is sent as it is holds one row that can be loaded."""
    editor = desk.sign_in("editor")
    page = html.unescape(editor.get("/editor/batches/new").text)
    found = re.search(rf'href="(/editor/template\.{kind}\?layer=strikes&lang=en)"', page)
    assert found is not None
    template = editor.get(found[1])
    assert template.headers["content-disposition"] == f'attachment; filename="strikes.{kind}"'
    address = upload(editor, work, template.content, source="")
    assert read_tiles(editor.get(address).text) == {"inserted": 1}
    assert editor.get("/editor/template.csv?layer=none").status_code == 404
