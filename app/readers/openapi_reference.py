"""The addresses of reference data in the OpenAPI document: vocabularies, regions by name, changes."""

from __future__ import annotations

from typing import Any

from app.readers.accountability import FORMATS as STATISTICS_FORMATS
from app.readers.answers import JSON
from app.readers.changes import FORMATS as CHANGE_FORMATS
from app.readers.changes import NDJSON
from app.readers.formats import CSV
from app.readers.vocabularies import FORMATS as TERM_FORMATS
from geo.layers import COLLECTIONS, INCIDENTS, RECORDS
from geo.serving.accountability import GROUPED_BY
from geo.serving.changes import DEFAULT_CHANGES
from geo.serving.parameters import DEFAULT_LIMIT, LONGEST_TEXT, MAXIMUM_LIMIT
from geo.vocabularies import vocabularies

Document = dict[str, Any]

_TEXT: Document = {"type": "string"}


def _parameter(name: str, description: str, schema: Document, place: str = "query") -> Document:
    """Return a parameter. The values of a list are parted by commas."""
    made = {"name": name, "in": place, "required": place == "path", "description": description, "schema": schema}
    return made | ({"style": "form", "explode": False} if schema["type"] == "array" else {})


def _limit(default: int) -> Document:
    """Return the parameter `limit`."""
    schema = {"type": "integer", "minimum": 1, "maximum": MAXIMUM_LIMIT, "default": default}
    return _parameter("limit", "Size of the answer. Above the maximum it is clipped.", schema)


def _formats(offered: dict[str, str]) -> Document:
    """Return the parameter `f`."""
    return _parameter("f", "Format; without it, as Accept says.", {"type": "string", "enum": list(offered)})


def _path(name: str, what: str, parameters: list[Document], *other_types: str) -> Document:
    """Return a path with its GET, which answers JSON, and texts of other types."""
    content: Document = {JSON: {"schema": {"$ref": "#/components/schemas/Document"}}}
    content |= {media_type: {"schema": _TEXT} for media_type in other_types}
    problems = {"400": "BadRequest", "404": "NotFound", "500": "Unexpected", "503": "Unavailable"}
    errors = {status: {"$ref": f"#/components/responses/{problem}"} for status, problem in problems.items()}
    unchanged = {"304": {"description": "What you have is still current."}}
    responses = {"200": {"description": what, "content": content}, **unchanged, **errors}
    return {"get": {"operationId": name, "summary": what, "parameters": parameters, "responses": responses}}


def statistics_path(filters: list[Document]) -> Document:
    """Return the path of the statistics of accountability, which takes the `filters` of the cases."""
    grouping: Document = {"type": "array", "items": {"type": "string", "enum": list(GROUPED_BY)}}
    by = _parameter("by", "Groups: the same figures for each of their values. Several, by commas.", grouping)
    what = "What unions knew, did and said, by case: every share with its numerator and denominator"
    parameters = [by, _formats(STATISTICS_FORMATS), *filters]
    return {"/accountability/statistics": _path("read_accountability_statistics", what, parameters, CSV)}


def linked_paths(collection: str, item_id: Document) -> Document:
    """Return the paths of what stands beside one record of a collection."""
    base = f"/collections/{collection}/items/{{feature_id}}"
    paths = {f"{base}/linked": _path(f"read_{collection}_linked", "The incidents of a case, or the cases", [item_id])}
    if set(COLLECTIONS[collection]) & set(INCIDENTS):
        what = "The unions that have an incident in their care, nearest first, and their answers"
        paths[f"{base}/unions"] = _path(f"read_{collection}_unions", what, [item_id])
    return paths


def reference_paths() -> Document:
    """Return the paths of reference data."""
    name = _parameter("name", "Name of the vocabulary.", {**_TEXT, "enum": list(vocabularies())}, "path")
    regions = [
        _parameter("q", "A name, or part of one, in any script.", {**_TEXT, "maxLength": LONGEST_TEXT}),
        _parameter("code", "A code of today or of the past.", _TEXT),
        _parameter(
            "point",
            "longitude,latitude in degrees.",
            {"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": "number"}},
        ),
        _limit(DEFAULT_LIMIT),
    ]
    layers = {"type": "array", "items": {"type": "string", "enum": list(RECORDS)}}
    collections = {"type": "array", "items": {"type": "string", "enum": list(COLLECTIONS)}}
    changes = [
        _parameter("since", "A version of the data: what changed after it.", {"type": "integer", "minimum": 0}),
        _parameter("after", "Opaque cursor of a change, as the link with rel=next has it.", _TEXT),
        _parameter("collection", "Only records of these collections.", collections),
        _parameter("layer", "Only records of these layers.", layers),
        _parameter("public_id", "Only changes of this record.", _TEXT),
        _limit(DEFAULT_CHANGES),
        _formats(CHANGE_FORMATS),
    ]
    return {
        "/accountability/reference": _path("read_accountability_reference", "The published table of 127 cases", []),
        "/vocabularies": _path("read_vocabularies", "The vocabularies", []),
        "/vocabularies/{name}": _path(
            "read_vocabulary", "The terms of one vocabulary", [name, _formats(TERM_FORMATS)], CSV
        ),
        "/regions": _path("search_regions", "Regions by one of: name, code, point", regions),
        "/changes": _path("read_changes", "What was inserted, updated and deleted", changes, NDJSON),
    }
