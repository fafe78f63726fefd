"""In which representation a resource of the API is sent: JSON as its route made it, or a page over the same document.

Every JSON resource under `/api` has its page without a line of its own: `Representations` stands before the routes,
asks for JSON, and writes the page from the answer. So a route makes its document once, and

- takes neither `f=json`, `f=html` nor `lang`: they never reach it, and `Accept` says `application/json` to it then;
- answers GET with a JSON media type (`*/json` or `*/*+json`) and, where it may be kept, an `ETag`;
- gives absolute links as `{"href", "rel", "type", "title"}`, made by `link_self` for `self` and its `alternate`.

The page shows any document as nested lists and tables (`web/templates/api/document.html`). A resource that deserves
more gets a template of its own by one line in `web.api_pages.TEMPLATES`, by the path of its route; words for the
members of its document are texts named `api.member.<name>`. In the OpenAPI document `app.readers.openapi_pages` adds
the page to every operation that answers JSON. A page shows at most `PAGE_LIMIT` records, whatever `limit` says.

Who gets a page: whoever says `f=html`, or whose Accept likes text/html better than JSON and no less than anything else
it names, as browsers do and `*/*` does not.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import orjson
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response

from app.headers import is_api
from app.problems import MEDIA_TYPE as PROBLEM
from app.problems import STATUS_OF, answer_error, make_problem, request_id_of
from app.readers.answers import JSON, make_link
from app.readers.collection_kinds import KINDS
from app.readers.formats import find_quality
from app.readers.region_names import RegionNames
from geo.errors import InvalidParameter
from geo.layers import COLLECTIONS
from geo.serving.exports.formats import FORMATS
from web.api_addresses import Asked
from web.api_pages import ApiPages
from web.translations import LANGUAGES

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HTML = "text/html"
PAGE_LIMIT = 50
LARGE = 2**14
"""Bytes of a document whose page is written in a thread, so that others need not wait."""
OPENAPI_PATH = "/api/openapi.json"
"""Browsers show this as JSON."""
REFERENCE_PATH = "/api/docs"
"""The page of the OpenAPI document: a page for whoever does not ask for something else by name."""

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""What a page of the API may use: our styles and pictures. It has no script."""

AWAY = tuple(kind for kind, status in STATUS_OF.items() if status == 503)  # noqa: PLR2004
"""Errors of a database that cannot answer now."""

_NAMED_LINK = re.compile(rb'"href":"([^"\\]*)"(,"rel":"(?:self|next|prev)")')
"""A link to this document or its neighbours, as orjson writes it. It cannot occur inside a text: quotes are escaped."""
_TAG = re.compile(r'((?:W/)?")([^"]*)-(json|html[^"]*)(")')


@dataclass(frozen=True)
class Wish:
    """What is asked for: "json" or "html", whether `f` named it, and the language of the page."""

    form: str
    is_named: bool
    language: str


def add_format(address: str, name: str) -> str:
    """Return an address with the parameter `f`."""
    return f"{address}{'&' if '?' in address else '?'}f={name}"


def link_self(address: str, media_type: str, title: str) -> list[dict[str, str]]:
    """Return the links of a document to itself and to its page."""
    page = make_link("alternate", add_format(address, "html"), HTML, f"{title}, as a page")
    return [make_link("self", address, media_type, title), page]


def is_json(media_type: str) -> bool:
    """Say whether a Content-Type is JSON's or of a format made of it."""
    name = media_type.partition(";")[0].strip()
    return name.endswith(("/json", "+json"))


def likes_html(accept: str) -> bool:
    """Say whether Accept likes a page better than JSON and no less than anything else it names."""
    if HTML not in accept:
        return False
    html, ranges = find_quality(accept, HTML), accept.split(",")
    named = [part.partition(";")[0].strip().lower() for part in ranges]
    others = [find_quality(accept, name) for name in named if name not in {HTML, "*/*"}]
    return html > find_quality(accept, JSON) and html >= max(others, default=0.0)


