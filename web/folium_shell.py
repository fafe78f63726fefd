"""The Folium shell: Folium makes the map's element and script, we serve both as files of our own.

Folium's page names four foreign hosts, forbids pinch zoom and writes its script inline under random ids. So its map is
told where our Leaflet is, its script is taken out, its ids are numbered, and the head it makes is left behind. No text
of a record ever goes through Folium: its popups and tooltips write raw HTML.

`python -m web.folium_shell MODULE SCRIPT STYLE` prints the shell as JSON, for `web.shell`.
"""

from __future__ import annotations

import json
import re
import sys
from typing import Any

import folium
from branca.element import MacroElement
from jinja2 import Template

_RANDOM_ID = re.compile(r"\b([a-z_]+)_[0-9a-f]{32}\b")


class LabourFoliumMap(folium.Map):
    """A Folium map that asks no foreign host for anything."""

    def __init__(self, script: str, style: str) -> None:
        self.default_js = [("leaflet", script)]
        self.default_css = [("leaflet_css", style)]
        super().__init__(
            location=(36, 104),
            zoom_start=4,
            tiles=None,
            zoom_control=False,
            attribution_control=False,
            zoom_snap=0.25,
            zoom_delta=0.75,
            min_zoom=2,
            max_zoom=14,
            wheel_px_per_zoom_level=90,
            world_copy_jump=False,
        )


class Mount(MacroElement):
    """Hands the map to our module: one call."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "import({{ this.module|tojson }}).then((main) => main.mountMap({{ this._parent.get_name() }}));"
        "{% endmacro %}"
    )

    def __init__(self, module: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # as above
        self._name = "Mount"
        self.module = module


def render_shell(module: str, script: str, style: str) -> dict[str, str]:
    """Render the map's element and script, given the addresses of our module, of Leaflet and of its style.

    The same addresses give the same bytes.
    """
    shell_map = LabourFoliumMap(script, style)
    Mount(module).add_to(shell_map)
    figure: Any = shell_map.get_root()
    figure.render()
    return {
        "element": _number_ids(figure.html.render()).strip(),
        "script": _number_ids(figure.script.render()).strip() + "\n",
    }


def _number_ids(text: str) -> str:
    numbers: dict[str, str] = {}

    def number(match: re.Match[str]) -> str:
        return numbers.setdefault(match.group(0), f"{match.group(1)}_{len(numbers) + 1}")

    return _RANDOM_ID.sub(number, text)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(render_shell(*sys.argv[1:])))
