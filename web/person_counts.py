"""How many people a record speaks of, as one row of its card. The twin of static/js/person-counts.js."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from web.translations import Texts, format_number

LEAST = {"participants": "participants_min", "persons_min": "persons_min"}
"""Property in whose place the row stands, and the property with the least number."""
MOST = {"participants": "participants_max", "persons_min": "persons_max"}
PARTS = frozenset({"participants_min", "participants_max", "persons_max"})
"""Properties that have no row of their own."""


def word_persons(texts: Texts, name: str, properties: Mapping[str, Any], band: str | None) -> str | None:
    """Return the number, the band where the record says no more, or the least and the most; `band` is its label."""
    least: int | None
    most: int | None
    least, most = properties.get(LEAST[name]), properties.get(MOST[name])
    if band and properties.get(name) in {f"{least}-{most}", f"{least}-plus"}:
        return band
    if least is None:
        return band if most is None else texts.fill("card.persons.most", number=format_number(most))
    if most is None:
        return texts.fill("card.persons.least", number=format_number(least))
    numbers = dict.fromkeys([format_number(least), format_number(most)])
    return texts.fill("card.persons.number", number="–".join(numbers))
