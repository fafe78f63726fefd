"""The page of every JSON resource, in the OpenAPI document: text/html, the parameter `f`, the language of the page."""

from __future__ import annotations

from typing import Any

from app.readers.representations import HTML, OPENAPI_PATH, is_json
from web.translations import LANGUAGES

Document = dict[str, Any]

FORMS = ("json", "html")


def offer_pages(paths: Document) -> Document:
    """Return the paths; each operation that answers JSON has its page too."""
    for path, operations in paths.items():
        operation = operations["get"]
        content = operation["responses"]["200"]["content"]
        if any(is_json(media_type) for media_type in content):
            content.setdefault(HTML, {"schema": {"type": "string"}})
            operation["parameters"] = offer_forms(operation["parameters"], is_definition=f"/api{path}" == OPENAPI_PATH)
    return paths


def offer_forms(parameters: list[Document], *, is_definition: bool) -> list[Document]:
    """Return the parameters of an operation with `f` and `lang`; a resource's own formats stay, after `json`."""
    own: list[str] = next((parameter["schema"]["enum"] for parameter in parameters if parameter["name"] == "f"), [])
    how = "json" if is_definition else "as Accept says, json to whoever does not mind"
    form = {
        "name": "f",
        "in": "query",
        "required": False,
        "description": f"Format; without it, {how}.",
        "schema": {"type": "string", "enum": list(dict.fromkeys((*FORMS, *own)))},
    }
    language = {
        "name": "lang",
        "in": "query",
        "required": False,
        "description": "Language of the page. Only with text/html.",
        "schema": {"type": "string", "enum": list(LANGUAGES)},
    }
    return [*(parameter for parameter in parameters if parameter["name"] != "f"), form, language]
