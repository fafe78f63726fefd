"""A report on what unions answered in a period and a place: one page, made to be printed and kept."""

from __future__ import annotations

from functools import cached_property

from web.accountability_page import REPORT, AccountabilityContent, AccountabilityView
from web.content import LayerWords, Record
from web.links import page_address
from web.locator import Picture, draw_country
from web.page import Site
from web.record_ways import record_address, union_address
from web.records import CardRow, Worded
from web.union_contacts import Contact, word_contacts

MOST_TOLD = 200
"""Cases that a report tells one by one; of more it gives the figures of all and says how many it tells."""
OF_CASE = ("awareness", "involvement", "involvement_timing", "excuses", "outcome", "outcome_on", "amount_recovered_cny")
RECOMMENDATIONS = ("doors", "scope", "indicators", "reform", "policy", "role")
"""The six recommendations of China Labour Bulletin's report, in its order."""
METHOD = ("unit", "roll_up", "unknown", "sample", "coverage", "protected", "union")
"""What has to be known to read the figures."""


def render_report(site: Site, content: AccountabilityContent) -> str:
    """Return the report."""
    view = ReportView(site, content)
    return site.templates.get_template("documents/accountability_report.html").render(
        view=view, t=view.texts, content=content
    )


class ToldCase:
    """One case as the report tells it."""

    def __init__(self, view: ReportView, record: Record) -> None:
        self.record = record
        self._view = view
        words = view.words
        self.title: Worded = words.title(record)
        self.facts = " · ".join((words.dates(record), words.place(record), record.id))
        self.paragraphs = [text for text in [words.text(record, "summary")] if text]
        self.rows: tuple[CardRow, ...] = tuple(row for row in words.rows(record) if row.name in OF_CASE)
        self.contacts: list[Contact] = word_contacts(words, record.properties.get("contacts") or ())

    @property
    def incidents(self) -> list[Record]:
        """The public incidents it is about."""
        known = self._view.incidents
        return [known[one] for one in self.record.properties.get("incidents") or () if one in known]


class ReportView(AccountabilityView):
    """The report while it is being written."""

    name = "report"

    def __init__(self, site: Site, content: AccountabilityContent) -> None:
        super().__init__(site, content, REPORT)
        self.incidents = {record.id: record for record in content.incidents}
        self.recommendations = RECOMMENDATIONS
        self.method = METHOD

    @cached_property
    def told(self) -> list[ToldCase]:
        """The cases, the earliest first."""
        in_order = sorted(self.content.cases, key=lambda case: (case.properties.get("starts_on") or "", case.id))
        return [ToldCase(self, case) for case in in_order]

    @property
    def layer(self) -> LayerWords:
        """The layer of the cases."""
        return self.layer_of("accountability")

    def layer_of(self, name: str) -> LayerWords:
        """Return a layer by its name."""
        return next(layer for layer in self.site.words.layers if layer.id == name)

    @property
    def picture(self) -> Picture | None:
        """The country with the provinces in which cases lie."""
        land = self.content.land
        provinces = dict.fromkeys(case.properties.get("province") for case in self.content.cases)
        codes = [code for code in provinces if code]
        if land is None or not codes:
            return None
        names = self.texts.list(self.words.region_name(code) for code in codes)
        return draw_country(land, codes, None, self.texts.fill("record.locator.country", place=names))

    @property
    def title(self) -> str:
        """What the report is called."""
        return self.texts.fill("accountability.report.title", place=self.place, period=self.period)

    @property
    def permanent(self) -> str:
        """The absolute address of this report."""
        return self.content.base + self.address(theme=None)

    @property
    def citation(self) -> str:
        """How the report is cited: the version of the data stands for the day of access."""
        return self.texts.fill(
            "accountability.report.cited",
            site=self.texts["site.name"],
            title=self.title,
            version=str(self.content.dataset_version),
            date=self.texts.date(self.content.changed_on),
            address=self.permanent,
            licence=self.content.licence,
        )

    def address_of(self, public_id: str) -> str:
        """Return the address of a record's page."""
        return record_address(public_id, self.choice.language, self.site.default_language, self.choice.theme)

    def union_address(self, union_id: int) -> str:
        """Return the address of a union's page."""
        return union_address(union_id, self.choice.language, self.site.default_language, self.choice.theme)

    @property
    def whole_map(self) -> str:
        """The address of the map."""
        return page_address(self.selection, self.site.layer_ids, self.site.default_language)
