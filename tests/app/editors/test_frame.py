from __future__ import annotations

import sqlalchemy as sa

from geo.records.batch_tables import batch
from tests.editing import Editing, read_form_token


def test_nobody_sees_the_dashboard_unsigned(editing: Editing) -> None:
    """A browser is led to where one signs in, and back afterwards."""
    answer = editing.anonymous().get("/editor/?before=7")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/editor/sign-in?next=/editor/%3Fbefore%3D7"


def test_the_dashboard_lists_batches(editing: Editing) -> None:
    """Each with a link to its own page, for whoever may open that."""
    with editing.engine.begin() as connection:
        made = sa.insert(batch).values(kind="load", layer="strikes", actor="operator", file_name="<b>.csv")
        number = connection.execute(made.returning(batch.c.id)).scalar_one()
    page = editing.sign_in("reviewer").get("/editor/").text
    assert "&lt;b&gt;.csv</bdi> " in editing.sign_in("viewer").get("/editor/").text
    assert f'<a href="/editor/batches/{number}"><bdi>&lt;b&gt;.csv</bdi></a>' in page


def test_pages_speak_the_language_of_the_address(editing: Editing) -> None:
    """And carry the token that forms send."""
    browser = editing.sign_in()
    page = browser.get("/editor/?lang=zh-Hans").text
    assert '<html lang="zh-Hans">' in page
    assert read_form_token(page) == browser.token
