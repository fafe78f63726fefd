"""Which files a reader can take of what is selected, and where the API has them.

The twin of static/js/export-links.js: tests/web/export-cases.json holds for both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from web.content import PropertyWords, Selection

FORMATS = ("csv", "xlsx", "geojson", "geojsonseq", "gpkg", "fgb", "parquet", "kml")
"""The API's formats of files, those that most readers want first."""
MOST_SHEET_ROWS = 100_000
"""Records that the API writes into one workbook."""
ALL = "all"
"""The choice of all layers that are on."""

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Choice:
    """Records that a file may hold: `name` is `all` or a layer; `pairs` say which records of the collection."""

    name: str
    layers: tuple[str, ...]
    collection: str
    pairs: Pairs

    @property
    def is_layered(self) -> bool:
        """Whether the collection has more than one layer, so that counts need the layer beside them."""
        return self.collection in {"incidents", "records"}


@dataclass(frozen=True, kw_only=True)
class FileWish:
    """How a file is wanted: labels in which scripts ("en,zh-Hans", or nothing), and a byte-order mark for Excel."""

    labels: str = ""
    bom: bool = False


@dataclass(frozen=True, kw_only=True)
class Layered:
    """Every layer in order, which of them are incidents, and the layers that have each property."""

    all: Sequence[str]
    incidents: Sequence[str]
    of_property: Mapping[str, Sequence[str]]


def read_layers_of(properties: Iterable[PropertyWords]) -> dict[str, Sequence[str]]:
    """Return the layers of each property; a property of every record has none named."""
    return {prop.name: prop.layers for prop in properties if prop.layers}


def list_choices(selection: Selection, layered: Layered) -> list[Choice]:
    """Return what can be taken: all layers that are on together, then each; nothing when all are off."""
    on = tuple(layer for layer in layered.all if layer in selection.layers)
    names = [(ALL, on)] if len(on) > 1 else []
    names += [(layer, (layer,)) for layer in on]
    return [_choose(name, layers, selection, layered) for name, layers in names]


def _choose(name: str, layers: tuple[str, ...], selection: Selection, layered: Layered) -> Choice:
    """Choose the smallest collection that knows every filter; where there is none, all records with their layer."""
    whole = {tuple(layered.all): "records", tuple(layered.incidents): "incidents"}
    collection = layers[0] if len(layers) == 1 else whole.get(layers, "records")
    if not all(_knows(layers, name, layered) for name, _ in selection.filters):
        collection = "records"
    is_part = collection == "records" and len(layers) < len(layered.all)
    pairs = [("layer", ",".join(layers))] if is_part else []
    pairs += sorted(selection.filters)
    pairs += [("region", selection.region)] if selection.region else []
    return Choice(name, layers, collection, tuple(pairs))


def _knows(layers: Sequence[str], name: str, layered: Layered) -> bool:
    having = layered.of_property.get(name)
    return not name.startswith("filter") and (having is None or any(layer in having for layer in layers))


def file_address(choice: Choice, form: str, wish: FileWish) -> str:
    """Return where the API has a file."""
    own = [("f", form)]
    own += [("download", "true")] if form == "geojson" else []
    own += [("labels", wish.labels)] if wish.labels else []
    own += [("bom", "true")] if wish.bom and form == "csv" else []
    return f"/api/collections/{choice.collection}/items?{_query((*choice.pairs, *own))}"


def table_address(choice: Choice, by: str, language: str) -> str:
    """Return where the API has the counts of a choice by a dimension, as CSV with labels."""
    dimensions = f"{by},layer" if choice.is_layered else by
    pairs = (("by", dimensions), *choice.pairs, ("f", "csv"), ("labels", language))
    return f"/api/collections/{choice.collection}/counts?{_query(pairs)}"


def _query(pairs: Pairs) -> str:
    return urlencode(pairs, safe=",")
