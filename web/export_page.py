"""The page with the files of a selection, for readers without JavaScript."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from web.content import PageContent
from web.documents import Document
from web.export_links import (
    FORMATS,
    MOST_SHEET_ROWS,
    Choice,
    FileWish,
    Layered,
    file_address,
    list_choices,
    read_layers_of,
    table_address,
)
from web.first_frame import Land
from web.page import Site
from web.view import PageView

LABELS = ("", "en", "zh-Hans", "zh-Hant", "en,zh-Hans,zh-Hant")
"""In which scripts what codes are called may stand beside them."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the form of the page says: which choice, and how its files are wanted. None: as the page proposes."""

    which: str | None = None
    labels: str | None = None
    bom: bool = False


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What stands in every file: the licence, and the filter as `describe` writes it of a choice's records."""

    licence: str
    describe: Callable[[str, tuple[tuple[str, str], ...]], str]


class ExportView(PageView):
    """The page while it is being written."""

    def prepare(self, asked: Asked, labelled: Mapping[str, str]) -> None:
        """Take in what was asked for. `labelled` are the names of layers."""
        layered = Layered(
            all=[layer.id for layer in self.words.layers],
            incidents=self.incident_layers,
            of_property=read_layers_of(self.words.properties),
        )
        self.labelled = labelled
        self.choices = list_choices(self.selection, layered)
        self.choice = next((one for one in self.choices if one.name == asked.which), (*self.choices, None)[0])
        self.wish = FileWish(labels=self.selection.language if asked.labels is None else asked.labels, bom=asked.bom)

    def choice_name(self, choice: Choice) -> str:
        """Return what a choice is called."""
        return self.labelled.get(choice.name) or self.texts["export.all"]

    def count(self, choice: Choice) -> int:
        """Return how many records a choice has."""
        return self.content.total.of(choice.layers)

    def files(self) -> list[tuple[str, str | None]]:
        """Return (format, address) of every file of the choice; None where it would have too many rows."""
        if self.choice is None:
            return []
        is_large = self.count(self.choice) > MOST_SHEET_ROWS
        return [
            (form, None if form == "xlsx" and is_large else file_address(self.choice, form, self.wish))
            for form in FORMATS
        ]

    @property
    def kept_parameters(self) -> list[tuple[str, str]]:
        """The parameters of the selection, which the form keeps."""
        return parse_qsl(self.address().partition("?")[2])

    def tables(self) -> list[tuple[str, str]]:
        """Return (text, address) of the counts of the choice as files."""
        if self.choice is None:
            return []
        levels = [self.child_level] if self.child_level else []
        return [(f"by.{by}", table_address(self.choice, by, self.selection.language)) for by in (*levels, "month")]


def render_export(site: Site, content: PageContent, land: Land, asked: Asked, terms: Terms) -> str:
    """Return the page for any selection."""
    texts = site.texts[content.selection.language]
    view = ExportView(site.words, texts, content, land, site)
    view.prepare(asked, {layer.id: layer.label.in_language(texts.language) for layer in site.words.layers})
    choice = view.choice
    return site.templates.get_template("documents/export.html").render(
        doc=Document("export", content.selection, site),
        t=texts,
        view=view,
        content=content,
        licence=terms.licence,
        most=MOST_SHEET_ROWS,
        scripts=LABELS,
        filter_text=terms.describe(choice.collection, choice.pairs) if choice else "",
    )
