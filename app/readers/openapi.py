"""The OpenAPI 3.0 document of the API: every address, every parameter, made from `geo.layers`.

Clients and the conformance suite of OGC API - Features ask for 3.0, so the framework's own 3.1 is not used.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from app.problems import MEDIA_TYPE as PROBLEM
from app.readers.answers import GEOJSON, JSON, OPENAPI, PROGRAM_VERSION, SCHEMA
from app.readers.count_schemas import count_schemas
from app.readers.counts import FORMATS
from app.readers.descriptions import COLLECTIONS_SHOWN, OWN_PARAMETERS, TITLE, WHAT, describe_value
from app.readers.openapi_exports import offer_files
from app.readers.openapi_filters import crs_parameter, filter_parameters
from app.readers.openapi_pages import offer_pages
from app.readers.openapi_reference import linked_paths, reference_paths, statistics_path
from app.readers.openapi_tiles import tile_paths
from app.readers.representations import HTML
from geo.layers import ACCOUNTABILITY, COLLECTIONS, Kind, Property, properties_of
from geo.serving.dimensions import dimensions
from geo.serving.filters import WHOLE, filterable_properties
from geo.serving.labels import SCRIPTS
from geo.serving.order import sortable_properties
from geo.serving.parameters import DEFAULT_LIMIT, LONGEST_TEXT, MAXIMUM_LIMIT, UNKNOWN

Document = dict[str, Any]

_TEXT: Document = {"type": "string"}
_HOW = {
    Kind.MINIMUM: "At least this number.",
    Kind.MAXIMUM: "At most this number.",
    Kind.DATE: "A day, or a closed interval like 2016-01-01/2016-12-31 with `..` for an open end.",
}


def _parameter(name: str, description: str, schema: Document, *, place: str = "query", whole: bool = False) -> Document:
    """Return a parameter. The values of a list are parted by commas, or, when each is a `whole` text, repeated."""
    made = {"name": name, "in": place, "required": place == "path", "description": description, "schema": schema}
    return made | ({"style": "form", "explode": whole} if schema.get("type") == "array" else {})


_BBOX: Document = {"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}}
_COMMON = [
    _parameter("bbox", "west,south,east,north in degrees; 6 numbers with heights, which are ignored.", _BBOX),
    _parameter("datetime", "A day or an interval, RFC 3339; records whose days intersect it.", _TEXT),
]
_SEARCH = _parameter("q", 'Words that must all occur, and "phrases in quotes".', {**_TEXT, "maxLength": LONGEST_TEXT})
_LIMIT = {"type": "integer", "minimum": 1, "maximum": MAXIMUM_LIMIT, "default": DEFAULT_LIMIT}
_PAGING = [
    _parameter("limit", "Size of a page. Above the maximum it is clipped.", _LIMIT),
    _parameter("after", "Opaque token of the link with rel=next.", _TEXT),
]
_REGION = _parameter("region", "Code of a region of any level: everything inside it. Several: any of them.", {**_TEXT})


def _describe_filter(prop: Property, collection: str) -> Document:
    """Return the parameter of one property's filter."""
    how = _HOW.get(prop.kind, "Repeated: any of them." if prop.kind in WHOLE else "Several, by commas: any of them.")
    value = describe_value(prop, collection)
    if "enum" in value:
        value["enum"] = [*value["enum"], UNKNOWN]
    is_number = prop.kind in {Kind.INTEGER, Kind.MINIMUM, Kind.MAXIMUM, Kind.AMOUNT, Kind.BOOLEAN}
    items = _TEXT if is_number or prop.kind is Kind.DATE else value
    description = f"{prop.labels.en}. {how} `{UNKNOWN}`: not known."
    return _parameter(prop.name, description, {"type": "array", "items": items}, whole=prop.kind in WHOLE)


