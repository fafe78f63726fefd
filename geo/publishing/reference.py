"""Copies of what records refer to: regions with outlines, names and succession, vocabularies, unions of cases."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from geo.publishing.dataset_version import move_dataset_version
from geo.publishing.scope import make_temporary
from geo.serving.tables import (
    boundaries,
    drawn_code,
    published_region,
    published_term,
    published_union,
    region_name,
    succession,
    topology,
)

REGIONS = """
SELECT r.level, r.code, r.parent_level, r.parent_code,
    COALESCE(up.parent_code, r.parent_code, r.code) AS province,
    CASE r.level WHEN 'prefecture' THEN r.code WHEN 'county' THEN r.parent_code END AS prefecture,
    r.name_en, r.name_zh_hans, r.name_zh_hant, r.short_name_en, r.short_name_zh_hans, r.short_name_zh_hant,
    r.population, r.uncertainty_m,
    EXISTS (SELECT FROM editorial.region_path AS path WHERE path.code = r.code AND path.level = r.level) AS is_bare,
    r.point, national.geometry AS outline_national, z7.geometry AS outline_z7, z8.geometry AS outline_z8
FROM editorial.region AS r
LEFT JOIN editorial.region AS up ON up.level = r.parent_level AND up.code = r.parent_code
LEFT JOIN editorial.region_outline AS national
    ON (national.level, national.code, national.band) = (r.level, r.code, 'national')
LEFT JOIN editorial.region_outline AS z7 ON (z7.level, z7.code, z7.band) = (r.level, r.code, 'z7')
LEFT JOIN editorial.region_outline AS z8 ON (z8.level, z8.code, z8.band) = (r.level, r.code, 'z8')
WHERE r.valid_to IS NULL
"""

TOPOLOGIES = """
SELECT name, encode(sha256(convert_to(topojson, 'UTF8')), 'hex') AS sha256, topojson FROM editorial.region_topology
"""

BOUNDARIES = "SELECT name, source, licence, vintage, attribution FROM editorial.boundary_set"

TERMS = """
SELECT vocabulary, code, label_en, label_zh_hans, label_zh_hant, clb_value, position, retired_on FROM editorial.term
"""

REGION_NAMES = "SELECT alias, code, kind FROM editorial.place_name"

DRAWN_CODES = """
SELECT d.reported_code AS code, d.code AS drawn_code, CASE WHEN today.code IS NULL THEN named.name END AS name_zh_hans
FROM editorial.draw_code AS d LEFT JOIN editorial.region_path AS today ON today.code = d.reported_code
LEFT JOIN (
    SELECT code, (array_agg(alias ORDER BY length(alias) DESC, alias))[1] AS name FROM editorial.place_name
    WHERE kind IN ('retired', 'zone') AND alias ~ '[㐀-鿿]' GROUP BY code
) AS named ON named.code = d.reported_code
WHERE today.code IS NULL OR d.code <> d.reported_code
"""

SUCCESSIONS = "SELECT old_code, new_code, kind, happened_on, source FROM editorial.region_succession"

UNIONS = """
SELECT named.id, named.name_en, named.name_zh_hans, named.name_zh_hant, named.level, named.region_code,
    named.sector, named.name_by_rule, array_agg(DISTINCT f.public_id ORDER BY f.public_id) AS cases
FROM editorial.union_organization AS named JOIN editorial.union_contact AS contact ON contact.union_id = named.id
JOIN editorial.publication AS p ON p.record_id = contact.case_id AND p.layer = 'accountability'
JOIN published.feature AS f ON f.id = p.feature_id
WHERE NOT EXISTS (
    SELECT FROM editorial.case_incident AS link JOIN editorial.incident AS call ON call.id = link.incident_id
    WHERE link.case_id = contact.case_id AND call.layer = 'calls_for_help' AND NOT call.already_public
)
GROUP BY named.id
"""
"""Unions that a public case names, with those cases. One that is contacted only in guarded cases is not named
anywhere, and no guarded case is among those of another."""


@dataclass(frozen=True)
class Copied:
    """What differed: the regions themselves, or anything else."""

    regions: bool
    others: bool


def copy_reference(connection: sa.Connection) -> Copied:
    """Bring regions, topologies, boundary set and terms of `published` to what `editorial` has."""
    regions = _copy(connection, published_region, REGIONS)
    others = [
        _copy(connection, table, query)
        for table, query in (
            (topology, TOPOLOGIES),
            (boundaries, BOUNDARIES),
            (published_term, TERMS),
            (region_name, REGION_NAMES),
            (drawn_code, DRAWN_CODES),
            (succession, SUCCESSIONS),
        )
    ]
    return Copied(regions, any(others))


def copy_unions(connection: sa.Connection) -> bool:
    """Bring the public unions to those that public, unguarded cases name."""
    return _copy(connection, published_union, UNIONS)


def _copy(connection: sa.Connection, table: sa.Table, query: str) -> bool:
    """Make `table` hold the rows of `query`, touching only those that differ; return whether any did."""
    keys = [column.name for column in table.primary_key.columns]
    rest = [column.name for column in table.columns if column.name not in keys]
    columns = ", ".join((*keys, *rest))
    same_key = " AND ".join(f"old.{key} = new.{key}" for key in keys)
    make_temporary(connection, "wanted", query)
    # Of a table filled in this transaction nothing is known yet, and all rows would be compared with all.
    connection.exec_driver_sql("SET LOCAL enable_nestloop = off")
    removed = connection.exec_driver_sql(
        f"DELETE FROM {table.fullname} AS old WHERE NOT EXISTS (SELECT FROM wanted AS new WHERE {same_key})"
    ).rowcount
    connection.exec_driver_sql("SET LOCAL enable_nestloop = on")
    differs = " OR ".join(f"old.{name} IS DISTINCT FROM excluded.{name}" for name in rest)
    written = connection.exec_driver_sql(
        f"INSERT INTO {table.fullname} AS old ({columns}) SELECT {columns} FROM wanted "
        f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in rest)} "
        f"WHERE {differs}"
    ).rowcount
    if removed or written:
        move_dataset_version(connection)
    return bool(removed or written)
