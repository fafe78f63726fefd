"""The map as a picture to keep, drawn by the server: the provinces with shades, rings, legend, licence and source.

With JavaScript the browser draws what the reader sees (static/js/map-picture.js); this one needs none.
"""

from __future__ import annotations

from web.content import PageContent
from web.first_frame import Land
from web.page import Site
from web.palette import read_colours
from web.view import PageView

SIZES = {"large": "12.5", "medium": "11", "small": "9.5"}


def render_map_file(site: Site, content: PageContent, land: Land, base: str, licence: str) -> str:
    """Return the picture of any selection, in the colours that the address asks for."""
    texts = site.texts[content.selection.language]
    view = PageView(site.words, texts, content, land, site)
    theme = content.selection.theme or "light"
    colours = read_colours("light") | read_colours(theme)
    return site.templates.get_template("documents/map.svg").render(
        t=texts,
        view=view,
        content=content,
        colours=colours,
        fills=FILLS,
        sizes=SIZES,
        period=view.time.range_in_words,
        address=f"{base}{view.address()}",
        licence=licence,
    )


FILLS = {
    **{f"k{shade}": f"shade-{shade}" for shade in range(5)},
    "plain": "no-record",
    "none": "no-record",
    "outside": "sea",
}
"""The colour of each fill of the first picture; `none` and `outside` have lines over it."""
