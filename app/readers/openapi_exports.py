"""What files of items add to the OpenAPI document: their parameters and media types."""

from __future__ import annotations

from typing import Any

from app.readers.collection_kinds import KINDS
from geo.serving.exports.formats import FORMATS, GEOJSON
from geo.serving.labels import SCRIPTS

Document = dict[str, Any]

_FLAG: Document = {"type": "boolean", "default": False}
_FILE: Document = {
    "type": "object",
    "description": "Everything that matches, as one file.",
    "required": ["type", "about", "features"],
    "properties": {
        "type": {"type": "string"},
        "about": {"type": "object"},
        "features": {"type": "array", "items": {"$ref": "#/components/schemas/Feature"}},
    },
}


def offer_files(paths: Document) -> Document:
    """Return the paths; each `items` operation has the formats of files, and labels where its records have codes."""
    for name, kind in KINDS.items():
        operation = paths.get(f"/collections/{name}/items", {}).get("get")
        if operation is None or kind.open_file is None:
            continue
        operation["parameters"] += _parameters(has_labels=kind.label is not None)
        content = operation["responses"]["200"]["content"]
        content[FORMATS[GEOJSON].media_type]["schema"] = {
            "anyOf": [{"$ref": "#/components/schemas/FeatureCollection"}, _FILE]
        }
        for form in FORMATS.values():
            content.setdefault(form.media_type, {"schema": {"type": "string", "format": "binary"}})
    return paths


def _parameters(*, has_labels: bool) -> list[Document]:
    scripts = {"type": "array", "items": {"type": "string", "enum": list(SCRIPTS)}}
    labels = _parameter("labels", "What codes are called, beside the codes.", scripts) | {
        "style": "form",
        "explode": False,
    }
    return [
        _parameter("f", "Format.", {"type": "string", "enum": list(FORMATS)}),
        _parameter("download", f"With f={GEOJSON}: everything that matches, as one file.", _FLAG),
        *([labels] if has_labels else []),
        _parameter("raw", "With f=csv: no sign before texts that a spreadsheet takes for formulas.", _FLAG),
        _parameter("bom", "With f=csv: a byte-order mark, for Excel.", _FLAG),
    ]


def _parameter(name: str, description: str, schema: Document) -> Document:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": {**schema}}
