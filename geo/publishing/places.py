"""The public place of a record: its regions coarsened, what they have in common, and a fixed point.

A place depends only on the regions and on two ranks (of what the record is known to, and of what policy and override
allow), so each such key is worked out once, however many records share it.
"""

from __future__ import annotations

import sqlalchemy as sa

from geo.publishing.policy import PRECISIONS
from geo.publishing.scope import make_temporary

STREET_GRID_DECIMALS = 2
"""The point of a place shown by street is the nearest node of a fixed grid of 0.01 degrees."""

STREET_UNCERTAINTY_M = 800
"""Metres, at most, from such a node to any point that is moved to it (787 at the equator, fewer in China)."""

_LEVEL_RANKS = "CASE path.level WHEN 'province' THEN 4 WHEN 'prefecture' THEN 3 ELSE 2 END"


def _agreed(level: str) -> str:
    """Return the aggregate that gives the region of a level in which all regions lie; NULL when there is none."""
    return f"CASE WHEN count({level}) = count(*) AND min({level}) = max({level}) THEN min({level}) END"


_NAMED = f"""
SELECT k.no, k.record_rank, k.policy_rank, path.*, {_LEVEL_RANKS} AS level_rank
FROM place_key AS k CROSS JOIN LATERAL unnest(k.regions) AS named (code)
JOIN editorial.region_path AS path USING (code)
"""

_KNOWN = f"""
SELECT no, CASE WHEN {_agreed("county")} IS NOT NULL THEN 2 WHEN {_agreed("prefecture")} IS NOT NULL THEN 3
    WHEN {_agreed("province")} IS NOT NULL THEN 4 ELSE 5 END AS common_rank
FROM named GROUP BY no
"""
"""The level of the lowest common region of what the editors know."""

_COARSE = """
SELECT no, level_rank, policy_rank, code AS known_code, CASE
    WHEN level_rank >= cap OR cap <= 2 THEN code
    WHEN cap = 3 THEN COALESCE(prefecture, province)
    WHEN cap = 4 THEN province END AS code
FROM (
    SELECT named.*, GREATEST(policy_rank, CASE WHEN record_rank > common_rank THEN record_rank END) AS cap
    FROM named JOIN known USING (no)
) AS capped
"""
"""Each region at the level that may be shown, or that the record says it is known to when that is coarser."""

_SHOWN = f"""
SELECT no, array_agg(DISTINCT code ORDER BY code) AS regions, bool_or(moved) AS moved,
    {_agreed("province")} AS province, {_agreed("prefecture")} AS prefecture, {_agreed("county")} AS county,
    array_agg(DISTINCT path.province) || array_agg(DISTINCT path.prefecture) || array_agg(DISTINCT path.county)
        || array_agg(DISTINCT code) AS within
FROM (
    SELECT no, code, level_rank < policy_rank AND code IS DISTINCT FROM known_code AS moved FROM coarse
) AS each JOIN editorial.region_path AS path USING (code)
GROUP BY no
"""

_RANKED = """
SELECT k.no, s.regions, s.province, s.prefecture, s.county, s.within, COALESCE(s.moved, false) AS moved,
    GREATEST(k.record_rank, CASE known.common_rank WHEN 2 THEN 0 ELSE COALESCE(known.common_rank, 5) END) AS own_rank,
    GREATEST(k.record_rank, k.policy_rank, CASE
        WHEN s.county IS NOT NULL THEN 0 WHEN s.prefecture IS NOT NULL THEN 3 WHEN s.province IS NOT NULL THEN 4
        ELSE 5 END) AS shown_rank
FROM place_key AS k LEFT JOIN known USING (no) LEFT JOIN shown AS s USING (no)
"""
"""A place inside one county may be known exactly; any other is known to the lowest common region at most."""

_PLACES = f"""
WITH named AS ({_NAMED}), known AS ({_KNOWN}), coarse AS ({_COARSE}), shown AS ({_SHOWN}), ranked AS ({_RANKED})
SELECT k.regions AS known_regions, k.record_rank, k.policy_rank, COALESCE(p.regions, '{{}}') AS regions,
    ARRAY(SELECT DISTINCT code FROM unnest(p.within) AS code WHERE code IS NOT NULL ORDER BY code) AS regions_within,
    p.province, p.prefecture, p.county, COALESCE(cardinality(p.regions), 0) > 1 AS several,
    p.shown_rank, (ARRAY['{"', '".join(PRECISIONS)}'])[p.shown_rank + 1] AS location_precision,
    p.own_rank < p.shown_rank OR p.moved AS coarsened, area.code AS lowest, area.point,
    CASE p.shown_rank WHEN 1 THEN {STREET_UNCERTAINTY_M} ELSE area.uncertainty_m END AS uncertainty_m
FROM ranked AS p JOIN place_key AS k USING (no) LEFT JOIN editorial.region AS area
    ON p.shown_rank BETWEEN 2 AND 4 AND area.valid_to IS NULL
    AND area.level = CASE p.shown_rank WHEN 2 THEN 'county' WHEN 3 THEN 'prefecture' ELSE 'province' END
    AND area.code = CASE p.shown_rank WHEN 2 THEN p.county WHEN 3 THEN p.prefecture ELSE p.province END
"""


def work_out_places(connection: sa.Connection, keys: str) -> None:
    """Make the table `place`, a line for each distinct (regions, record_rank, policy_rank) of the query `keys`.

    Its first three columns are the key. `coarsened` says that the editors know the place more exactly than it is
    shown, by policy or by override; it says nothing of time. `point` is NULL where the record's own is to be shown,
    moved to the grid for a street, and where there is none to show.
    """
    numbered = f"SELECT row_number() OVER () AS no, key.* FROM (SELECT DISTINCT * FROM ({keys}) AS every) AS key"
    make_temporary(connection, "place_key", numbered)
    make_temporary(connection, "place", _PLACES)


def record_point(rank: str, geometry: str) -> str:
    """Return the SQL of the point of a place shown exactly or by street; coordinates have at most 6 decimals."""
    return f"CASE {rank} WHEN 0 THEN {_rounded(geometry, 6)} WHEN 1 THEN {_rounded(geometry, STREET_GRID_DECIMALS)} END"


def _rounded(geometry: str, decimals: int) -> str:
    axes = (f"round(ST_{axis}({geometry})::numeric, {decimals})::float8" for axis in "XY")
    return f"ST_SetSRID(ST_MakePoint({', '.join(axes)}), 4326)"
