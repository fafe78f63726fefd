"""The fields of a record as a form shows them, and what a form or a JSON body says as the cells of a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.datastructures import FormData

from geo.errors import BadRequest
from geo.layers import PROPERTIES, Kind
from geo.loading.messages import Message
from geo.loading.record_cells import form_columns
from geo.loading.single_record import Saved
from geo.records.decisions import DECISIONS
from geo.vocabularies import vocabularies

OTHER: Final = ".other"
"""Ends the name of the box beside a list of ticks, for what the list does not have."""

GROUPS: Final[tuple[tuple[str, frozenset[str]], ...]] = (
    ("what", frozenset({"title_en", "title_zh_hans", "description_en", "description_zh_hans"})),
    ("when", frozenset({"starts_on", "ends_on", "date_precision"})),
    (
        "where",
        frozenset({"place_text_en", "place_text_zh_hans", "region", "lon", "lat", "datum", "location_precision"}),
    ),
    (
        "who",
        frozenset(
            {
                *("industry", "sub_industry", "employers", "ownership", "worker_groups"),
                *("participants_min", "participants_max", "persons_min", "persons_max"),
            }
        ),
    ),
    ("more", frozenset()),
    ("sources", frozenset({"sources", "verification", "already_public", "source_system", "source_id", "legacy_url"})),
    ("restricted", frozenset({"contact", "person_names", "exact_address", "raw_text"})),
    ("decisions", frozenset(DECISIONS)),
)
"""The parts of the form, in their order; what no other part has stands under "more"."""

_LONG: Final = frozenset({"description_en", "description_zh_hans", "sources", "raw_text", "contact", "editor_notes"})
_VOCABULARIES: Final = {prop.name: prop.vocabulary for prop in PROPERTIES if prop.vocabulary} | {
    "override_precision": "location_precision"
}
_LISTS: Final = frozenset(prop.name for prop in PROPERTIES if prop.kind is Kind.CODES) - {"channels"}
_MARKS: Final = frozenset({"already_public", "withheld", "widely_reported"})
_DATUMS: Final = (("wgs84", "WGS-84"), ("gcj02", "GCJ-02"), ("bd09", "BD-09"))
_LABELS: Final = {prop.name: prop.labels for prop in PROPERTIES}
_IDENTITY: Final = ("source_system", "source_id")


@dataclass(frozen=True, kw_only=True)
class FormField:
    """One field. `kind` is text, long, select, ticks or mark; `values` are those that are chosen of `options`."""

    name: str
    kind: str
    value: str = ""
    values: frozenset[str] = frozenset()
    options: Sequence[tuple[str, str]] = ()
    labels: Any = None
    faults: Sequence[Message] = field(default=())

    @property
    def other(self) -> str:
        """What is written beside ticks: whatever the list does not have."""
        known = {code for code, _ in self.options}
        return "; ".join(part for part in _split(self.value) if part not in known)


def make_fields(
    layer: str, cells: Mapping[str, str], decisions: Mapping[str, str], saved: Saved | None, language: str
) -> list[tuple[str, list[FormField]]]:
    """Return the groups of the form, each with its fields as typed and what is said of them."""
    said: dict[str, list[Message]] = {}
    for message in saved.messages if saved else ():
        said.setdefault(message.column or "", []).append(message)
    typed = {**cells, **decisions}
    names = (*form_columns(layer), *_IDENTITY, *DECISIONS)
    fields = [_make_field(name, typed.get(name, ""), said.get(name, ()), language) for name in dict.fromkeys(names)]
    named = frozenset[str]().union(*(part for _, part in GROUPS))
    groups = [
        (group, [one for one in fields if one.name in part or (group == "more" and one.name not in named)])
        for group, part in GROUPS
    ]
    return [(group, inside) for group, inside in groups if inside]


def _make_field(name: str, value: str, faults: Sequence[Message], language: str) -> FormField:
    options = _list_options(name, language)
    kind = "mark" if name in _MARKS else "long" if name in _LONG else "text"
    if options:
        kind = "ticks" if name in _LISTS else "select"
    shown = "\n".join(_split(value)) if name == "sources" else value
    return FormField(
        name=name,
        kind=kind,
        value=shown,
        values=frozenset(_split(value)),
        options=options,
        labels=_LABELS.get(name),
        faults=faults,
    )


def _list_options(name: str, language: str) -> list[tuple[str, str]]:
    if name == "datum":
        return list(_DATUMS)
    vocabulary = None if name == "channels" else _VOCABULARIES.get(name)
    if vocabulary is None:
        return []
    script = {"zh-Hans": "label_zh_hans", "zh-Hant": "label_zh_hant"}.get(language, "label_en")
    terms = vocabularies()[vocabulary].terms
    return [(term.code, getattr(term, script)) for term in terms if term.retired_on is None]


def read_form(layer: str, form: FormData) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Return the cells, the decisions and the rest (version, reason, press) of a form that was sent.

    Raises BadRequest for a field that the form does not have.
    """
    columns = (*form_columns(layer), *_IDENTITY)
    rest_names = ("csrf", "version", "reason", "press", "confirmed", "replaces")
    known = {*columns, *DECISIONS, *rest_names, *(f"{name}{OTHER}" for name in _LISTS)}
    if not form.keys() <= known or any(not isinstance(value, str) for value in form.values()):
        raise BadRequest("The form has fields that it should not have.")
    cells = {name: _read_cell(name, form) for name in columns if name in form or name in _LISTS or name in _MARKS}
    decisions = {name: _read_cell(name, form) for name in DECISIONS if name in form or name in _MARKS}
    return cells, decisions, {name: str(form.get(name, "")) for name in rest_names}


def _read_cell(name: str, form: FormData) -> str:
    texts = [str(text) for text in form.getlist(name)]
    if name in _LISTS:
        return "; ".join(text for text in (*texts, str(form.get(f"{name}{OTHER}", "")).strip()) if text)
    if name in _MARKS:
        return "true" if texts else "false"
    text = texts[-1]
    return "; ".join(line.strip() for line in text.splitlines() if line.strip()) if name == "sources" else text


def read_json(values: Mapping[str, Any]) -> dict[str, str]:
    """Return values of JSON as cells. Raises BadRequest for what no cell can hold."""
    return {name: _write_cell(name, value) for name, value in values.items()}


def _write_cell(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float)):
        return str(value)
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "; ".join(value)
    raise BadRequest(f"{name[:40]} must be a text, a number, true or false, null, or a list of texts.")


def _split(value: str) -> list[str]:
    return [part.strip() for part in value.replace("；", ";").split(";") if part.strip()]
