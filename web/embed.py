"""The map that any site may frame: the map with its path, zoom, legend and time, and the way to the whole page.

Its links stay inside the frame's own page, but for the one that opens the whole page elsewhere.
"""

from __future__ import annotations

from typing import Any

from web.content import PageContent
from web.first_frame import Land
from web.links import EMBED
from web.page import Addresses, Site
from web.view import PageView


class EmbedAddresses:
    """Makes the links of a framed page."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.outside = site.outside
        self.default_language = site.default_language
        self.editors = site.editors

    def address_of(self, content: PageContent, **changes: Any) -> str:
        """Return the address of the same framed page with something changed."""
        return EMBED + self._site.address_of(content, **changes).removeprefix("/")


def render_embed(site: Site, content: PageContent, land: Land, addresses: Addresses) -> str:
    """Return the page for any selection."""
    view = PageView(site.words, site.texts[content.selection.language], content, land, EmbedAddresses(site))
    return site.templates.get_template("embed.html").render(
        view=view,
        t=view.texts,
        content=content,
        config=site.make_config(view, addresses, EMBED),
        addresses=addresses,
        whole=site.address_of(content),
    )
