"""What every answer carries, and how HEAD and OPTIONS are answered.

Pages may use nothing but what we serve ourselves (Content-Security-Policy); the API may be read from any site, without
credentials. No answer names the program that made it.
"""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

API = "/api"
METHODS = "GET, HEAD, OPTIONS"
YEAR_SECONDS = 31_536_000

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; font-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
API_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

COMMON = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
PAGE = {"Content-Security-Policy": PAGE_POLICY, "Cross-Origin-Resource-Policy": "same-origin"}
OF_API = {
    "Content-Security-Policy": API_POLICY,
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, X-Request-ID",
    "X-Robots-Tag": "noindex",
}
PREFLIGHT = {
    "Allow": METHODS,
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Max-Age": "86400",
}


def is_api(path: str) -> bool:
    """Say whether a path belongs to the API."""
    return path == API or path.startswith(f"{API}/")


class AnswerHeaders:
    """Adds the headers, answers OPTIONS under `/api`, and answers HEAD as GET without a body."""

    def __init__(self, app: ASGIApp, *, https: bool = False) -> None:
        self.app = app
        self._common = dict(COMMON)
        if https:
            self._common["Strict-Transport-Security"] = f"max-age={YEAR_SECONDS}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        of_api = is_api(scope["path"])
        wanted = {**self._common, **(OF_API if of_api else PAGE)}
        is_head = scope["method"] == "HEAD"
        # The server's own scope must go on saying HEAD: by it, it knows that no body follows.
        routed = {**scope, "method": "GET"} if is_head else scope

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update({name: value for name, value in wanted.items() if name not in headers})
                vary = {"Accept-Encoding", *(("Accept",) if of_api else ()), *headers.get("vary", "").split(", ")}
                headers["Vary"] = ", ".join(sorted(vary - {""}))
            elif is_head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        if of_api and scope["method"] == "OPTIONS":
            await Response(status_code=204, headers=PREFLIGHT)(scope, receive, complete)
        else:
            await self.app(routed, receive, complete)
            scope["route"] = routed.get("route")  # for the log
