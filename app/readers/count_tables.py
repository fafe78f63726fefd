"""Counts and facets as the API shows them: JSON documents and CSV tables."""

from __future__ import annotations

import csv
import io
from typing import Any

from geo.serving.counts import Counts
from geo.serving.facets import Facets
from geo.serving.labels import Labels, label_names

END = ("count", "remainder", "remainder_dimension", "total", "multi_valued")
"""The last columns of a table."""


def describe_counts(counts: Counts, labels: Labels) -> dict[str, Any]:
    """Return counts as one object a cell, named by the dimensions, with the labels asked for beside each code."""
    told = [name_keys(counts, place, labels) for place in range(len(counts.by))]
    if len(told) == 1:
        cells = [{**told[0][cell.keys[0]], "count": cell.count} for cell in counts.counts]
    else:
        first, second = told
        cells = [{**first[cell.keys[0]], **second[cell.keys[1]], "count": cell.count} for cell in counts.counts]
    remainder = []
    for rest in counts.remainder:
        named = {"dimension": rest.dimension, "layer": rest.layer}
        known = {name: value for name, value in named.items() if value is not None}
        remainder.append({"reason": rest.reason, **known, "count": rest.count})
    return {**describe_sums(counts), "counts": cells, "remainder": remainder}


def describe_sums(counts: Counts) -> dict[str, Any]:
    """Return what tells whether the counts may be added up."""
    sums = {"total": counts.total, "counted": counts.counted, "multi_valued": list(counts.multi_valued)}
    return {"by": list(counts.by), **sums}


def name_keys(counts: Counts, place: int, labels: Labels) -> dict[str, dict[str, Any]]:
    """Return, by the code of one dimension, what cells say of it: the code, and its labels as `<name>_label_<script>`.

    `place` is that of the dimension. Cells are many and codes few, so each code is described once.
    """
    name = counts.by[place]
    known = labels.get(name, {})
    return {
        code: {name: code, **{f"{name}_{key}": label for key, label in known.get(code, {}).items()}}
        for code in {cell.keys[place] for cell in counts.counts}
    }


def describe_facets(facets: Facets, labels: Labels) -> dict[str, Any]:
    """Return each facet with its values in the order of their vocabulary; what is unknown has a member of its own."""
    shown: dict[str, Any] = {}
    for name, counts in facets.facets.items():
        known = labels.get(name, {})
        values = [{"value": cell.keys[0], **known.get(cell.keys[0], {}), "count": cell.count} for cell in counts.counts]
        rests = [{"reason": rest.reason, "count": rest.count} for rest in counts.remainder if rest.reason != "unknown"]
        shown[name] = {
            "total": counts.total,
            "counted": counts.counted,
            "multi_valued": bool(counts.multi_valued),
            "counts": values,
            "unknown": sum(rest.count for rest in counts.remainder if rest.reason == "unknown"),
            "remainder": rests,
        }
    return {"total": facets.total, "facets": shown}


def render_csv(counts: Counts, labels: Labels, scripts: tuple[str, ...]) -> bytes:
    """Return counts as a table (RFC 4180, UTF-8): a row for each cell, then one for each reason of the remainder.

    Every row has the number of all records and the dimensions under which a record may be in several rows.
    """
    columns: list[str] = []
    for dimension in counts.by:
        columns += [dimension, *(f"{dimension}_{name}" for name in label_names(scripts) if dimension in labels)]
    every = {"total": counts.total, "multi_valued": " ".join(counts.multi_valued)}
    file = io.StringIO(newline="")
    table = csv.DictWriter(file, [*columns, *END], restval="")
    table.writeheader()
    for cell in describe_counts(counts, labels)["counts"]:
        table.writerow({**cell, **every})
    for rest in counts.remainder:
        layer = {"layer": rest.layer} if rest.layer else {}
        why = {"remainder": rest.reason, "remainder_dimension": rest.dimension or ""}
        table.writerow({**layer, "count": rest.count, **why, **every})
    return file.getvalue().encode()