class Representations:
    """Passes a request on, and answers with a page, or with JSON whose links name `f=json`, where that is asked for."""

    def __init__(self, app: ASGIApp, *, default_language: str) -> None:
        self.app = app
        self._default_language = default_language
        self._names = RegionNames()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        wish = None
        if scope["type"] == "http" and is_api(scope["path"]):
            wish = self._read_wish(scope)
        if wish is None:
            await self.app(scope, receive, send)
        elif wish.language not in LANGUAGES:
            fault = InvalidParameter("lang", f"must be one of: {', '.join(LANGUAGES)}")
            wish = Wish("html", wish.is_named, self._default_language)
            problem = make_problem(
                400, "The request has parameters that cannot be used.", request_id_of(scope), (fault,)
            )
            await (await self._render(scope, wish, Answer.of(problem)))(scope, receive, send)
        else:
            inner = ask_for_json(scope, wish)
            answer = Answer(send)
            await self.app(inner, receive, answer.take)
            scope["route"] = inner.get("route")  # for the log
            scope["path_params"] = inner.get("path_params", {})
            if not answer.is_passed_on:
                try:
                    made = await self._represent(scope, wish, answer)
                except AWAY as error:
                    problem = await answer_error(Request(scope), error)
                    made = await self._render(scope, wish, Answer.of(problem))
                await made(scope, receive, send)

    def _read_wish(self, scope: Scope) -> Wish | None:
        query = scope["query_string"]
        named = [piece[2:] for piece in query.split(b"&") if piece.startswith(b"f=")] if b"f=" in query else []
        if named == [b"json"]:
            return Wish("json", is_named=True, language=self._default_language)
        if named and named != [b"html"]:
            return None
        if not named:
            accept = b",".join(value for name, value in scope["headers"] if name == b"accept").decode("latin-1")
            has_page = likes_html(accept) and scope["path"] != OPENAPI_PATH
            if not has_page and scope["path"] != REFERENCE_PATH:
                return None
        languages = [value for name, value in parse_qsl(query.decode("latin-1")) if name == "lang"]
        language = languages[0] if len(languages) == 1 else ",".join(languages)
        return Wish("html", is_named=bool(named), language=language or self._default_language)

    async def _represent(self, scope: Scope, wish: Wish, answer: Answer) -> Response:
        """Return the answer in the form that was asked for, under a validator of its own."""
        tail = "json" if wish.form == "json" else f"html-{wish.language}-{self._pages(scope).version}"
        if "etag" in answer.headers:
            answer.headers["etag"] = re.sub(r'"$', f'-{tail}"', answer.headers["etag"])
        if answer.status == 304:  # noqa: PLR2004
            return answer.response(b"")
        if wish.form == "html":
            return await self._render(scope, wish, answer)
        return answer.response(_NAMED_LINK.sub(name_json, answer.body))

    async def _render(self, scope: Scope, wish: Wish, answer: Answer) -> Response:
        asked = Asked(
            route=getattr(scope.get("route"), "path", ""),
            path=scope["path"],
            files=find_files(scope),
            has_records=(scope.get("path_params") or {}).get("collection_id") in COLLECTIONS,
            query=tuple(parse_qsl(scope["query_string"].decode("latin-1"))),
            parameters=dict(scope.get("path_params") or {}),
            language=wish.language,
            is_problem=answer.headers["content-type"].startswith(PROBLEM),
        )
        state = scope["app"].state
        # Without a validator, a document is not made of data, and the page needs no database.
        of_data = "etag" in answer.headers
        names = await self._names.read(state.engine, state.watch.dataset) if of_data else {}
        document, pages = orjson.loads(answer.body), self._pages(scope)
        if len(answer.body) > LARGE:
            body = (await asyncio.to_thread(pages.render, asked, document, names)).encode()
        else:
            body = pages.render(asked, document, names).encode()
        answer.headers["content-type"] = f"{HTML}; charset=utf-8"
        answer.headers["content-security-policy"] = POLICY
        answer.headers["content-language"] = wish.language
        return answer.response(body)

    @staticmethod
    def _pages(scope: Scope) -> ApiPages:
        pages: ApiPages = scope["app"].state.api_pages
        return pages


def find_files(scope: Scope) -> tuple[str, ...]:
    """Return the formats of files that the list asked for can be had in."""
    kind = KINDS.get((scope.get("path_params") or {}).get("collection_id", ""))
    is_list = scope["path"].endswith("/items")
    return tuple(FORMATS) if is_list and kind is not None and kind.open_file is not None else ()


def name_json(match: re.Match[bytes]) -> bytes:
    """Return a link with `f=json` in its address."""
    return b'"href":"' + add_format(match[1].decode(), "json").encode() + b'"' + match[2]


def ask_for_json(scope: Scope, wish: Wish) -> Scope:
    """Return the request as its route sees it: for JSON, uncompressed, without the parameters that are ours.

    For a page, parameters without a value are left out, as an empty field of a form sends them.
    """
    pieces = scope["query_string"].split(b"&")
    if wish.form == "html":
        filled = [piece for piece in pieces if piece.partition(b"=")[1:] != (b"=", b"")]
        pieces = [shorten_page(piece) for piece in filled if not piece.startswith(b"lang=")]
    kept = b"&".join(piece for piece in pieces if not piece.startswith(b"f="))
    headers = [pair for pair in scope["headers"] if pair[0] not in {b"accept", b"accept-encoding", b"if-none-match"}]
    headers.append((b"accept", JSON.encode()))
    known = b",".join(value for name, value in scope["headers"] if name == b"if-none-match").decode("latin-1")
    kind = "json" if wish.form == "json" else f"html-{wish.language}"
    ours = [f"{opening}{tag}{end}" for opening, tag, form, end in _TAG.findall(known) if form.startswith(kind)]
    if ours or known.strip() == "*":
        headers.append((b"if-none-match", (", ".join(ours) or "*").encode("latin-1")))
    return {**scope, "query_string": kept, "headers": headers}


def shorten_page(piece: bytes) -> bytes:
    """Return a parameter of the query; a larger `limit` than a page shows becomes `PAGE_LIMIT`."""
    name, _, value = piece.partition(b"=")
    is_long = name == b"limit" and value.isdigit() and (len(value) > 4 or int(value) > PAGE_LIMIT)  # noqa: PLR2004
    return b"limit=%d" % PAGE_LIMIT if is_long else piece


class Answer:
    """An answer while it is made. JSON and answers without a body are kept, anything else is passed on as it comes."""

    def __init__(self, send: Send | None = None) -> None:
        self._send = send
        self.is_passed_on = False
        self.status = 0
        self.headers = MutableHeaders()
        self.body = b""

    @classmethod
    def of(cls, response: Response) -> Answer:
        """Return an answer that is already made."""
        answer = cls()
        answer.status, answer.headers, answer.body = response.status_code, response.headers, bytes(response.body)
        return answer

    async def take(self, message: Message) -> None:
        """Take one message of the server's protocol."""
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], MutableHeaders(raw=list(message["headers"]))
            kept = self.status == 304 or is_json(self.headers.get("content-type", ""))  # noqa: PLR2004
            self.is_passed_on = not kept
        if self.is_passed_on and self._send is not None:
            await self._send(message)
        else:
            self.body += message.get("body", b"")

    def response(self, body: bytes) -> Response:
        """Return the answer with another body."""
        made = Response(body, self.status)
        del self.headers["content-length"]
        made.headers.update(self.headers)
        return made
