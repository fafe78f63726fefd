"""The map page and its error page as HTML, from plain values. Every text goes through a template that escapes it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from web.assets import PAGE_STYLES, AssetTree, hash_bytes, leaflet_files, own_files
from web.boundary_words import word_boundaries
from web.content import PageContent, Words
from web.first_frame import Land
from web.links import EMBED, page_address
from web.shell import Shell, make_shell
from web.translations import LANGUAGES, Texts, format_number, load_texts
from web.view import PageView
from web.ways import list_ways

TEMPLATES = Path(__file__).parent / "templates"

OF_SERVER = ("api.", "method.", "record.", "editor.", "union.", "accountability.")
"""Beginnings of the texts that only the server's own pages show."""
OF_DIALOGS = ("share.", "export.", "picture.")
"""Beginnings of the texts that modules need only after a click."""


def name_dialog_words(language: str) -> str:
    """Return the name of the file of texts that are needed only after a click."""
    return f"{language}-dialogs"


@dataclass(frozen=True)
class WordsFile:
    """Labels and texts of one language as the modules read them, under an address with its hash."""

    name: str
    body: bytes

    @property
    def address(self) -> str:
        """Where it is served."""
        return f"/words/{self.name}.{hash_bytes(self.body)}.json"


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """Content-hashed addresses that change with the data: the index of regions, and the first topology.

    `base` is what absolute addresses of this site begin with.
    """

    regions: str
    first_topology: str
    base: str = ""


class Site:
    """All that pages share: files, shell, templates, texts. Made once for an application."""

    def __init__(
        self,
        words: Words,
        default_language: str,
        outside: frozenset[str],
        filters: tuple[str, ...],
        editors: str | None = None,
    ) -> None:
        self.words = words
        self.default_language = default_language
        self.outside = outside
        self.filters = filters
        self.editors = editors
        self.own: AssetTree = own_files()
        self.leaflet: AssetTree = leaflet_files()
        self.shell: Shell = make_shell(self.own, self.leaflet)
        self.embed_shell: Shell = self.shell.mounting(self.own.address("js/main.js"), self.own.address("js/embed.js"))
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
            embed_shell=self.embed_shell,
            styles=PAGE_STYLES,
            word_boundaries=word_boundaries,
        )

    @property
    def shells(self) -> tuple[Shell, ...]:
        """The scripts that make a map: of the whole page, and of the one that other sites frame."""
        return self.shell, self.embed_shell

    @property
    def layer_ids(self) -> tuple[str, ...]:
        """Every layer, in order."""
        return tuple(layer.id for layer in self.words.layers)

    @cached_property
    def words_files(self) -> dict[str, WordsFile]:
        """The words of every language, and those of its dialogs, by name."""
        written = {language: self._write_words(language) for language in LANGUAGES}
        written |= {name_dialog_words(language): self._write_dialog_words(language) for language in LANGUAGES}
        return {name: WordsFile(name, body) for name, body in written.items()}

    def render_page(self, content: PageContent, land: Land, addresses: Addresses) -> str:
        """Return the map page for any selection."""
        view = PageView(self.words, self.texts[content.selection.language], content, land, self)
        return self.templates.get_template("page.html").render(
            view=view,
            t=view.texts,
            content=content,
            config=self.make_config(view, addresses),
            addresses=addresses,
            ways=list_ways(content.selection, self.layer_ids, self.default_language),
        )

    def render_problem(
        self,
        language: str,
        title_key: str,
        faults: Sequence[tuple[str, str]],
        page: str = "/",
        said: str | None = None,
    ) -> str:
        """Return a page that says what is wrong with an address, with the way back to the whole map.

        In a frame that is the map that may be framed.
        """
        path = EMBED if page == EMBED else "/"
        whole = path if language == self.default_language else f"{path}?lang={language}"
        return self.templates.get_template("problem.html").render(
            t=self.texts[language], title_key=title_key, faults=faults, said=said, whole=whole
        )

    def make_config(self, view: PageView, addresses: Addresses, page: str = "/") -> dict[str, Any]:
        """Return what the modules of a page begin with. `page` is the path that its links stay on."""
        content = view.content
        return {
            "page": page,
            "language": content.selection.language,
            "defaultLanguage": self.default_language,
            "mapName": view.texts["map"],
            "layers": list(self.layer_ids),
            "words": self.words_files[content.selection.language].address,
            "dialogWords": self.words_files[name_dialog_words(content.selection.language)].address,
            "regions": addresses.regions,
            "firstTopology": addresses.first_topology,
            "provinceNames": [[code, view.name(code)] for code in view.land.paths],
            "home": [round(degrees, 3) for degrees in view.land.box],
            "filters": list(self.filters),
            "outside": sorted(self.outside),
            "residents": view.land.residents,
            "editors": self.editors,
            "datasetVersion": content.dataset_version,
            "provinces": [[row.region.code, *view.counts_in_order(row.tally)] for row in content.provinces],
            "outsideProvinces": [[row.reason, *view.counts_in_order(row.tally)] for row in content.outside_provinces],
        }

    def _write_words(self, language: str) -> bytes:
        """Write one language's words: short keys matter less than that they say what they are."""
        words = {
            "language": language,
            "texts": self._texts_by_key(language, lambda key: not key.startswith((*OF_SERVER, *OF_DIALOGS))),
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

    def _write_dialog_words(self, language: str) -> bytes:
        """Write the texts that are needed only after a click."""
        texts = self._texts_by_key(language, lambda key: key.startswith(OF_DIALOGS))
        return json.dumps(texts, ensure_ascii=False, separators=(",", ":")).encode()

    def _texts_by_key(self, language: str, is_wanted: Callable[[str], bool]) -> dict[str, str]:
        return {key: text for key, text in self.texts[language].by_key.items() if is_wanted(key)}

    def address_of(self, content: PageContent, **changes: Any) -> str:
        """Return the address of the same page with something changed."""
        return page_address(content.selection, self.layer_ids, self.default_language, **changes)
