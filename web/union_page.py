"""The page of one trade union: who it is, where it answers for workers, and what public cases say of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from web.content import Attribution, Record, Region, Selection, Text
from web.first_frame import Land
from web.links import page_address
from web.locator import Picture, Plate, draw_country, draw_plate
from web.page import Site
from web.record_ways import record_address, union_address
from web.records import RecordWords, Worded
from web.shares import FEW, Share, say_share
from web.translations import LANGUAGES
from web.union_contacts import find_name
from web.union_profile import UnionProfile

STYLES = ("tokens.css", "frame.css", "card.css", "record.css", "union.css")
LAYER = "accountability"
SCRIPTS = (("name_en", "en"), ("name_zh_hans", "zh-Hans"), ("name_zh_hant", "zh-Hant"))


@dataclass(frozen=True, kw_only=True)
class UnionContent:
    """What the page of a union shows. `parent` is the public union above it, if any; `path` leads to its region."""

    union: Mapping[str, Any]
    parent: Mapping[str, Any] | None
    cases: tuple[Record, ...]
    incidents: tuple[Record, ...]
    names: Mapping[str, Text]
    path: tuple[Region, ...]
    land: Land
    plate: Plate | None
    attribution: Attribution | None
    dataset_version: int
    changed_on: dt.date
    language: str
    theme: str | None
    licence: str
    base: str


def render_union(site: Site, content: UnionContent) -> str:
    """Return the page of a union."""
    view = UnionView(site, content)
    return site.templates.get_template("union.html").render(view=view, t=view.texts, content=content)


class UnionView:
    """One union's page while it is being written."""

    def __init__(self, site: Site, content: UnionContent) -> None:
        self.content = content
        self.texts = site.texts[content.language]
        self.styles = STYLES
        self.languages = LANGUAGES
        self._site = site
        self.words = RecordWords(self.texts, site.words, content.names)
        self.id = int(content.union["id"])
        self.properties: Mapping[str, Any] = content.union["properties"]
        self.profile = UnionProfile(self.words, self.id, content.cases, content.incidents)
        self.layers = {layer.id: layer for layer in site.words.layers}
        self.layer = self.layers[LAYER]

    @cached_property
    def name(self) -> Worded:
        """Its name in the reader's script, else in another."""
        unnamed = Worded(self.texts["contact.unnamed"], self.content.language)
        return find_name(self.properties, "name", self.content.language) or unnamed

    @property
    def other_names(self) -> list[Worded]:
        """Its names in the other scripts; one that is written alike in two of them once."""
        known = {str(self.properties[key]): tag for key, tag in reversed(SCRIPTS) if self.properties.get(key)}
        return [Worded(text, tag) for text, tag in reversed(known.items()) if text != self.name.text]

    @property
    def is_by_rule(self) -> bool:
        """Whether its name was made by rule, and nobody has confirmed it."""
        return bool(self.properties.get("name_by_rule"))

    @property
    def level(self) -> str:
        """What kind of union it is."""
        return self.words.term("union_level", self.properties["level"])

    @property
    def place(self) -> str:
        """Where it is, from the province down."""
        names = [self.words.region_name(region.code) for region in self.content.path]
        joined = names if self.content.language != "en" else names[::-1]
        between = ", " if self.content.language == "en" else ""
        return between.join(dict.fromkeys(joined)) or self.texts["place.unknown"]

    @property
    def is_few(self) -> bool:
        """Whether shares of its cases mean little."""
        return self.profile.asked < FEW

    def say(self, share: Share) -> str:
        """Write a share with its numerator and denominator."""
        return say_share(self.texts, share)

    def address_of(self, public_id: str) -> str:
        """Return the address of a record's page in the reader's language and colours."""
        return record_address(public_id, self.content.language, self._site.default_language, self.content.theme)

    def address_of_union(self, union_id: int) -> str:
        """Return the address of a union's page in the reader's language and colours."""
        return union_address(union_id, self.content.language, self._site.default_language, self.content.theme)

    def in_language(self, language: str) -> str:
        """Return the address of this page in another language."""
        return union_address(self.id, language, self._site.default_language, self.content.theme)

    def canonical(self, language: str) -> str:
        """Return the absolute address of this page in a language, as others should link to it."""
        return self.content.base + union_address(self.id, language, self._site.default_language)

    def map_address(self, **selected: Any) -> str:
        """Return the address of the map with something selected."""
        layers = self._site.layer_ids
        chosen = {"layers": layers} | selected
        selection = Selection(language=self.content.language, theme=self.content.theme, **chosen)
        return page_address(selection, layers, self._site.default_language)

    @property
    def default_language(self) -> str:
        """The language of readers who ask for none of ours."""
        return self._site.default_language

    @property
    def parent(self) -> tuple[int, Worded] | None:
        """The union above it: its number and name."""
        above = self.content.parent
        found = find_name(above["properties"], "name", self.content.language) if above else None
        return (int(above["id"]), found) if above and found else None

    @property
    def description(self) -> str:
        """The page in one sentence."""
        return self.texts.fill(
            "union.description",
            name=self.name.text,
            level=self.level,
            place=self.place,
            count=str(len(self.content.cases)),
            site=self.texts["site.name"],
        )

    @property
    def linked_data(self) -> dict[str, Any]:
        """The page for those who read it by program."""
        address = self.canonical(self.content.language)
        described = {
            "@context": "https://schema.org",
            "@type": "Organization",
            "@id": address,
            "url": address,
            "identifier": str(self.id),
            "name": self.name.text,
            "alternateName": [other.text for other in self.other_names],
            "areaServed": [
                {"@type": "AdministrativeArea", "identifier": region.code, "name": self.words.region_name(region.code)}
                for region in self.content.path[-1:]
            ],
            "subjectOf": [
                {
                    "@type": "CreativeWork",
                    "identifier": case.id,
                    "name": self.words.title(case).text,
                    "url": self.content.base
                    + record_address(case.id, self.content.language, self._site.default_language),
                }
                for case in self.content.cases
            ],
        }
        return {name: value for name, value in described.items() if value}

    @property
    def pictures(self) -> list[Picture]:
        """The small maps: its region in the province, where it is smaller, and the province in the country."""
        content, path = self.content, self.content.path
        if not path:
            return [draw_country(content.land, (), None, self.texts["record.locator.none"])]
        province = self.words.region_name(path[0].code)
        country = self.texts.fill("record.locator.country", place=province)
        drawn = [draw_country(content.land, (path[0].code,), None, country)]
        if content.plate is not None:
            label = self.texts.fill("record.locator.province", province=province, place=self.place)
            drawn.insert(0, draw_plate(content.plate, (path[-1].code,), None, label))
        return drawn

    @property
    def data_address(self) -> str:
        """The union in the API."""
        return f"/api/collections/unions/items/{self.id}"