def _filters(collection: str) -> list[Document]:
    """Return the parameters that choose records, regions or unions."""
    if collection in COLLECTIONS:
        return [
            *_COMMON,
            _REGION,
            _SEARCH,
            _parameter("updated_since", "A day; records that changed on it or later.", {**_TEXT, "format": "date"}),
            *(_describe_filter(p, collection) for p in filterable_properties(collection).values()),
            *filter_parameters(),
        ]
    own = [_parameter(name, schema["title"], {**schema}) for name, schema in OWN_PARAMETERS[collection].items()]
    return [*_COMMON, *own, *filter_parameters()]


def _showing(collection: str) -> list[Document]:
    """Return the parameters that say in which order records come, and what is shown of them."""
    orders = [sign + name for name in sortable_properties(collection) for sign in ("", "+", "-")]
    names = [prop.name for prop in properties_of(*COLLECTIONS[collection])]
    selected: Document = {"type": "array", "items": {"type": "string", "enum": names}}
    return [
        _parameter("before", "Opaque token of the link with rel=prev.", _TEXT),
        _parameter(
            "sortby", "Property to sort by; with `-` descending. Unknown comes last.", {**_TEXT, "enum": orders}
        ),
        _parameter("properties", "Only these properties, by commas.", selected),
        _parameter("skipGeometry", "Without geometry.", {"type": "boolean", "default": False}),
    ]


