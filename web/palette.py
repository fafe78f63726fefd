"""The colours of the pages, read from their style sheets, for whoever draws without CSS."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).parent / "static" / "css"
SHEETS: Final = {"light": "tokens.css", "dark": "dark.css"}
_COLOUR: Final = re.compile(r"--([\w-]+): (#[0-9a-f]{6});")


@cache
def read_colours(theme: str) -> dict[str, str]:
    """Return the colours of a theme, `light` or `dark`, by the name of their custom property without the dashes."""
    return dict(_COLOUR.findall((_FOLDER / SHEETS[theme]).read_text(encoding="utf-8")))
