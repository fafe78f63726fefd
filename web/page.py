"""The map page and its error page as HTML, from plain values. Every text goes through a template that escapes it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from web.assets import AssetTree, hash_bytes, leaflet_files, own_files
from web.content import PageContent, Words
from web.first_frame import Land
from web.links import page_address
from web.shell import Shell, make_shell
from web.translations import LANGUAGES, Texts, format_number, load_texts
from web.view import PageView

TEMPLATES = Path(__file__).parent / "templates"
STYLES = ("tokens.css", "frame.css", "map.css", "panel.css", "phone.css")


@dataclass(frozen=True)
class WordsFile:
    """The labels and texts of one language as the modules read them, under an address with its hash."""

    language: str
    body: bytes

    @property
    def address(self) -> str:
        """Where it is served."""
        return f"/words/{self.language}.{hash_bytes(self.body)}.json"


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """Content-hashed addresses that change with the data: the index of regions, and the first topology."""

    regions: str
    first_topology: str


class Site:
    """All that pages share: files, shell, templates, texts. Made once for an application."""

    def __init__(self, words: Words, default_language: str, outside: frozenset[str], filters: tuple[str, ...]) -> None:
        self.words = words
        self.default_language = default_language
        self.outside = outside
        self.filters = filters
        self.own: AssetTree = own_files()
        self.leaflet: AssetTree = leaflet_files()
        self.shell: Shell = make_shell(self.own, self.leaflet)
        self.texts: dict[str, Texts] = {language: load_texts(language) for language in LANGUAGES}
        self.templates = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.templates.globals.update(
            number=format_number,
            languages=LANGUAGES,
            own=self.own,
            leaflet=self.leaflet,
            shell=self.shell,
            styles=STYLES,
        )

    @property
    def layer_ids(self) -> tuple[str, ...]:
        """Every layer, in order."""
        return tuple(layer.id for layer in self.words.layers)

    @cached_property
    def words_files(self) -> dict[str, WordsFile]:
        """The words of every language."""
        return {language: WordsFile(language, self._write_words(language)) for language in LANGUAGES}

    def render_page(self, content: PageContent, land: Land, addresses: Addresses) -> str:
        """Return the map page for any selection."""
        view = PageView(self.words, self.texts[content.selection.language], content, land, self)
        return self.templates.get_template("page.html").render(
            view=view, t=view.texts, content=content, config=self._config(view, addresses), addresses=addresses
        )

    def render_problem(self, language: str, title_key: str, faults: Sequence[tuple[str, str]]) -> str:
        """Return a page that says what is wrong with an address, with the way back to the whole map."""
        whole = "/" if language == self.default_language else f"/?lang={language}"
        return self.templates.get_template("problem.html").render(
            t=self.texts[language], title_key=title_key, faults=faults, whole=whole
        )

    def _config(self, view: PageView, addresses: Addresses) -> dict[str, Any]:
        content = view.content
        return {
            "language": content.selection.language,
            "defaultLanguage": self.default_language,
            "words": self.words_files[content.selection.language].address,
            "regions": addresses.regions,
            "home": [round(degrees, 3) for degrees in view.land.box],
            "filters": list(self.filters),
            "outside": sorted(self.outside),
            "residents": view.land.residents,
            "datasetVersion": content.dataset_version,
            "provinces": [[row.region.code, *view.counts_in_order(row.tally)] for row in content.provinces],
            "outsideProvinces": [[row.reason, *view.counts_in_order(row.tally)] for row in content.outside_provinces],
        }

    def _write_words(self, language: str) -> bytes:
        """Write one language's words: short keys matter less than that they say what they are."""
        words = {
            "language": language,
            "texts": {key: text for key, text in self.texts[language].by_key.items() if not key.startswith("api.")},
            "layers": [
                {
                    "id": layer.id,
                    "shape": layer.shape,
                    "label": layer.label.in_language(language),
                    "short": layer.short.in_language(language),
                    "isIncident": layer.is_incident,
                }
                for layer in self.words.layers
            ],
            "properties": [
                {
                    "name": prop.name,
                    "kind": prop.kind,
                    "label": prop.label.in_language(language),
                    "vocabulary": prop.vocabulary,
                    "layers": list(prop.layers),
                    **({"chart": prop.chart, "inOrder": prop.in_order} if prop.chart else {}),
                }
                for prop in self.words.properties
            ],
            "terms": {
                vocabulary: {code: label.in_language(language) for code, label in terms.items()}
                for vocabulary, terms in self.words.terms.items()
            },
        }
        return json.dumps(words, ensure_ascii=False, separators=(",", ":")).encode()

    def address_of(self, content: PageContent, **changes: Any) -> str:
        """Return the address of the same page with something changed."""
        return page_address(content.selection, self.layer_ids, self.default_language, **changes)
