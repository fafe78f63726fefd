"""Which conformance classes hold: those, and only those, whose requirements are tested under `tests/ogc`.

Not declared, though much of them works: `queryables-query-parameters` (of a plain parameter, `participants_min=100`
means at least), `spatial-functions` (no relation but S_INTERSECTS and S_DISJOINT takes a collection of geometries), and
`property-property` (lists are of texts alone).
"""

from __future__ import annotations

_OGC = "http://www.opengis.net/spec"
_CLASSES = {
    "ogcapi-features-1/1.0": ("core", "geojson", "html", "oas30"),
    "ogcapi-features-2/1.0": ("crs",),
    "ogcapi-features-3/1.0": ("queryables", "filter", "features-filter"),
    "ogcapi-features-5/1.0": (
        *("schemas", "core-roles-features", "returnables-and-receivables", "queryables", "sortables"),
    ),
    "ogcapi-tiles-1/1.0": (
        *("core", "tileset", "tilesets-list", "geodata-tilesets", "dataset-tilesets", "mvt", "oas30"),
    ),
    "tms/2.0": ("tilematrixset", "json-tilematrixset", "json-tilesetmetadata"),
    "cql2/1.0": (
        *("cql2-text", "cql2-json", "basic-cql2", "advanced-comparison-operators", "case-insensitive-comparison"),
        *("basic-spatial-functions", "basic-spatial-functions-plus", "temporal-functions", "array-functions"),
    ),
}
CONFORMANCE = [f"{_OGC}/{standard}/conf/{name}" for standard, names in _CLASSES.items() for name in names]
