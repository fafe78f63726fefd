"""Forms of the editors' pages as a browser would send them."""

from __future__ import annotations

import html
import re
from typing import Any

from tests.editing import Browser


def fill(browser: Browser, address: str, **changes: Any) -> dict[str, Any]:
    """Return the fields of a form as a browser would send them, some of them changed."""
    page = browser.get(address).text.partition('<form class="record"')[2].partition("</form>")[0]
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input [^>]*>", page):
        name = re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and (('type="checkbox"' not in tag) or " checked" in tag):
            found.setdefault(name[1], []).append(html.unescape(value[1]) if value else "")
    for name, inside in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', inside)
        found[name] = [chosen[1] if chosen else ""]
    for name, inside in re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', page, re.DOTALL):
        found[name] = [html.unescape(inside)]
    return found | changes
