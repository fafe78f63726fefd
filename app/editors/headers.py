"""What every answer of the editors' application carries. Nothing is kept by a cache but files named by their hash.

The Referrer-Policy is `same-origin`: with `no-referrer` browsers would not say which page a form was sent from.
"""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.headers import API_POLICY, COMMON, PAGE_POLICY, YEAR_SECONDS, encode, is_api

STATIC = "/static/"
OF_ALL = COMMON | {
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, noarchive",
}


class EditorHeaders:
    """Adds the headers. No answer may be read from another site: there are none for that."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self.app = app
        common = OF_ALL | ({"Strict-Transport-Security": f"max-age={YEAR_SECONDS}"} if https else {})
        self._of_pages = encode({**common, "Content-Security-Policy": PAGE_POLICY})
        self._of_api = encode({**common, "Content-Security-Policy": API_POLICY})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        wanted = self._of_api if is_api(scope["path"]) else self._of_pages
        is_file = scope["path"].startswith(STATIC)

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"]
                given = {name for name, _ in headers}
                headers.extend(pair for pair in wanted if pair[0] not in given)
                if not (is_file and message["status"] == 200):  # noqa: PLR2004  (OK)
                    headers[:] = [pair for pair in headers if pair[0] != b"cache-control"]
                    headers.append((b"cache-control", b"no-store"))
            await send(message)

        await self.app(scope, receive, complete)
