"""What is refused before it is read: hosts that are not ours, addresses and headers that are too long, any body.

The host of a request goes into links, so a foreign one could poison a cache. Without `allowed_hosts` the names of this
machine, the host we listen on, the one of `base_url` and addresses written as numbers are ours: an address cannot be
pointed elsewhere by whoever owns a name.
"""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from app.problems import make_problem, request_id_of
from app.settings import WebSettings

LONGEST_URL = 8_192
LONGEST_HEADERS = 32_768
CONTENT_TOO_LARGE = 413
ANY_HOST = "*"

_HOST = re.compile(r"(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,253})(?::\d{1,5})?", re.ASCII)


def find_host(headers: list[tuple[bytes, bytes]]) -> str | None:
    """Return the host that a request names, in lower case and without its port; None when it names none or two."""
    named = [value for name, value in headers if name == b"host"]
    return read_host(named[0]) if len(named) == 1 else None


@lru_cache(maxsize=64)
def read_host(named: bytes) -> str | None:
    """Return the host in a header, in lower case and without its port; None when it is none."""
    match = _HOST.fullmatch(named.decode("latin-1"))
    return None if match is None else match[1].lower().removesuffix(".")


def has_body(headers: list[tuple[bytes, bytes]]) -> bool:
    """Say whether a request announces a body."""
    return any(name == b"transfer-encoding" or (name == b"content-length" and value != b"0") for name, value in headers)


def is_number(host: str) -> bool:
    """Say whether a host is an IP address."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


class Refusals:
    """Answers 400, 413, 414 or 431 for what is refused and passes everything else on."""

    def __init__(self, app: ASGIApp, *, settings: WebSettings) -> None:
        self.app = app
        self._allowed = {host.lower() for host in settings.allowed_hosts}
        self._ours = {"localhost", settings.host.lower(), urlsplit(settings.base_url or "").hostname or "localhost"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        refused = self._find_refusal(scope) if scope["type"] == "http" else None
        if refused is None:
            await self.app(scope, receive, send)
        else:
            status, detail = refused
            # What is left of the request is not read.
            headers = {"Connection": "close"} if status == CONTENT_TOO_LARGE else None
            await make_problem(status, detail, request_id_of(scope), headers=headers)(scope, receive, send)

    def _find_refusal(self, scope: Scope) -> tuple[int, str] | None:
        if has_body(scope["headers"]):
            return 413, "No address here takes a body."
        if len(scope.get("raw_path") or scope["path"]) + len(scope["query_string"]) > LONGEST_URL:
            return 414, f"The address is longer than {LONGEST_URL} bytes."
        if sum([len(name) + len(value) for name, value in scope["headers"]]) > LONGEST_HEADERS:
            return 431, f"The headers are longer than {LONGEST_HEADERS} bytes."
        host = find_host(scope["headers"])
        if host is None or not self._is_ours(host):
            return 400, "This host is not served here."
        return None

    def _is_ours(self, host: str) -> bool:
        if ANY_HOST in self._allowed:
            return True
        return host in self._allowed if self._allowed else host in self._ours or is_number(host)
