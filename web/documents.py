"""Pages beside the map: how it was made, a link to share, files to take. They need no JavaScript."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from web.content import PageContent, Selection
from web.first_frame import Land
from web.links import EMBED, page_address
from web.page import Site
from web.share_links import write_iframe
from web.view import PageView
from web.ways import Way, list_ways


@dataclass(frozen=True)
class Document:
    """A page beside the map while it is being written. `name` is its path without the slash."""

    name: str
    selection: Selection
    site: Site

    def address(self, **changes: Any) -> str:
        """Return the address of the same page with something changed."""
        return f"/{self.name}" + self._of_map(**changes).removeprefix("/")

    @property
    def map_address(self) -> str:
        """The address of the map with the same selection."""
        return self._of_map()

    @property
    def ways(self) -> tuple[Way, ...]:
        """The pages beside the map, with the same selection."""
        return list_ways(self.selection, self.site.layer_ids, self.site.default_language)

    def _of_map(self, **changes: Any) -> str:
        return page_address(self.selection, self.site.layer_ids, self.site.default_language, **changes)


def render_share(site: Site, content: PageContent, land: Land, base: str) -> str:
    """Return the page with the link to a view and the code that puts it into another page."""
    texts = site.texts[content.selection.language]
    doc = Document("share", content.selection, site)
    framed = base + EMBED + doc.map_address.removeprefix("/")
    return site.templates.get_template("documents/share.html").render(
        doc=doc,
        t=texts,
        view=PageView(site.words, texts, content, land, site),
        content=content,
        base=base,
        code=write_iframe(framed, texts["site.name"]),
    )
