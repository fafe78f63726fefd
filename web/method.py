"""The page that says how the map is made: what is in the data, what is not, and how people are protected."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from web.content import Attribution, Selection
from web.documents import Document
from web.page import Site

SECTIONS = (
    *("what", "limits", "layers", "counting", "places", "workers", "readers", "checking", "rates", "names"),
    *("fresh", "licence", "corrections", "api"),
)
"""The parts of the page in their order; each is a heading with an anchor."""


@dataclass(frozen=True, kw_only=True)
class Freshness:
    """How much a layer holds, from the first to the latest day an event began, and when that last changed."""

    layer: str
    count: int
    first: dt.date | None
    latest: dt.date | None
    changed: dt.date | None


@dataclass(frozen=True, kw_only=True)
class MethodFacts:
    """What the page says about the data of today and whoever runs the site. `base` is this site's address."""

    version: int
    changed_on: dt.date
    layers: Sequence[Freshness]
    boundaries: Attribution | None
    licence: str
    contact: str | None
    base: str

    @property
    def contact_link(self) -> str | None:
        """The link of the contact: a web or mail address as it is, or a letter to what looks like a mail address."""
        if self.contact is None or self.contact.startswith(("https://", "http://", "mailto:")):
            return self.contact
        return f"mailto:{self.contact}" if "@" in self.contact else None


def render_method(site: Site, selection: Selection, facts: MethodFacts) -> str:
    """Return the page in the language and the colours of a selection."""
    texts = site.texts[selection.language]
    return site.templates.get_template("documents/method.html").render(
        doc=Document(
            "method", Selection(language=selection.language, layers=site.layer_ids, theme=selection.theme), site
        ),
        t=texts,
        sections=SECTIONS,
        facts=facts,
        layers={layer.id: layer for layer in site.words.layers},
        verification=[label.in_language(texts.language) for label in site.words.terms.get("verification", {}).values()],
    )
