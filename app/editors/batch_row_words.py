"""One row of a batch as its page shows it: title, place and day, messages, values, and what can be decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from geo.layers import ACCOUNTABILITY
from geo.loading.checks import KEEPABLE
from geo.records.batch_records import title_records
from geo.regions.outlines import name_regions
from web.batch_values import find_title, list_values
from web.batch_words import read_label
from web.translations import Texts

NEAR = frozenset({"DUP_NEAR", "DUP_CORRECTION"})


def describe_rows(
    t: Texts, connection: sa.Connection, shown: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return rows of `geo.loading.preview.list_rows` with what the page shows beside."""
    codes = {row["data"]["region_code"] for row in rows if row["data"] and row["data"].get("region_code")}
    names = name_regions(connection, codes)
    removed = {row["record_id"] for row in rows if row["data"] is None and row["record_id"] is not None}
    titles = title_records(connection, shown["layer"], removed)
    return [
        {
            **row,
            "title": find_title(t, row["data"] or titles.get(row["record_id"])),
            "facts": _say_facts(t, row["data"], names),
            "values": list_values(t, row["data"]) if row["data"] else [],
            "ways": _list_ways(shown, row),
        }
        for row in rows
    ]


def _say_facts(t: Texts, data: Mapping[str, Any] | None, names: Mapping[str, Mapping[str, str]]) -> str:
    if data is None:
        return ""
    region = names.get(data.get("region_code") or "")
    parts = [t.date(data["starts_on"]) if data.get("starts_on") else "", read_label(t, region) if region else ""]
    return " · ".join(part for part in parts if part)


def _list_ways(shown: Mapping[str, Any], row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what can be decided about a row: only what the workflow then takes."""
    if row["decision"] is not None:
        return [{"decision": "include", "label": "include", "record": None}]
    if row["class"] == "held":
        return _list_ways_of_held(shown, row)
    return [{"decision": "exclude", "label": "exclude", "record": None}] if row["class"] != "excluded" else []


def _list_ways_of_held(shown: Mapping[str, Any], row: Mapping[str, Any]) -> list[dict[str, Any]]:
    held = [message for message in row["messages"] if message["severity"] == "held"]
    codes = {message["code"] for message in held}
    ways: list[dict[str, Any]] = []
    if codes <= set(KEEPABLE):
        near = next((message for message in held if message["code"] in NEAR), None)
        ways.append({"decision": "keep", "label": _name_keeping(codes), "record": None})
        if near is not None and shown["layer"] != ACCOUNTABILITY:
            ways += [
                {"decision": "merge", "record": record, "label": near["facts"]["record"] if not at else f"#{record}"}
                for at, record in enumerate(near["facts"].get("candidates", []))
            ]
    return [*ways, {"decision": "skip", "label": "skip", "record": None}]


def _name_keeping(codes: set[str]) -> str:
    """Name what it means to load a row that is held for these codes: each asks another question."""
    if codes & {*NEAR, "DUP_NEAR_FILE"}:
        return "both"
    return "public" if codes == {"PII_NAME"} else "keep"
