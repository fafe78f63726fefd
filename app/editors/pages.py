"""How a route of the editors' application answers with a page."""

from __future__ import annotations

import http
import re
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.editors.navigation import WAYS
from app.editors.signing import form_token_of
from app.settings import EditorSettings
from geo.accounts.people import Person
from web.editor_pages import EditorFrame, EditorSite, EditorWay
from web.translations import LANGUAGES, Texts

SAID = frozenset({400, 403, 404, 409, 413, 429, 503})
"""Faults whose pages have a title of their own."""
OF_BATCH = frozenset({400, 403, 409})
"""Faults of something that somebody wanted of a batch that is there."""
BATCH = re.compile(r"/editor/batches/(\d{1,18})\b")


class EditorPages:
    """What the page routes share: the site, the language of who is not signed in, the address of the public map."""

    def __init__(self, settings: EditorSettings) -> None:
        self.site = EditorSite()
        self._default_language = settings.default_language
        self.map_address = settings.base_url

    def read_language(self, request: Request) -> str:
        """Return the language of a page: of the address, else of the account, else of the browser, else the first."""
        asked = request.query_params.get("lang")
        if asked in LANGUAGES:
            return asked
        person: Person | None = getattr(request.state, "person", None)
        if person is not None:
            return person.language or self._default_language
        wanted = request.headers.get("accept-language", "")[:100].split(",")
        known = {tag.lower(): tag for tag in LANGUAGES} | {"zh": "zh-Hans", "zh-cn": "zh-Hans", "zh-tw": "zh-Hant"}
        found = (known.get(part.split(";")[0].strip().lower()) for part in wanted)
        return next((tag for tag in found if tag), self._default_language)

    def render_page(self, request: Request, template: str, **values: Any) -> str:
        """Return a page in the language of who asks, with the frame around it."""
        return self.site.render(template, self._make_frame(request), **values)

    def render_problem(self, request: Request, status: int, detail: str, lang: str = "en") -> str:
        """Return a page that says what is wrong; `lang` is the language of `detail`. It leads back to the batch."""
        frame = self._make_frame(request)
        title = f"editor.problem.{status}" if status in SAID else "editor.problem"
        phrase = http.HTTPStatus(status).phrase
        of_batch = BATCH.match(request.url.path) if status in OF_BATCH else None
        said = {"title_key": title, "status": status, "phrase": phrase, "detail": detail, "lang": lang}
        return self.site.render("problem.html", frame, **said, batch=of_batch[1] if of_batch else None)

    def _make_frame(self, request: Request) -> EditorFrame:
        person: Person | None = getattr(request.state, "person", None)
        ways = [EditorWay(way.name, way.address) for way in WAYS if person is not None and way.is_open_to(person)]
        return EditorFrame(
            path=request.url.path,
            language=self.read_language(request),
            ways=ways,
            person_name=None if person is None else person.name,
            form_token=form_token_of(request),
            map_address=self.map_address,
            query=tuple(request.query_params.multi_items()),
        )


def texts_of(request: Request) -> Texts:
    """Return the texts in the language of who asks."""
    pages: EditorPages = request.app.state.pages
    return pages.site.texts[pages.read_language(request)]


def answer_page(request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
    """Answer with a page made of a template under `web/templates/editor`, which sees `t`, `frame` and the values."""
    pages: EditorPages = request.app.state.pages
    return Response(pages.render_page(request, template, **values), status, media_type="text/html")
