"""The shapes of counts and facets, for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from geo.serving.dimensions import REASONS

_NUMBER: dict[str, Any] = {"type": "integer", "minimum": 0}
_TEXT: dict[str, Any] = {"type": "string"}
_TEXTS: dict[str, Any] = {"type": "array", "items": _TEXT}
_COUNTED = {**_NUMBER, "description": "Different records in the cells; with the remainder, always the total."}
_TOTAL = {**_NUMBER, "description": "Number of records."}
_MULTI_VALUED = "a record is counted once under each of its values, so the counts may add up to more than `counted`"


def _object(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": properties}


def _list_of(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


def count_schemas() -> dict[str, Any]:
    """Return the components Counts, RegionCounts and Facets."""
    reason = {"type": "string", "enum": list(REASONS)}
    rest = _object(["reason", "count"], reason=reason, dimension=_TEXT, layer=_TEXT, count=_NUMBER)
    sums = {
        "by": _TEXTS,
        "total": _TOTAL,
        "counted": _COUNTED,
        "multi_valued": {**_TEXTS, "description": f"Dimensions of which {_MULTI_VALUED}."},
        "remainder": _list_of(rest),
        "datasetVersion": _NUMBER,
    }
    facet = _object(
        ["total", "counted", "multi_valued", "counts", "unknown", "remainder"],
        total={**_NUMBER, "description": "Number of records under all filters but this facet's own."},
        counted=_COUNTED,
        multi_valued={"type": "boolean", "description": f"Whether {_MULTI_VALUED}."},
        counts=_list_of(_object(["value", "count"], value=_TEXT, count=_NUMBER)),
        unknown=_NUMBER,
        remainder=_list_of(_object(["reason", "count"], reason=reason, count=_NUMBER)),
    )
    features = {"type": _TEXT, "features": _list_of({"$ref": "#/components/schemas/Feature"})}
    more = {"numberReturned": _NUMBER, "links": _list_of({"type": "object"})}
    every = {"type": "object", "additionalProperties": facet}
    return {
        "Counts": _object([*sums, "counts"], **sums, counts=_list_of(_object(["count"], count=_NUMBER))),
        "RegionCounts": _object([*features, *sums, *more], **features, **sums, **more),
        "Facets": _object(["total", "facets", "datasetVersion"], total=_TOTAL, facets=every, datasetVersion=_NUMBER),
    }
