"""The Folium shell of the map page, rendered once by a process of its own.

Folium brings pandas and more, 80 MB that would stay in the memory of a server that needs them for a moment only.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, replace
from functools import cache, cached_property

from web.assets import AssetTree, hash_bytes

PATIENCE_SECONDS = 120


@dataclass(frozen=True)
class Shell:
    """What Folium gave: the map's element, and the script that makes the map with Leaflet, `library`."""

    element: str
    script: str
    library: str = ""

    @cached_property
    def file(self) -> bytes:
        """The file that is served: Leaflet, then the script. One after the other whenever the file comes."""
        return f"{self.library}\n{self.script}".encode()

    @cached_property
    def address(self) -> str:
        """The address of the file."""
        return f"/shell.{hash_bytes(self.file)}.js"

    def mounting(self, module: str, other: str) -> Shell:
        """Return a shell that hands the same map to another module."""
        return replace(self, script=self.script.replace(module, other))


def make_shell(own: AssetTree, leaflet: AssetTree) -> Shell:
    """Return the shell. The same files give the same bytes."""
    shell = _render(own.address("js/main.js"), leaflet.address("leaflet.js"), leaflet.address("leaflet.css"))
    return replace(shell, library=leaflet.contents["leaflet.js"].decode())


@cache
def _render(module: str, script: str, style: str) -> Shell:
    command = [sys.executable, "-m", "web.folium_shell", module, script, style]
    done = subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE_SECONDS)  # noqa: S603  (our own)
    return Shell(**json.loads(done.stdout))
