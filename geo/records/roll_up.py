"""What the contacts of a case say together: did a union know, did one act, and when.

The unit that is counted is the case. Only contacts that were really made count; what nobody recorded stays unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class RollUp:
    """A case's answers; None is "not known", shown as such and never counted as a no."""

    awareness: str | None
    involvement: str | None
    involvement_timing: str | None


def roll_up(contacts: Iterable[Mapping[str, Any]]) -> RollUp:
    """Roll up contacts with the keys contacted, awareness, involvement and involvement_timing.

    A contact with `contacted` False, a union only suggested or mentioned, is left out. Awareness is `aware` if any
    union knew before being told, `unaware` if one is recorded so and none is aware, `no_response` if every contact is.
    Involvement is `involved` if any union was, `uninvolved` if one is recorded so and none was. The timing is of the
    unions that were involved, the earlier one first.
    """
    made = [contact for contact in contacts if contact.get("contacted") is not False]
    awareness = [contact.get("awareness") for contact in made]
    involvement = [contact.get("involvement") for contact in made]
    timing = [contact.get("involvement_timing") for contact in made if contact.get("involvement") == "involved"]
    no_answer = "no_response" if awareness and set(awareness) == {"no_response"} else None
    return RollUp(
        awareness=_first_of(("aware", "unaware"), awareness) or no_answer,
        involvement=_first_of(("involved", "uninvolved"), involvement),
        involvement_timing=_first_of(("before_contact", "after_contact"), timing),
    )


def _first_of(codes: tuple[str, ...], found: list[Any]) -> str | None:
    return next((code for code in codes if code in found), None)
