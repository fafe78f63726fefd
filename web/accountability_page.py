"""The page of what unions knew, did and said: figures of chosen cases, and the published table beside them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from web.accountability_figures import Figures, FigureWords
from web.content import Record, Region, Selection, Text
from web.first_frame import Land
from web.links import page_address
from web.page import Site
from web.published_reference import Reference
from web.records import RecordWords
from web.shares import FEW, Share, say_share
from web.ways import Way, list_ways

LAYER = "accountability"
PATH = "/accountability"
REPORT = "/accountability/report"
STATISTICS = "/api/accountability/statistics"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Which cases are asked for. `asked` are the parameters of the address as written, `query` those of the API."""

    language: str
    theme: str | None
    region: str | None = None
    industry: str | None = None
    starts: str | None = None
    ends: str | None = None
    query: tuple[tuple[str, str], ...] = ()

    @property
    def asked(self) -> list[tuple[str, str]]:
        """The filters as they stand in the address."""
        named = (("region", self.region), ("industry", self.industry), ("from", self.starts), ("to", self.ends))
        return [(name, value) for name, value in named if value]


@dataclass(frozen=True, kw_only=True)
class AccountabilityContent:
    """What the page and the report show. `cases` are told in full, with the `incidents` they are about.

    `provinces` may be chosen, `path` leads to the chosen region, and `with_industry` says whether cases know theirs.
    """

    choice: Choice
    figures: Figures
    reference: Reference
    names: Mapping[str, Text]
    provinces: tuple[Region, ...]
    path: tuple[Region, ...]
    with_industry: bool
    dataset_version: int
    changed_on: dt.date
    licence: str
    base: str
    land: Land | None = None
    cases: tuple[Record, ...] = ()
    incidents: tuple[Record, ...] = ()


def render_accountability(site: Site, content: AccountabilityContent) -> str:
    """Return the page of figures."""
    view = AccountabilityView(site, content, PATH)
    template = site.templates.get_template("documents/accountability.html")
    return template.render(doc=view, view=view, t=view.texts, content=content)


class AccountabilityView:
    """The page while it is being written; what the frame of every document asks, it answers too."""

    name = "accountability"

    def __init__(self, site: Site, content: AccountabilityContent, path: str) -> None:
        self.site = site
        self.content = content
        self.choice = content.choice
        self.texts = site.texts[content.choice.language]
        self.words = RecordWords(self.texts, site.words, content.names)
        self.figures = FigureWords(self.words, content.figures)
        self._path = path

    @property
    def selection(self) -> Selection:
        """Language and colours, as documents keep them, and the region on the map."""
        layers = self.site.layer_ids
        return Selection(language=self.choice.language, layers=layers, theme=self.choice.theme)

    @property
    def numbers(self) -> Any:
        """The figures of all cases chosen."""
        return self.content.figures.numbers

    @property
    def is_few(self) -> bool:
        """Whether shares of these cases mean little."""
        return bool(self.numbers.cases < FEW)

    @property
    def ways(self) -> tuple[Way, ...]:
        """The pages beside the map."""
        return list_ways(self.selection, self.site.layer_ids, self.site.default_language)

    @property
    def map_address(self) -> str:
        """The address of the map, with the cases of this choice."""
        layers = self.site.layer_ids
        whole = Selection(language=self.choice.language, layers=layers, theme=self.choice.theme)
        return page_address(whole, layers, self.site.default_language)

    @property
    def cases_address(self) -> str:
        """The address of the list of these cases beside the map."""
        filters = tuple(pair for pair in self.choice.query if pair[0] in self.site.filters)
        chosen = Selection(
            language=self.choice.language,
            layers=(LAYER,),
            theme=self.choice.theme,
            region=self.choice.region,
            filters=filters,
            tab="list",
        )
        return page_address(chosen, self.site.layer_ids, self.site.default_language)

    def address(self, language: str | None = None, theme: str | None = "") -> str:
        """Return the address of this page in another language, or without colours (None)."""
        wanted = self.choice.theme if theme == "" else theme
        return _write(self._path, self.choice.asked, self._look(language or self.choice.language, wanted))

    def report_address(self, *, to: str = REPORT) -> str:
        """Return the address of the report on the same cases, or of another page about them."""
        return _write(to, self.choice.asked, self._look(self.choice.language, self.choice.theme))

    @property
    def page_address(self) -> str:
        """The address of the page of figures about the same cases."""
        return self.report_address(to=PATH)

    @property
    def data_links(self) -> list[tuple[str, str]]:
        """The figures as files: (name, address)."""
        by = tuple(groups.by for groups in self.content.figures.groups)
        asked = [*self.choice.query, *([("by", ",".join(by))] if by else [])]
        return [(name, _write(STATISTICS, asked, [("f", form)])) for name, form in (("CSV", "csv"), ("JSON", "json"))]

    @property
    def region_options(self) -> Sequence[Region]:
        """The regions that the form offers: provinces, and the region chosen where it is a finer one."""
        finer = [region for region in self.content.path[-1:] if region not in self.content.provinces]
        return [*self.content.provinces, *finer]

    @property
    def industries(self) -> list[tuple[str, str]]:
        """The industries that the form offers: (code, label); none where cases have no industry."""
        terms = self.site.words.terms.get("industry", {}) if self.content.with_industry else {}
        return [(code, label.in_language(self.texts.language)) for code, label in terms.items()]

    @property
    def place(self) -> str:
        """The region in words."""
        return self.words.region_name(self.content.path[-1].code) if self.content.path else self.texts["country"]

    @property
    def period(self) -> str:
        """The period in words."""
        texts, (starts, ends) = self.texts, (self.choice.starts, self.choice.ends)
        if starts and ends:
            return texts.fill("accountability.period", first=self._say_day(starts), last=self._say_day(ends))
        if starts or ends:
            key = "accountability.since" if starts else "accountability.until"
            return texts.fill(key, day=self._say_day(starts or ends or ""))
        return texts["accountability.all_years"]

    def say(self, share: Share) -> str:
        """Write a share with its numerator and denominator."""
        return say_share(self.texts, share)

    def _say_day(self, day: str) -> str:
        if len(day) == len("2020"):
            return day if self.texts.language == "en" else f"{day}年"
        return self.texts.month(day) if len(day) == len("2020-01") else self.texts.date(day)

    def _look(self, language: str, theme: str | None) -> list[tuple[str, str]]:
        pairs = [("lang", language)] if language != self.site.default_language else []
        return [*pairs, *([("theme", theme)] if theme else [])]


def _write(path: str, asked: Sequence[tuple[str, str]], look: Sequence[tuple[str, str]]) -> str:
    pairs = [*asked, *look]
    return path + (f"?{urlencode(pairs, safe=',/')}" if pairs else "")
