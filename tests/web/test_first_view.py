"""What the first view loads: the modules it needs, and outlines no finer than it draws."""

from __future__ import annotations

import json
import re

import pytest

from tests.web.conftest import ADDRESSES, TOPOLOGY, make_content
from web.assets import STATIC, drop_comments
from web.country_topology import thin_topology
from web.first_frame import Land
from web.module_graph import list_modules
from web.page import Site
from web.topology import decode_arcs, polygons_of, trace

MODULES = {
    "js/main.js": b'// from "./nothing.js";\nimport { a } from "./a.js";\nconst later = () => import("./later.js");\n',
    "js/a.js": (
        b'import {\n  b,\n} from "./b.js";\nexport { c } from "../c.js";\n/** @typedef {import("./types.js").T} T */\n'
    ),
    "js/b.js": b'import { a } from "./a.js";\n',
    "c.js": b"",
}


def test_a_module_needs_what_it_imports_at_once() -> None:
    """Types in comments and modules for later are not needed; a circle ends."""
    assert list_modules(MODULES, "js/main.js") == ("js/main.js", "js/a.js", "js/b.js", "c.js")


def test_an_import_of_nothing_is_an_error() -> None:
    """A module that is not served cannot be imported."""
    with pytest.raises(KeyError):
        list_modules({"a.js": b'import { b } from "./b.js";'}, "a.js")


def test_the_page_names_the_modules_of_its_first_view(site: Site, land: Land) -> None:
    """Cards, legend and dialogs are drawn by modules that come later; Leaflet, the largest file, is asked for first."""
    page = site.render_page(make_content(), land, ADDRESSES)
    named = re.findall(r'<link rel="modulepreload" href="[^"]*/(js/[^"]*)"', page)
    assert "js/drawn-map.js" in named
    later = ("types", "map-view", "texts", "whole-page", "legend", "links", "panel", "record-card", "share-dialog")
    assert not {f"js/{name}.js" for name in later} & set(named)
    assert page.index(f'src="{site.shell.address}"') < page.index('rel="modulepreload"')


def test_the_first_picture_has_the_map(site: Site, land: Land) -> None:
    """Browsers that know how wait with drawing until the server's map is there: no frame is spent on half a page."""
    page = site.render_page(make_content(), land, ADDRESSES)
    assert '<link rel="expect" blocking="render" href="#map-hint">' in page
    assert page.count('id="map-hint"') == 1
    assert page.index('id="first-frame"') < page.index('id="map-hint"') < page.index('id="panel"')


def test_the_index_of_all_regions_comes_later(site: Site, land: Land) -> None:
    """The page has the names of provinces; thousands of others are asked for when they are needed."""
    page = site.render_page(make_content(), land, ADDRESSES)
    found = re.search(r'<script type="application/json" id="map-config">(.*?)</script>', page)
    assert found is not None
    assert json.loads(found[1])["provinceNames"] == [["100000", "West"], ["200000", "East"]]
    assert f'href="{ADDRESSES.regions}"' not in page
    assert f'href="{ADDRESSES.first_topology}"' in page


def test_thinned_outlines_keep_their_corners() -> None:
    """Squares stay squares, neighbours keep one border, and no name is carried along."""
    thin = thin_topology(TOPOLOGY)
    west, east = thin["objects"]["regions"]["geometries"]
    assert west["properties"] == {"parent": None, "point": [105, 35]}
    assert thin["objects"]["regions"]["geometries"][1]["arcs"] == east["arcs"] == [[2, ~0]]
    for drawn in (TOPOLOGY, thin):
        ring = trace(polygons_of(drawn["objects"]["regions"]["geometries"][1])[0][0], decode_arcs(drawn))
        assert {(round(x, 2), round(y, 2)) for x, y in ring} == {(110, 30), (120, 30), (120, 40), (110, 40)}


def test_what_moves_a_line_by_little_is_left_out() -> None:
    """A point in the middle of a nearly straight border goes, the ends stay."""
    arc = [[0, 0], [500, 4], [500, -4], [0, 1000]]
    one = {
        **TOPOLOGY,
        "transform": {"scale": [0.01, 0.01], "translate": [100, 30]},
        "arcs": [arc, *TOPOLOGY["arcs"][1:]],
    }
    assert next(len(line) for line in thin_topology(one)["arcs"]) == 3


def test_comments_stay_at_home() -> None:
    """What is a comment as a whole line is not sent; what runs is, and every line keeps its number."""
    source = b"""// Top.
import { a } from "./a.js"; // stays

/**
 * @param {string} x  a * b / c
 */
export const f = (x) => `
// in a text
${x}/* stays */`;
  /** @type {string} */
  let y = "/** no comment */";
"""
    sent = drop_comments(source.replace(b"// in a text\n", b"in a text\n"))
    assert sent.count(b"\n") == source.count(b"\n")
    assert b"Top" not in sent
    assert b"@" not in sent
    assert all(part in sent for part in (b"// stays", b"/* stays */", b'"/** no comment */"'))


def test_no_text_of_ours_looks_like_a_comment(site: Site) -> None:
    """A line inside a text in backticks must not be taken for a comment: ours have none that begin so."""
    for path in STATIC.rglob("*.js"):
        texts = re.findall(r"`[^`]*`", re.sub(r"(?m)^\s*(?://.*|/\*\*.*|\*.*)$", "", path.read_text(encoding="utf-8")))
        assert not [text for text in texts if re.search(r"\n\s*(?://|/\*\*)", text)], path.name
    assert b"@param" not in site.own.contents["js/main.js"]
