"""Where browsers reach the editors' application: which hosts and origins are ours, and what the cookie is called.

Through a proxy that is one `https://` address. Without one it is this machine alone: to `localhost` nothing travels
over a network, so it needs no HTTPS, and every browser keeps a plain cookie there (not all keep a `__Host-` one).
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from app.settings import EditorWebSettings

THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "[::1]"})
COOKIE_OF_HTTPS = "__Host-sid"
COOKIE_OF_THIS_MACHINE = "labourmap-sid"


@dataclass(frozen=True)
class SiteAddress:
    """The address by which browsers reach us; None where that is this machine."""

    base_url: str | None

    @classmethod
    def of(cls, settings: EditorWebSettings) -> SiteAddress:
        """Read it from the settings."""
        return cls(settings.editor_base_url)

    @property
    def is_https(self) -> bool:
        """Whether browsers come by HTTPS."""
        return self.base_url is not None

    @property
    def cookie_name(self) -> str:
        """The name of the session's cookie."""
        return COOKIE_OF_HTTPS if self.is_https else COOKIE_OF_THIS_MACHINE

    def serves(self, host: str) -> bool:
        """Say whether requests that name this host, in lower case and without port, are for us."""
        return host in THIS_MACHINE or (self.base_url is not None and host == urlsplit(self.base_url).hostname)

    def is_own_origin(self, origin: str, host_header: str) -> bool:
        """Say whether a page of this origin is one of ours. `host_header` is the host that the request names."""
        return origin == (self.base_url or f"http://{host_header}")
