"""What every answer carries, and how HEAD and OPTIONS are answered.

Pages may use nothing but what we serve ourselves (Content-Security-Policy); the API may be read from any site, without
credentials. No answer names the program that made it.
"""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

API = "/api"
EMBED_PATH = "/embed"
VARY_API = b"Accept, Accept-Encoding"
VARY_PAGE = b"Accept-Encoding"
METHODS = "GET, HEAD, OPTIONS"
YEAR_SECONDS = 31_536_000
IS_HEAD = "labourmap.is_head"
"""Stands in the scope of a request that was HEAD and is passed on as GET."""

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; font-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
EMBED_POLICY = PAGE_POLICY.replace(
    "form-action 'self'; frame-ancestors 'none'", "form-action 'none'; frame-ancestors *"
)
"""Of the one page that any site may frame: there are no forms in it, and no page sets cookies."""
API_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

COMMON = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
PAGE = {"Content-Security-Policy": PAGE_POLICY, "Cross-Origin-Resource-Policy": "same-origin"}
EMBED = {"Content-Security-Policy": EMBED_POLICY, "Cross-Origin-Resource-Policy": "cross-origin"}
PART = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Of scripts, styles and JSON that a page is made of: a page has fifty of them, and what else is said to documents
means nothing there."""
PARTS = (b"text/javascript", b"text/css", b"application/json")
OF_API = {
    "Content-Security-Policy": API_POLICY,
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Disposition, ETag, Link, X-Request-ID",
    "X-Robots-Tag": "noindex",
}
PREFLIGHT = {
    "Allow": METHODS,
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Max-Age": "86400",
}


def encode(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """Return headers as ASGI has them."""
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


def find_kind(path: str) -> str:
    """Return whose headers an address carries: those of the API, of the page that may be framed, or of pages."""
    return "api" if is_api(path) else "embed" if path == EMBED_PATH else "page"


def vary(headers: list[tuple[bytes, bytes]], *, of_api: bool) -> None:
    """Say by which headers of a request the answer differs, beside what it says itself."""
    named = [value for name, value in headers if name == b"vary"]
    if not named:
        headers.append((b"vary", VARY_API if of_api else VARY_PAGE))
        return
    told = {part.strip().title() for value in named for part in value.decode("latin-1").split(",")}
    told |= {"Accept-Encoding", *(("Accept",) if of_api else ())}
    headers[:] = [pair for pair in headers if pair[0] != b"vary"]
    headers.append((b"vary", ", ".join(sorted(told)).encode()))


def is_api(path: str) -> bool:
    """Say whether a path belongs to the API."""
    return path == API or path.startswith(f"{API}/")


class AnswerHeaders:
    """Adds the headers, answers OPTIONS under `/api`, and answers HEAD as GET without a body."""

    def __init__(self, app: ASGIApp, *, https: bool = False) -> None:
        self.app = app
        common = dict(COMMON)
        if https:
            common["Strict-Transport-Security"] = f"max-age={YEAR_SECONDS}"
        kinds = {"page": PAGE, "embed": EMBED, "api": OF_API}
        self._wanted = {kind: encode({**common, **more}) for kind, more in kinds.items()}
        self._of_part = encode(PART)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        of_api = is_api(scope["path"])
        wanted = self._wanted[find_kind(scope["path"])]
        is_head = scope["method"] == "HEAD"
        # The server's own scope must go on saying HEAD: by it, it knows that no body follows.
        routed = {**scope, "method": "GET", IS_HEAD: True} if is_head else scope

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"]
                given = dict(headers)
                is_part = not of_api and given.get(b"content-type", b"").startswith(PARTS)
                headers.extend([pair for pair in (self._of_part if is_part else wanted) if pair[0] not in given])
                vary(headers, of_api=of_api)
            elif is_head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        if of_api and scope["method"] == "OPTIONS":
            await Response(status_code=204, headers=PREFLIGHT)(scope, receive, complete)
        else:
            await self.app(routed, receive, complete)
            scope["route"] = routed.get("route")  # for the log