def _operation(operation_id: str, summary: str, media_type: str, schema: str, parameters: list[Document]) -> Document:
    """Return a path with its GET."""
    content = {media_type: {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    names = {"400": "BadRequest", "404": "NotFound", "503": "Unavailable"} | {"500": "Unexpected"}
    errors = {status: {"$ref": f"#/components/responses/{name}"} for status, name in names.items()}
    unchanged = {"304": {"description": "What you have is still current."}}
    responses = {"200": {"description": summary, "content": content}, **unchanged, **errors}
    return {"get": {"operationId": operation_id, "summary": summary, "parameters": parameters, "responses": responses}}


def _paths_of(collection: str) -> Document:
    """Return the paths of one collection."""
    title = COLLECTIONS_SHOWN[collection][0]
    base = f"/collections/{collection}"
    item_id = _parameter(
        "feature_id",
        "Id of the record, like S-2020-000123, or of the union, or code of the region.",
        _TEXT,
        place="path",
    )
    items = [*_filters(collection), *_PAGING, crs_parameter()]
    items += _showing(collection) if collection in COLLECTIONS else []
    one = _operation(f"read_{collection}_item", f"{title}: one", GEOJSON, "Feature", [item_id, crs_parameter()])
    one["get"]["responses"]["410"] = {"$ref": "#/components/responses/Gone"}
    paths = {
        base: _operation(f"read_{collection}", f"{title}: description", JSON, "Document", []),
        f"{base}/queryables": _operation(f"read_{collection}_queryables", f"{title}: filters", SCHEMA, "Document", []),
        f"{base}/sortables": _operation(f"read_{collection}_sortables", f"{title}: orders", SCHEMA, "Document", []),
        f"{base}/schema": _operation(f"read_{collection}_schema", f"{title}: features", SCHEMA, "Document", []),
        f"{base}/items": _operation(
            f"read_{collection}_items", f"{title}: a page", GEOJSON, "FeatureCollection", items
        ),
        f"{base}/items/{{feature_id}}": one,
    }
    if collection in COLLECTIONS:
        paths |= _counting_paths(collection, base, title) | linked_paths(collection, item_id)
    return paths


def _counting_paths(collection: str, base: str, title: str) -> Document:
    """Return the paths that count the records of one collection."""
    names = {"type": "string", "enum": list(dimensions(collection))}
    by = {"type": "array", "minItems": 1, "maxItems": 2, "items": names}
    wanted = {**_parameter("by", "One or two of these, by commas.", by), "required": True}
    scripts: Document = {"type": "array", "items": {"type": "string", "enum": list(SCRIPTS)}}
    labels = _parameter("labels", "What codes are called, beside the codes.", scripts)
    how = "Format; without it, as Accept says. geojson only when `by` is one region level."
    chosen = _parameter("f", how, {"type": "string", "enum": list(FORMATS)})
    filters = _filters(collection)
    summary = f"{title}: counts, with what is in no cell as the remainder"
    counts = _operation(f"count_{collection}", summary, JSON, "Counts", [wanted, chosen, labels, *filters])
    content = counts["get"]["responses"]["200"]["content"]
    content[FORMATS["csv"]] = {"schema": _TEXT}
    content[FORMATS["geojson"]] = {"schema": {"$ref": "#/components/schemas/RegionCounts"}}
    every = f"{title}: all filter counts at once, each without its own filter"
    facets = _operation(f"count_{collection}_facets", every, JSON, "Facets", [labels, *filters])
    return {f"{base}/counts": counts, f"{base}/facets": facets}


def _object(required: list[str], **properties: Document) -> Document:
    return {"type": "object", "required": required, "properties": properties}


def _schemas() -> Document:
    """Return the shapes of the answers."""
    number: Document = {"type": "integer", "minimum": 0}
    fault = _object(["name", "reason"], name=_TEXT, reason=_TEXT)
    geometry = {"type": "object", "nullable": True}
    feature = _object(["type", "id", "geometry", "properties"], type=_TEXT, id=_TEXT, geometry=geometry)
    feature["properties"]["properties"] = {"type": "object"}
    return {
        "Document": {"type": "object"},
        "Feature": feature,
        "FeatureCollection": _object(
            ["type", "features", "links", "numberMatched", "numberReturned"],
            type=_TEXT,
            features={"type": "array", "items": {"$ref": "#/components/schemas/Feature"}},
            links={"type": "array", "items": {"type": "object"}},
            numberMatched=number,
            numberReturned=number,
            datasetVersion=number,
        ),
        **count_schemas(),
        "Problem": _object(
            ["type", "title", "status", "detail", "request_id"],
            type=_TEXT,
            title=_TEXT,
            status={"type": "integer"},
            detail=_TEXT,
            request_id=_TEXT,
            invalid_params={"type": "array", "items": fault},
        ),
    }


@cache
def _paths() -> Document:
    """Return every path below `/api`."""
    plain = {
        "/": ("read_landing_page", "What this is, and where everything else is", JSON),
        "/conformance": ("read_conformance", "The conformance classes that hold", JSON),
        "/openapi.json": ("read_openapi", "This document", OPENAPI),
        "/docs": ("read_reference", "The reference: every address and parameter, with examples", OPENAPI),
        "/status": ("read_status", "Version, numbers and freshness of the data", JSON),
        "/collections": ("read_collections", "The collections", JSON),
    }
    paths = {path: _operation(name, what, media, "Document", []) for path, (name, what, media) in plain.items()}
    for collection in COLLECTIONS_SHOWN:
        paths |= _paths_of(collection)
    paths |= tile_paths(_operation, _filters)
    paths |= statistics_path(_filters(ACCOUNTABILITY)) | reference_paths()
    return offer_pages(offer_files(paths))


def make_openapi(server: str) -> Document:
    """Return the document; `server` is the absolute address of `/api`."""
    problems = {
        "BadRequest": "A parameter cannot be used; `invalid_params` says which and why.",
        "NotFound": "Nothing is at this address.",
        "Gone": "The record was retracted.",
        "Unexpected": "Something went wrong here.",
        "Unavailable": "The database cannot answer now; `Retry-After` says when to ask again.",
    }
    content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}, HTML: {"schema": {"type": "string"}}}
    responses = {name: {"description": what, "content": content} for name, what in problems.items()}
    return {
        "openapi": "3.0.3",
        "info": {"title": TITLE, "description": WHAT, "version": PROGRAM_VERSION},
        "servers": [{"url": server}],
        "paths": _paths(),
        "components": {"schemas": _schemas(), "responses": responses},
    }
