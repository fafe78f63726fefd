"""What a template holds: the columns of a layer in their order, the vocabulary of each, and a filled example row."""

from __future__ import annotations

from typing import Final, Literal

from geo.layers import ACCIDENTS, ACCOUNTABILITY, CALLS_FOR_HELP, STRIKES, properties_of
from geo.vocabularies import Vocabulary, vocabularies

TemplateLanguage = Literal["en", "zh_hans"]

_FIRST: Final = ("source_system", "source_id", "legacy_url", "starts_on", "ends_on", "date_precision")
_TITLES: Final = ("title_en", "title_zh_hans")
_OF_INCIDENTS: Final = (
    *(*_FIRST, *_TITLES, "description_en", "description_zh_hans", "place_text_en", "place_text_zh_hans"),
    *("region", "lon", "lat", "datum", "location_precision", "industry", "sub_industry", "employers", "ownership"),
    *("worker_groups", "participants_min", "participants_max", "verification", "sources"),
)
_OF_CASES: Final = (
    *("source_system", "source_id", "incident_ids", "starts_on", "ends_on", "date_precision", *_TITLES),
    *("summary_en", "summary_zh_hans", "outcome", "amount_recovered_cny", "outcome_on", "sources", "contact_no"),
    *("contacted", "contacted_on", "union_name_en", "union_name_zh_hans", "union_level", "union_region"),
    *("department", "method", "awareness", "involvement", "involvement_timing", "excuses"),
    *("quote_en", "quote_zh_hans", "note"),
    *("promise_en", "promise_zh_hans", "follow_up_on", "person_name", "person_role", "recording"),
)
_NO_PARTICIPANTS: Final = frozenset({"participants_min", "participants_max"})

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    STRIKES: (*_OF_INCIDENTS, "actions", "demands", "responses"),
    ACCIDENTS: (*_OF_INCIDENTS, "accident_types", "deaths", "injuries", "missing"),
    CALLS_FOR_HELP: (
        *(name for name in _OF_INCIDENTS if name not in _NO_PARTICIPANTS),
        *("issues", "channels", "persons_min", "persons_max", "amount_claimed_cny", "amount_recovered_cny"),
        *("outcome", "already_public"),
    ),
    ACCOUNTABILITY: _OF_CASES,
}
"""The columns of each layer's template; their names are those of the API and the database."""

_VOCABULARY_OF: Final = {
    "union_level": "union_level",
    "department": "union_department",
    "method": "contact_method",
    "location_precision": "location_precision",
    "date_precision": "date_precision",
}
"""Vocabularies of columns that are no property of a collection."""

TEXT_COLUMNS: Final = frozenset(
    {"source_id", "incident_ids", "starts_on", "ends_on", "outcome_on", "contacted_on", "follow_up_on"}
)
"""Columns that a spreadsheet would change if they were not text."""

_POINT: Final = {"lon": "114.0579", "lat": "22.5431", "datum": "wgs84", "location_precision": "street"}
_COMMON: Final = {
    "source_system": "my_data_set",
    "source_id": "0001",
    "starts_on": "2024-03-05",
    "ends_on": "2024-03-06",
    "date_precision": "range",
    "region": "440300",
    "industry": "manufacturing",
    "employers": "Example Electronics Co., Ltd",
    "ownership": "private",
    "verification": "single_source",
    "sources": "Example Daily, 6 March 2024 https://example.org/article",
}
_OWN: Final[dict[str, dict[str, str]]] = {
    STRIKES: {"participants_min": "100", "participants_max": "300", "actions": "strike;protest",
              "demands": "wage_arrears", "responses": "police", **_POINT},
    ACCIDENTS: {"accident_types": "fall_height", "deaths": "1", "injuries": "2", "missing": "0", **_POINT},
    CALLS_FOR_HELP: {"location_precision": "prefecture", "issues": "wage_arrears",
                     "channels": "social_media;police:refused",
                     "persons_min": "12", "persons_max": "12", "amount_claimed_cny": "150000", "outcome": "unresolved",
                     "already_public": "false", "employers": ""},
    ACCOUNTABILITY: {"outcome": "unresolved", "contact_no": "1", "contacted": "true", "contacted_on": "2024-03-12",
                     "union_level": "municipal", "union_region": "440300", "department": "rights_interests",
                     "method": "phone", "awareness": "aware", "involvement": "uninvolved", "excuses": "no_authority"},
}  # fmt: skip
_TEXTS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    STRIKES: {"title": ("Example: strike at an electronics factory", "示例：电子厂工人罢工")},
    ACCIDENTS: {"title": ("Example: worker falls from scaffolding", "示例：工人从脚手架坠落")},
    CALLS_FOR_HELP: {"title": ("Example: workers ask for unpaid wages", "示例：工人求助追讨欠薪")},
    ACCOUNTABILITY: {
        "title": ("Example: union asked about a wage protest", "示例：就讨薪事件询问工会"),
        "union_name": ("Example City Federation of Trade Unions", "示例市总工会"),
    },
}


def vocabulary_of(layer: str, column: str) -> Vocabulary | None:
    """The controlled list of a column; None where it holds anything else."""
    named = {prop.name: prop.vocabulary for prop in properties_of(layer) if prop.vocabulary}
    name = _VOCABULARY_OF.get(column) or named.get(column)
    return vocabularies()[name] if name else None


def is_list(layer: str, column: str) -> bool:
    """Whether a cell of the column may hold several terms."""
    return any(prop.name == column and prop.kind.value.endswith("s") for prop in properties_of(layer))


def label_of(layer: str, column: str, language: TemplateLanguage) -> str:
    """What a column is called in words; its name where it has no label."""
    labels = next((prop.labels for prop in properties_of(layer) if prop.name == column), None)
    return column if labels is None else str(getattr(labels, language))


def example_row(layer: str, language: TemplateLanguage) -> dict[str, str]:
    """A row that loads without fault; texts are in the language, and say that they are an example."""
    at = ("en", "zh_hans").index(language)
    texts = {f"{name}_{language}": both[at] for name, both in _TEXTS[layer].items()}
    filled = _COMMON | _OWN[layer] | texts
    return {column: filled.get(column, "") for column in COLUMNS[layer]}
