"""The editors' pages as HTML, from plain values: templates in `templates/editor`, texts that begin with `editor.`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from web.assets import AssetTree, leaflet_files, own_files
from web.translations import LANGUAGES, Texts, format_number, load_texts

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class EditorWay:
    """A line of the navigation: the key of its text is `editor.ways.` and its name."""

    name: str
    address: str


@dataclass(frozen=True, kw_only=True)
class EditorFrame:
    """What stands around every page: who is signed in, where one can go, and what forms need."""

    path: str
    language: str
    ways: Sequence[EditorWay] = ()
    person_name: str | None = None
    form_token: str = ""
    map_address: str | None = None
    query: tuple[tuple[str, str], ...] = ()

    def in_language(self, tag: str) -> str:
        """Return the address of this page in another language, for who is not signed in."""
        kept = [(name, value) for name, value in self.query if name != "lang"]
        return f"{self.path}?{urlencode([*kept, ('lang', tag)])}"

    @property
    def way_here(self) -> str | None:
        """The name of the way that this page lies on: the longest address that it begins with."""
        on_it = [way for way in self.ways if self.path == way.address or self.path.startswith(f"{way.address}/")]
        return max(on_it, key=lambda way: len(way.address)).name if on_it else None


class EditorSite:
    """All that the editors' pages share: files, templates, texts. Made once for an application."""

    def __init__(self) -> None:
        self.own: AssetTree = own_files()
        self.leaflet: AssetTree = leaflet_files()
        self.texts: dict[str, Texts] = {language: load_texts(language) for language in LANGUAGES}
        self.templates = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.templates.globals.update(
            number=format_number, moment=write_moment, languages=LANGUAGES, own=self.own, leaflet=self.leaflet
        )

    def render(self, template: str, frame: EditorFrame, **values: Any) -> str:
        """Return a page: `template` is its name under `templates/editor`; it sees `t`, `frame` and the values."""
        found = self.templates.get_template(f"editor/{template}")
        return found.render(t=self.texts[frame.language], frame=frame, **values)


def write_moment(at: dt.datetime) -> str:
    """Write a moment to the minute, in UTC: editors sit in several time zones."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M")
