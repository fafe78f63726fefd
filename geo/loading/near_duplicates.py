"""New rows that look like a record which is there: the same prefecture, about the same day, place and title.

Somebody must decide whether such a row is another incident, the same one, or a correction of it. A source that gives
its own ids tells its own records apart; a shape whose rows can have none (China Labour Bulletin's export) is warned of.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any, Final

import sqlalchemy as sa

from geo.errors import SetupError
from geo.loading.messages import Message, Problem
from geo.loading.profiles import Profile
from geo.loading.staging import copy_messages

ALIKE: Final = 0.4
NEAR_M: Final = 2_000
_LONGEST_DAYS: Final = 3
_SHOWN: Final = 3

_ANY: Final = """
SELECT EXISTS (SELECT FROM editorial.incident WHERE layer = :layer)
    AND EXISTS (SELECT FROM row_match WHERE outcome = 'inserted')
"""

_NEW: Final = """
CREATE TEMP TABLE near_new ON COMMIT DROP AS
SELECT m.row_no, m.source_system, s.source_id, p.prefecture, (s.data ->> 'starts_on')::date AS starts_on,
    s.data ->> 'title_en' AS title_en, s.data ->> 'title_zh_hans' AS title_zh_hans,
    (s.data ->> 'geometry')::geometry AS point
FROM row_match m
JOIN editorial.staging_row s ON s.batch_id = :batch AND s.row_no = m.row_no
JOIN editorial.region_path p ON p.code = s.data ->> 'region_code' AND p.prefecture IS NOT NULL
WHERE m.outcome = 'inserted' AND (s.data ->> 'ends_on')::date - (s.data ->> 'starts_on')::date <= :longest
    AND NOT EXISTS (SELECT FROM editorial.batch_decision d WHERE d.batch_id = :batch AND d.row_no = m.row_no)
"""

_KNOWN: Final = """
CREATE TEMP TABLE near_known ON COMMIT DROP AS
SELECT i.id, i.source_system, i.source_id, p.prefecture, i.starts_on, i.title_en, i.title_zh_hans, i.geometry AS point
FROM editorial.incident i
JOIN editorial.region_path p ON p.code = i.region_code AND p.prefecture IS NOT NULL
WHERE i.layer = :layer AND i.ends_on - i.starts_on <= :longest
    AND i.starts_on BETWEEN (SELECT min(starts_on) - 1 FROM near_new) AND (SELECT max(starts_on) + 1 FROM near_new)
"""
_NOT_OF_FILE: Final = " AND i.id NOT IN (SELECT record_id FROM row_match WHERE outcome <> 'inserted')"
_NOT_ITSELF: Final = " AND i.id IS DISTINCT FROM CAST(:record AS bigint)"

_TYPED: Final = """
CREATE TEMP TABLE near_new ON COMMIT DROP AS
SELECT 1 AS row_no, '' AS source_system, NULL::text AS source_id, p.prefecture, CAST(:day AS date) AS starts_on,
    CAST(:title_en AS text) AS title_en, CAST(:title_zh_hans AS text) AS title_zh_hans,
    ST_SetSRID(ST_MakePoint(CAST(:lon AS float8), CAST(:lat AS float8)), 4326) AS point
