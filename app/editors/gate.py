"""What the editors' application refuses before it looks at who asks.

Hosts that are not ours, so that another site's name cannot be laid over this one; addresses and headers that are too
long; and whatever would change something and does not come from a page of ours: a browser sends the session's cookie
along with any request to us, whoever made it. The token in every form (`app.editors.signing`) is the second lock.
"""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from app.editors.faults import answer_fault
from app.editors.site_address import SiteAddress
from app.refusals import LONGEST_HEADERS, LONGEST_URL, find_host

READING = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_SITES = frozenset({"same-origin", "none"})
"""What `Sec-Fetch-Site` says of a page of ours, and of an address that was typed."""

FOREIGN_HOST = "Editors' pages are reached by HTTPS at their own address, or on this machine as localhost."
FOREIGN_PAGE = "This was not sent from a page of the editors' application."


class Gate:
    """Answers 400, 403, 414 or 431 for what is refused and passes everything else on."""

    def __init__(self, app: ASGIApp, *, address: SiteAddress) -> None:
        self.app = app
        self._address = address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        refused = self._find_refusal(scope) if scope["type"] == "http" else None
        if refused is None:
            await self.app(scope, receive, send)
        else:
            await answer_fault(scope, *refused)(scope, receive, send)

    def _find_refusal(self, scope: Scope) -> tuple[int, str] | None:
        if len(scope.get("raw_path") or scope["path"]) + len(scope["query_string"]) > LONGEST_URL:
            return 414, f"The address is longer than {LONGEST_URL} bytes."
        if sum(len(name) + len(value) for name, value in scope["headers"]) > LONGEST_HEADERS:
            return 431, f"The headers are longer than {LONGEST_HEADERS} bytes."
        host = find_host(scope["headers"])
        if host is None or not self._address.serves(host):
            return 400, FOREIGN_HOST
        if scope["method"] not in READING and not self._is_from_us(scope):
            return 403, FOREIGN_PAGE
        return None

    def _is_from_us(self, scope: Scope) -> bool:
        """Say whether a request that changes something comes from a page of ours, or from a program with a key."""
        given = {name: value.decode("latin-1") for name, value in scope["headers"]}
        if b"origin" in given:
            return self._address.is_own_origin(given[b"origin"], given.get(b"host", ""))
        if b"sec-fetch-site" in given:
            return given[b"sec-fetch-site"] in OWN_SITES
        return b"authorization" in given and b"cookie" not in given
