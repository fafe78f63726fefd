"""Files served as they are, under addresses that hold their content's hash, so that browsers may keep them for ever."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import xstatic.pkg.leaflet

from web.module_graph import list_modules

STATIC = Path(__file__).parent / "static"
LEAFLET_FILES = ("leaflet.js", "leaflet.css", "images/layers.png", "images/layers-2x.png", "images/marker-icon.png")
"""What the page or Leaflet's stylesheet may ask for; nothing else of the wheel is served."""

PAGE_STYLES = tuple(
    f"css/{name}.css" for name in ("tokens", "frame", "map", "time", "panel", "filters", "phone", "print")
)
"""The style sheets of the map page, in their order; later ones outrank earlier ones."""

_COMMENT = re.compile(rb"^[ \t]*(?://[^\n]*|/\*\*(?:[^*]|\*(?!/))*\*/[ \t]*)\n", re.MULTILINE)
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png"}


def hash_bytes(*parts: bytes) -> str:
    """Return the short hash that stands in addresses."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()[:16]


@dataclass(frozen=True)
class AssetTree:
    """A folder of files that name each other by relative address: they share one hash."""

    folder: Path
    names: tuple[str, ...]
    joined: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Files that are others one after the other, by name: what a page needs together costs one request."""

    @cached_property
    def contents(self) -> dict[str, bytes]:
        """The files by name, read once; scripts of ours without their comments, a third of what would be sent."""
        read = {name: (self.folder / name).read_bytes() for name in self.names}
        own = self.folder == STATIC
        files = {name: drop_comments(body) if own and name.endswith(".js") else body for name, body in read.items()}
        return files | {name: b"".join(files[part] for part in parts) for name, parts in self.joined.items()}

    @cached_property
    def sha(self) -> str:
        """The hash over names and contents."""
        return hash_bytes(*(part for name in self.names for part in (name.encode(), self.contents[name])))

    def modules(self, entry: str) -> tuple[str, ...]:
        """Return a module and all that it needs before it can run."""
        return list_modules(self.contents, entry)

    def address(self, name: str) -> str:
        """Return the address of one file. Raises KeyError for a name that is not served."""
        if name not in self.contents:
            raise KeyError(name)
        return f"/static/{self.sha}/{name}"


def drop_comments(script: bytes) -> bytes:
    """Return a module with empty lines for those that are comments as a whole, so that lines keep their numbers."""
    return _COMMENT.sub(lambda found: b"\n" * found[0].count(b"\n"), script)


def own_files() -> AssetTree:
    """Return our modules, styles and pictures."""
    names = sorted(path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*") if path.suffix in _TYPES)
    return AssetTree(STATIC, tuple(names), {"css/page.css": PAGE_STYLES})


def leaflet_files() -> AssetTree:
    """Return Leaflet where its wheel is installed."""
    return AssetTree(Path(xstatic.pkg.leaflet.BASE_DIR), LEAFLET_FILES)


def media_type(name: str) -> str:
    """Return the Content-Type of a file by its name."""
    kind = _TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
