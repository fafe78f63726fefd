"""Which modules a module needs before it can run: what it imports, and what those import.

Modules that are asked for by `import()` later are not among them: a page that names these alone to the browser loads
nothing that its first view does not need.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

_IMPORT = re.compile(rb'^(?:import|export)\b[^;"]*?\bfrom "(\.[^"]+)";', re.MULTILINE)


def list_modules(contents: Mapping[str, bytes], entry: str) -> tuple[str, ...]:
    """Return `entry` and all modules that it needs, in the order in which they are met. `contents` are files by name.

    Raises KeyError when one of them is not there.
    """
    met = [entry]
    for name in met:
        for found in _IMPORT.finditer(contents[name]):
            needed = posixpath.normpath(posixpath.join(posixpath.dirname(name), found[1].decode()))
            if needed not in met:
                met.append(needed)
    return tuple(met)
