"""The page of one record: complete without JavaScript, with its citation, its history and the data behind it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from web.card import Card, Ways
from web.citation import Cited, write_bibtex, write_csl
from web.content import Attribution, Change, Record, Region, Selection, Text
from web.first_frame import Land
from web.jurisdiction import Keeper, word_keepers
from web.linked_data import describe_record
from web.links import page_address
from web.locator import Picture, Plate, draw_country, draw_plate
from web.page import Site
from web.record_ways import record_address, union_address
from web.records import RecordWords
from web.translations import LANGUAGES

STYLES = ("tokens.css", "frame.css", "card.css", "record.css")


@dataclass(frozen=True, kw_only=True)
class RecordContent:
    """What the page of a record shows.

    `provinces` are those that its public regions lie in, `path` leads from the province down to its place, and `plate`
    has the regions of its province where it is known more exactly than that. `base` is what absolute links begin with.
    `unions` are those of an incident, as `geo.serving.jurisdiction` has them.
    """

    record: Record
    linked: tuple[Record, ...]
    changes: tuple[Change, ...]
    unions: tuple[Mapping[str, Any], ...]
    names: Mapping[str, Text]
    path: tuple[Region, ...]
    provinces: tuple[str, ...]
    land: Land
    plate: Plate | None
    attribution: Attribution | None
    dataset_version: int
    changed_on: dt.date
    language: str
    theme: str | None
    licence: str
    base: str


def render_record(site: Site, content: RecordContent) -> str:
    """Return the page of a record."""
    view = RecordView(site, content)
    return site.templates.get_template("record.html").render(view=view, t=view.texts, content=content, card=view.card)


class RecordView:
    """One record's page while it is being written."""

    def __init__(self, site: Site, content: RecordContent) -> None:
        self.content = content
        self.texts = site.texts[content.language]
        self.styles = STYLES
        self._site = site
        words = RecordWords(self.texts, site.words, content.names)
        ways = Ways(record=self.address_of, union=self.address_of_union, editors=site.editors)
        self.card = Card(words, content.record, ways, content.linked, content.changes)

    @property
    def keepers(self) -> list[Keeper]:
        """The unions that have the incident in their care, nearest first; a case has none."""
        return word_keepers(self.card.words, self.content.unions)

    def address_of(self, public_id: str) -> str:
        """Return the address of a record's page in the reader's language and colours."""
        return record_address(public_id, self.content.language, self._site.default_language, self.content.theme)

    def address_of_union(self, union_id: int) -> str:
        """Return the address of a union's page in the reader's language and colours."""
        return union_address(union_id, self.content.language, self._site.default_language, self.content.theme)

    def in_language(self, language: str) -> str:
        """Return the address of this page in another language."""
        return record_address(self.card.record.id, language, self._site.default_language, self.content.theme)

    def canonical(self, language: str) -> str:
        """Return the absolute address of this page in a language, as others should link to it."""
        return self.content.base + record_address(self.card.record.id, language, self._site.default_language)

    def map_address(self, **selected: Any) -> str:
        """Return the address of the map with something selected."""
        layers = self._site.layer_ids
        selection = Selection(language=self.content.language, layers=layers, theme=self.content.theme, **selected)
        return page_address(selection, layers, self._site.default_language)

    @property
    def default_language(self) -> str:
        """The language of readers who ask for none of ours."""
        return self._site.default_language

    @property
    def is_call_for_help(self) -> bool:
        """Say whether robots are to leave this page alone."""
        return bool(self.card.properties["layer"] == "calls_for_help")

    @property
    def description(self) -> str:
        """The page in one sentence."""
        card = self.card
        return self.texts.fill(
            "record.description",
            layer=card.layer.label.in_language(self.content.language),
            dates=card.dates,
            place=card.place,
            id=card.record.id,
            site=self.texts["site.name"],
        )

    @cached_property
    def cited(self) -> Cited:
        """What a citation of this page names."""
        return Cited(
            site=self.texts["site.name"],
            id=self.card.record.id,
            title=self.card.title.text,
            language=self.card.title.language,
            version=self.content.dataset_version,
            changed_on=self.content.changed_on,
            address=self.canonical(self.content.language),
            licence=self.content.licence,
        )

    @property
    def citations(self) -> list[tuple[str, str]]:
        """The citation for programs: (key of its name, text)."""
        return [("record.cite.bibtex", write_bibtex(self.cited)), ("record.cite.csl", write_csl(self.cited))]

    @property
    def linked_data(self) -> dict[str, Any]:
        """The page for those who read it by program."""
        regions = [(code, self.card.words.region_name(code)) for code in self.card.properties.get("regions") or ()]
        return describe_record(self.card, self.cited, regions, f"{self.content.base}/")

    @property
    def data_links(self) -> list[tuple[str, str]]:
        """The record in the API: (key of its name, address)."""
        item = f"/api/collections/{self.card.properties['layer']}/items/{self.card.record.id}"
        return [
            ("record.data.feature", f"{item}?f=json"),
            ("record.data.page", f"{item}?f=html"),
            ("record.data.changes", f"/api/changes?public_id={self.card.record.id}"),
        ]

    @property
    def pictures(self) -> list[Picture]:
        """The small maps: the region in its province, where it is known so exactly, and the province in the country."""
        content, point = self.content, self.card.record.point
        names = [self.card.words.region_name(code) for code in content.provinces]
        joined = self.texts["change.and"].join(names)
        country = (
            self.texts.fill("record.locator.country", place=joined) if names else self.texts["record.locator.none"]
        )
        drawn = []
        if content.plate is not None:
            label = self.texts.fill("record.locator.province", province=joined, place=self.card.place)
            drawn.append(draw_plate(content.plate, self.card.properties.get("regions") or (), point, label))
        return [*drawn, draw_country(content.land, content.provinces, None if drawn else point, country)]

    @property
    def languages(self) -> dict[str, str]:
        """Language tags and short names."""
        return LANGUAGES
