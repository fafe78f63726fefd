"""The privacy policy as one table, and the SQL made from it.

Places are coarsened to admin regions, never jittered. From fine to coarse: exact, street, county, prefecture,
province, country. What is shown is the coarser of what the record is known to, what the record's rule allows and what
its override allows; an override can therefore only coarsen.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from geo.layers import ACCIDENTS, ACCOUNTABILITY, CALLS_FOR_HELP, STRIKES
from geo.records.source_systems import DECLARED_SOURCE_TYPES

PRECISIONS = ("exact", "street", "county", "prefecture", "province", "country")
"""From fine to coarse; a precision's rank is its position here."""

PRIVATE_SOURCE_TYPES = ("submission", "interview")
LARGE = 100
"""Participants, at least, of a strike that may be shown by street."""

TODAY = "(now() AT TIME ZONE 'UTC')::date"
"""Today by the database's clock, whatever the session's time zone. In China the day has begun earlier."""

LONGEST_EMBARGO = 366_000
"""Days. Longer ones are as good as never, and a date must not overflow."""


class Condition(StrEnum):
    """What a record must be for a rule to hold."""

    LARGE_AND_WIDELY_REPORTED = "at least 100 took part, and a reviewer ticked that it was widely reported"
    PRIVATE_REPORT = "every source is a submission or an interview, or no type is known of it"
    LINKED_TO_CALL = "linked to a call for help that is not marked as already public"
    OTHERWISE = "otherwise"


class Text(StrEnum):
    """What is shown of text that could undo the coarsening."""

    OPEN = "place as reported if the place is not coarsened; CLB's id and link; sources unless marked not public"
    NO_PLACE = "no place as reported, no CLB id or link; sources unless marked not public, without their day"
    GUARDED = "no place as reported, no CLB id or link, sources only if marked public, without their day"


@dataclass(frozen=True)
class Rule:
    """One line of the policy; of a layer's rules the first whose condition holds is the record's.

    `finest` is the finest place shown, `time` the unit to which both ends are rounded before anything else, `embargo`
    counts days from the rounded `ends_on`. The mark `already_public` lifts `text`, and nothing else.
    """

    layer: str
    condition: Condition
    finest: str
    time: str
    embargo: int
    text: Text


# fmt: off
POLICY: tuple[Rule, ...] = (
    #    layer           condition                            finest        time     embargo  text
    Rule(STRIKES,        Condition.LARGE_AND_WIDELY_REPORTED, "street",     "day",    0,      Text.OPEN),
    Rule(STRIKES,        Condition.OTHERWISE,                 "county",     "day",    0,      Text.OPEN),
    Rule(ACCIDENTS,      Condition.PRIVATE_REPORT,            "county",     "week",   7,      Text.NO_PLACE),
    Rule(ACCIDENTS,      Condition.OTHERWISE,                 "exact",      "day",    0,      Text.OPEN),
    Rule(CALLS_FOR_HELP, Condition.OTHERWISE,                 "prefecture", "month", 14,      Text.GUARDED),
    Rule(ACCOUNTABILITY, Condition.LINKED_TO_CALL,            "prefecture", "month",  0,      Text.GUARDED),
    Rule(ACCOUNTABILITY, Condition.OTHERWISE,                 "county",     "day",    0,      Text.OPEN),
)
# fmt: on


def rank(precision: str) -> str:
    """Return the SQL of the rank, from 0 (exact) to 5 (country), of the precision that an expression gives."""
    return f"(array_position(ARRAY[{_list(PRECISIONS)}], {precision}) - 1)"


def rule_number(*layers: str) -> str:
    """Return the SQL of the position in `POLICY` of the rule that a record `r` of one of `layers` falls under."""
    branches = (
        f"WHEN r.layer = '{rule.layer}' AND {_CONDITIONS[rule.condition]} THEN {number}"
        for number, rule in enumerate(POLICY)
        if rule.layer in layers
    )
    return f"CASE {' '.join(branches)} END"


def rules_table() -> str:
    """Return `POLICY` as a table of SQL: number, rank of the finest place, unit of time, days of embargo, text."""
    rows = (
        f"({number}, {PRECISIONS.index(rule.finest)}, '{rule.time}', {rule.embargo}, '{rule.text.name}')"
        for number, rule in enumerate(POLICY)
    )
    return f"(VALUES {', '.join(rows)}) AS rule (number, finest, time, embargo, text)"


def public_dates() -> dict[str, str]:
    """Return the SQL of the public dates of a record `r` under `rule`: starts_on, ends_on and date_precision.

    A range is widened to whole units. Dates known only to a month, season or year are widened to months, not to weeks,
    which would make them look less exact than they are.
    """
    unit = f"CASE WHEN rule.time = 'week' AND r.date_precision IN ({_LONG}) THEN 'month' ELSE rule.time END"
    first, last = (f"date_trunc({unit}, r.{end}::timestamp)" for end in ("starts_on", "ends_on"))
    return {
        "starts_on": f"({first})::date",
        "ends_on": f"({last} + ('1 ' || {unit})::interval - interval '1 day')::date",
        "date_precision": (
            f"CASE WHEN rule.time = 'day' OR r.date_precision IN ({_LONG}) THEN r.date_precision "
            f"WHEN {first} = {last} THEN {unit} ELSE 'range' END"
        ),
    }


def release_on(ends_on: str, embargo_days: str) -> str:
    """Return the SQL of the first day on which a record under `rule` is public; NULL when nothing holds it back.

    `ends_on` must be the public one: counted from the true day, the day of release would tell it.
    """
    days = f"LEAST(GREATEST(rule.embargo, COALESCE({embargo_days}, 0)), {LONGEST_EMBARGO})"
    return f"{ends_on} + NULLIF({days}, 0)"


def _list(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)


_LONG = _list(("month", "season", "year"))


def _declared_type() -> str:
    branches = " ".join(f"WHEN '{name}' THEN '{declares}'" for name, declares in DECLARED_SOURCE_TYPES.items())
    return f"CASE r.source_system {branches} END"


_CONDITIONS = {
    Condition.LARGE_AND_WIDELY_REPORTED: f"r.participants_min >= {LARGE} AND r.widely_reported",
    Condition.PRIVATE_REPORT: (
        "NOT EXISTS (SELECT "
        "FROM jsonb_array_elements(CASE r.sources WHEN '[]' THEN '[{}]' ELSE r.sources END) AS entry "
        f"WHERE COALESCE(NULLIF(entry ->> 'type', ''), {_declared_type()}) NOT IN ({_list(PRIVATE_SOURCE_TYPES)}))"
    ),
    Condition.LINKED_TO_CALL: (
        "EXISTS (SELECT FROM editorial.case_incident AS link "
        "JOIN editorial.incident AS call ON call.id = link.incident_id "
        f"WHERE link.case_id = r.id AND call.layer = '{CALLS_FOR_HELP}' AND NOT call.already_public)"
    ),
    Condition.OTHERWISE: "true",
}
"""SQL about a record `r`. A source whose type is not known is no public one."""
