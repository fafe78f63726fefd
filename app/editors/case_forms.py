"""The fields of a case and of a contact as their forms show them, and what a form that was sent says as cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from starlette.datastructures import FormData

from app.editors.record_forms import FormField
from geo.errors import BadRequest
from geo.layers import PROPERTIES
from geo.loading.messages import Message
from geo.records.case_decisions import ROLLED
from geo.vocabularies import vocabularies

CASE_GROUPS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("what", ("title_en", "title_zh_hans", "summary_en", "summary_zh_hans", "incident_ids")),
    ("when", ("starts_on", "ends_on", "date_precision")),
    ("outcome", ("outcome", "amount_recovered_cny", "outcome_on")),
    ("sources", ("sources", "legacy_url")),
)
"""The parts of the form of a case."""

DECISION_FIELDS: Final = ("override_precision", "withheld", "editor_notes")
JUDGEMENT_FIELDS: Final = (*ROLLED, "override_reason")
CONTACT_GROUPS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("asked", ("contact_no", "contacted", "contacted_on", "department", "method")),
    (
        "answer",
        (
            *("awareness", "involvement", "involvement_timing", "excuses", "quote_en", "quote_zh_hans"),
            *("promise_en", "promise_zh_hans", "follow_up_on"),
        ),
    ),
    ("restricted", ("person_role", "person_name", "recording", "note")),
)
"""The parts of the form of a contact, after its union."""

UNION_FIELDS: Final = ("union_name_en", "union_name_zh_hans", "union_level", "union_region")
"""The names, level and region of a union that is not chosen from the list."""

_VOCABULARIES: Final = {
    "date_precision": "date_precision",
    "outcome": "outcome",
    "override_precision": "location_precision",
    "department": "union_department",
    "method": "contact_method",
    "union_level": "union_level",
    "excuses": "excuse",
    **{name: name for name in ROLLED},
}
_LONG: Final = frozenset({"summary_en", "summary_zh_hans", "sources", "quote_en", "quote_zh_hans", "promise_en",
                          "promise_zh_hans", "note", "editor_notes"})  # fmt: skip
_LISTS: Final = frozenset({"excuses"})
_MARKS: Final = frozenset({"contacted", "withheld"})
_LABELS: Final = {prop.name: prop.labels for prop in PROPERTIES}
_SCRIPTS: Final = {"zh-Hans": "label_zh_hans", "zh-Hant": "label_zh_hant"}


def make_groups(
    groups: Sequence[tuple[str, Sequence[str]]],
    cells: Mapping[str, str],
    messages: Sequence[Message],
    language: str,
) -> list[tuple[str, list[FormField]]]:
    """Return the parts of a form, each with its fields as typed and what is said of them."""
    return [(group, make_fields(names, cells, messages, language)) for group, names in groups]


def make_fields(
    names: Sequence[str], cells: Mapping[str, str], messages: Sequence[Message], language: str
) -> list[FormField]:
    """Return fields as typed, with what is said of them."""
    return [_make_field(name, cells.get(name, ""), messages, language) for name in names]


def _make_field(name: str, value: str, messages: Sequence[Message], language: str) -> FormField:
    vocabulary = _VOCABULARIES.get(name)
    terms = vocabularies()[vocabulary].terms if vocabulary else ()
    label = _SCRIPTS.get(language, "label_en")
    options = [(term.code, getattr(term, label)) for term in terms if term.retired_on is None]
    kind = "mark" if name in _MARKS else "long" if name in _LONG else "text"
    if options:
        kind = "ticks" if name in _LISTS else "select"
    parts = [part.strip() for part in value.split(";") if part.strip()]
    return FormField(
        name=name,
        kind=kind,
        value="\n".join(parts) if name == "sources" else value,
        values=frozenset(parts),
        options=options,
        labels=_LABELS.get(name),
        faults=[message for message in messages if message.column == name],
    )


def read_cells(form: FormData, names: Sequence[str]) -> dict[str, str]:
    """Return the cells of a form that was sent; ticks that are not there are none.

    Raises BadRequest for a file.
    """
    if any(not isinstance(value, str) for value in form.values()):
        raise BadRequest("The form has fields that it should not have.")
    return {name: _read_cell(form, name) for name in names if name in form or name in _MARKS | _LISTS}


def _read_cell(form: FormData, name: str) -> str:
    texts = [str(text) for text in form.getlist(name)]
    if name in _LISTS:
        return "; ".join(text for text in (*texts, str(form.get(f"{name}.other", "")).strip()) if text)
    if name in _MARKS:
        return "true" if texts else "false"
    if name == "sources":
        return "; ".join(line.strip() for line in texts[-1].splitlines() if line.strip())
    return texts[-1]


def names_of(groups: Sequence[tuple[str, Sequence[str]]]) -> tuple[str, ...]:
    """Return the names of all fields of a form."""
    return tuple(name for _, names in groups for name in names)
