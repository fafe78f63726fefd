"""The pages of the API: one over each JSON document. Every text goes through a template that escapes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from web.api_addresses import Asked
from web.api_view import ApiView
from web.assets import hash_bytes
from web.content import Text
from web.page import TEMPLATES as FOLDER
from web.page import Site

DOCUMENT = "api/document.html"
_ONE = "/api/collections/{collection_id}"
TEMPLATES = {
    "/api": "api/landing.html",
    "/api/": "api/landing.html",
    "/api/docs": "api/reference.html",
    "/api/openapi.json": "api/reference.html",
    "/api/collections": "api/collections.html",
    _ONE: "api/collection.html",
    f"{_ONE}/queryables": "api/schema.html",
    f"{_ONE}/sortables": "api/schema.html",
    f"{_ONE}/schema": "api/schema.html",
    f"{_ONE}/items": "api/items.html",
    f"{_ONE}/items/{{feature_id}}": "api/item.html",
    f"{_ONE}/counts": "api/counts.html",
    f"{_ONE}/facets": "api/facets.html",
}
"""Template of each route whose document deserves more than nested lists and tables, by the path of the route."""


class ApiPages:
    """Writes the pages of the API. `version` changes with what they are made of, beside the document."""

    def __init__(self, site: Site) -> None:
        self.site = site
        sources = sorted((FOLDER / "api").glob("*.html"))
        texts = [repr(texts.by_key).encode() for texts in site.texts.values()]
        self.version = hash_bytes(site.own.sha.encode(), *(path.read_bytes() for path in sources), *texts)[:8]

    def render(self, asked: Asked, document: Any, names: Mapping[str, Text]) -> str:
        """Return the page over a document; `names` are what regions are called, by code."""
        name = "api/problem.html" if asked.is_problem else TEMPLATES.get(asked.route, DOCUMENT)
        view = ApiView(self.site, asked, document, names)
        return self.site.templates.get_template(name).render(view=view, t=view.texts, document=document)
