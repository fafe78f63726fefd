"""A case of the samples entered by hand through the pages, beside the same case as the file gives it."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from geo.loading.case_cells import CaseCells, read_case_cells
from geo.loading.samples import load_samples
from geo.publishing.publish import publish_due
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_accessibility import RULES
from tests.browser.test_editors import EditorsSite, editors, press, sign_in
from tests.geo.records.test_single_cases import read_whole

__all__ = ["editors"]

pytestmark = pytest.mark.browser

SAMPLE = "U1"
TICKS = frozenset({"excuses"})
CHOSEN = frozenset({"department", "method", "awareness", "involvement", "involvement_timing"})
UNION = frozenset({"union_name_en", "union_name_zh_hans", "union_level", "union_region"})


def type_in(page: Page, cells: dict[str, str], left_out: frozenset[str] = frozenset()) -> None:
    """Type cells into the form that is open, as its fields take them."""
    for name, cell in cells.items():
        if name in left_out or name == "contacted":
            continue
        if name in TICKS:
            for code in filter(None, cell.split("; ")):
                page.check(f"input[name='{name}'][value='{code}']")
        elif page.locator(f"#{name}").evaluate("field => field.tagName") == "SELECT":
            page.select_option(f"#{name}", cell)
        else:
            page.fill(f"#{name}", cell)


def enter(page: Page, address: str, told: CaseCells) -> str:
    """Open the case about its incidents, log each contact, publish; return its name."""
    names = "&".join(f"incident={name}" for name in told.case["incident_ids"].split("; "))
    page.goto(f"{address}/editor/cases/new?{names}")
    type_in(page, told.case, frozenset({"source_system", "source_id", "incident_ids"}))
    press(page, "main form.record .buttons button")
    name = page.url.split("/")[-1].partition("?")[0]
    for contact in told.contacts:
        page.click("text=Log a contact")
        page.wait_for_url("**/contacts/new")
        page.fill("#words", contact["union_name_zh_hans"])
        press(page, "button[value='find']")
        page.check(f"label:has-text('{contact['union_name_en']}') input[name='union']")
        type_in(page, contact, UNION)
        press(page, "button[value='save']")
        assert page.locator("text=The contact was saved.").count() == 1
    press(page, "button[value='published']")
    return name


def read_told(connection: sa.Connection, source_id: str) -> tuple[Any, ...]:
    """Return what a case is, without the data set that it is of, and the steps in which it was made."""
    case, contacts, links, feature = read_whole(connection, source_id)
    for said in (case[0], feature[0]["properties"]):
        for name in ("source_system", "version"):
            said.pop(name, None)
    for contact in [*contacts, *feature[0]["properties"]["contacts"]]:  # a form gives ticks in the order of the list
        contact["excuses"] = sorted(contact["excuses"] or [])
    return case, contacts, links, feature


def test_a_case_entered_by_hand_equals_that_of_the_file(editors: EditorsSite, browser: Browser) -> None:
    """The same rows, the same unions, the same public feature; and no page that axe finds fault with."""
    with editors.engine.begin() as connection:
        load_samples(connection)
        publish_due(connection)
        asked = sa.text("SELECT id FROM editorial.accountability_case WHERE source_id = :id")
        told = read_case_cells(connection, connection.scalar(asked, {"id": SAMPLE}) or 0)
    context = browser.new_context(viewport=DESKTOP)  # type: ignore[arg-type]  # width and height
    sign_in(editors, context, "en")
    page = context.new_page()
    name = enter(page, editors.address, told)
    with editors.engine.begin() as connection:
        made = sa.text("SELECT source_id FROM editorial.accountability_case ORDER BY id DESC LIMIT 1")
        mine, theirs = (read_told(connection, one) for one in (str(connection.scalar(made)), SAMPLE))
    assert mine == theirs
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # width and height
    found = []
    for path in ("", "/due", f"/{name}", f"/{name}/contacts/1", "/../unions"):
        page.goto(f"{editors.address}/editor/cases{path}")
        violations = Axe().run(page, options=RULES).response["violations"]
        found += [(path, fault["id"], fault["nodes"][0]["html"]) for fault in violations]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    assert found == []
    context.close()