FROM editorial.region_path p WHERE p.code = :region AND p.prefecture IS NOT NULL LIMIT 1
"""

_PAIRS: Final = """
SELECT row_no, public_id, id, title, days, metres, alike, correction FROM (
    SELECT n.row_no, k.id, coalesce(k.title_zh_hans, k.title_en) AS title, abs(n.starts_on - k.starts_on) AS days,
        ST_DistanceSphere(n.point, k.point) AS metres,
        greatest(similarity(n.title_en, k.title_en), similarity(n.title_zh_hans, k.title_zh_hans)) AS alike,
        n.source_system = k.source_system AS correction
    FROM near_new n
    CROSS JOIN LATERAL (VALUES (-1), (0), (1)) AS shift (days)
    JOIN near_known k ON k.prefecture = n.prefecture AND k.starts_on = n.starts_on + shift.days
    WHERE n.source_system <> k.source_system OR n.source_id IS NULL OR k.source_id LIKE 'content-%'
) AS pair
LEFT JOIN editorial.publication p ON p.record_id = pair.id AND p.layer = :layer
WHERE alike >= :alike AND (metres IS NULL OR metres <= :near)
ORDER BY row_no, alike DESC, id
"""

_TAKE_OUT: Final = """
WITH held AS (
    UPDATE editorial.staging_row s SET outcome = 'held' FROM unnest(CAST(:rows AS integer[])) AS near (row_no)
    WHERE s.batch_id = :batch AND s.row_no = near.row_no RETURNING s.row_no
)
DELETE FROM row_match m USING held WHERE m.row_no = held.row_no
"""


def hold_near(connection: sa.Connection, batch_id: int, layer: str, profile: Profile) -> int:
    """Hold the rows of `row_match` that would be new and look like a record, naming it; return how many there are.

    Rows about which somebody decided are left alone, and so are rows of a profile whose ids are its contents: those
    are warned of and stay.
    """
    if not connection.scalar(sa.text(_ANY), {"layer": layer}):
        return 0
    facts = {"batch": batch_id, "layer": layer, "longest": _LONGEST_DAYS, "alike": ALIKE, "near": NEAR_M}
    connection.exec_driver_sql("DROP TABLE IF EXISTS pg_temp.near_new, pg_temp.near_known")
    connection.execute(sa.text(_NEW), facts)
    connection.execute(sa.text(_KNOWN + _NOT_OF_FILE), facts)
    connection.exec_driver_sql("ANALYZE near_new, near_known")
    warns = profile.ids == "content"
    messages = list(_describe(connection.execute(sa.text(_PAIRS), facts), warns=warns))
    copy_messages(connection, batch_id, messages)
    if warns or not messages:
        return 0
    connection.execute(sa.text(_TAKE_OUT), {"batch": batch_id, "rows": [message.row_no for message in messages]})
    return len(messages)


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What is known so far of a record that is being typed; `record` is its own key, where it is there already."""

    layer: str
    day: dt.date
    region: str
    title_en: str | None = None
    title_zh_hans: str | None = None
    lon: float | None = None
    lat: float | None = None
    record: int | None = None


def find_near(connection: sa.Connection, typed: Typed) -> list[sa.Row[Any]]:
    """Return the records that one which is being typed looks like, by the rule for rows of a file.

    Each has public_id, id, title, days, metres (None where a point is missing) and alike.
    """
    facts = {**asdict(typed), "longest": _LONGEST_DAYS, "alike": ALIKE, "near": NEAR_M}
    connection.exec_driver_sql("DROP TABLE IF EXISTS pg_temp.near_new, pg_temp.near_known")
    connection.execute(sa.text(_TYPED), facts)
    connection.execute(sa.text(_KNOWN + _NOT_ITSELF), facts)
    return list(connection.execute(sa.text(_PAIRS), facts))[:_SHOWN]


def check_similarity(connection: sa.Connection) -> None:
    """Make sure that titles in Chinese can be compared.

    Raises:
        SetupError: the database's character type knows no Chinese letters, so that nothing would ever look alike.
    """
    if connection.scalar(sa.text("SELECT similarity('富士康工人讨薪', '富士康工人讨薪')")) != 1:
        raise SetupError(
            "The database compares no Chinese text: its LC_CTYPE is not a UTF-8 one. Make a database with "
            "LC_CTYPE 'C.UTF-8' and restore into it."
        )


def _describe(pairs: Any, *, warns: bool) -> Iterator[Message]:
    for row_no, found in groupby(pairs, key=lambda pair: pair.row_no):
        near = list(found)
        first = near[0]
        facts = {
            "record": first.public_id or f"#{first.id}",
            "title": first.title,
            "days": first.days,
            "metres": "-" if first.metres is None else round(first.metres),
            "alike": f"{first.alike:.2f}",
            "others": "".join(f"; {pair.public_id or f'#{pair.id}'} {pair.title}" for pair in near[1:_SHOWN]),
            "candidates": [pair.id for pair in near[:_SHOWN]],
        }
        code = "DUP_CORRECTION" if first.correction else "DUP_NEAR"
        yield Message(Problem(code, facts, "warning" if warns else None), row_no)
