"""Tables of the admin regions, in the schema `editorial`.

A region's key is (level, code): the four municipalities stand under the same code at province and prefecture level,
and the county-level units that a province governs directly stand at prefecture level too, so nothing about a code's
digits may be taken as its place in the hierarchy.
"""

from __future__ import annotations

import sqlalchemy as sa
from geoalchemy2 import Geometry
from sqlalchemy.dialects.postgresql import ARRAY

from geo.database import metadata

LEVELS = ("province", "prefecture", "county")
"""From coarse to fine."""

_LEVEL_CHECK = "level IN ('province', 'prefecture', 'county')"

boundary_set = sa.Table(
    "boundary_set",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("licence", sa.Text, nullable=False),
    sa.Column("vintage", sa.Text, nullable=False),
    sa.Column("datum", sa.Text, nullable=False),
    sa.Column("attribution", sa.Text, nullable=False),
    sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    schema="editorial",
    comment="Where the boundaries in use come from; exactly one row.",
)

region = sa.Table(
    "region",
    metadata,
    sa.Column("level", sa.Text, primary_key=True),
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("parent_level", sa.Text),
    sa.Column("parent_code", sa.Text),
    sa.Column("name_en", sa.Text, nullable=False),
    sa.Column("name_zh_hans", sa.Text, nullable=False),
    sa.Column("name_zh_hant", sa.Text, nullable=False),
    sa.Column("short_name_en", sa.Text, nullable=False, comment="as a map label: Guangdong, Shenzhen, Bao'an"),
    sa.Column("short_name_zh_hans", sa.Text, nullable=False),
    sa.Column("short_name_zh_hant", sa.Text, nullable=False),
    sa.Column("population", sa.Integer, comment="residents on 1 November 2020; NULL where none was read"),
    sa.Column("valid_from", sa.Date),
    sa.Column("valid_to", sa.Date, comment="NULL: in force"),
    sa.Column("point", Geometry("POINT", 4326, spatial_index=False), comment="fixed representative point, inside"),
    sa.Column("uncertainty_m", sa.Integer, comment="metres from the point to the farthest vertex"),
    sa.Column("geometry", Geometry("MULTIPOLYGON", 4326, spatial_index=False)),
    sa.ForeignKeyConstraint(
        ["parent_level", "parent_code"], ["editorial.region.level", "editorial.region.code"], name="fk_region_parent"
    ),
    sa.CheckConstraint(_LEVEL_CHECK, name="level"),
    sa.CheckConstraint("(level = 'province') = (parent_code IS NULL)", name="parent"),
    sa.CheckConstraint("(parent_level IS NULL) = (parent_code IS NULL)", name="parent_key"),
    sa.CheckConstraint("valid_from IS NULL OR valid_to IS NULL OR valid_from < valid_to", name="validity"),
    sa.Index("ix_region_geometry", "geometry", postgresql_using="gist"),
    sa.Index("ix_region_parent", "parent_level", "parent_code"),
    schema="editorial",
)

region_outline = sa.Table(
    "region_outline",
    metadata,
    sa.Column("level", sa.Text, primary_key=True),
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("band", sa.Text, primary_key=True, comment="national (0.02 deg), z7 (0.01 deg), z8 (0.005 deg)"),
    sa.Column("geometry", Geometry("MULTIPOLYGON", 4326, spatial_index=False), nullable=False),
    sa.ForeignKeyConstraint(
        ["level", "code"], ["editorial.region.level", "editorial.region.code"], ondelete="CASCADE", name="fk_outline"
    ),
    sa.CheckConstraint("band IN ('national', 'z7', 'z8')", name="band"),
    schema="editorial",
    comment="Simplified outlines that nest exactly within a band.",
)

region_topology = sa.Table(
    "region_topology",
    metadata,
    sa.Column("name", sa.Text, primary_key=True, comment="province, prefecture, county-<province code>"),
    sa.Column("topojson", sa.Text, nullable=False),
    schema="editorial",
    comment="Ready TopoJSON for the map page; shared borders are shared arcs.",
)

region_path = sa.Table(
    "region_path",
    metadata,
    sa.Column("code", sa.Text, primary_key=True, comment="a bare code means the highest level that has it"),
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("province", sa.Text, nullable=False),
    sa.Column("prefecture", sa.Text),
    sa.Column("county", sa.Text),
    sa.CheckConstraint(_LEVEL_CHECK, name="level"),
    schema="editorial",
    comment="Where a bare code stands; an only child that is the same area is filled in too.",
)

region_succession = sa.Table(
    "region_succession",
    metadata,
    sa.Column("old_code", sa.Text, primary_key=True),
    sa.Column("new_code", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("happened_on", sa.Date),
    sa.Column("source", sa.Text, nullable=False),
    sa.CheckConstraint("kind IN ('rename', 'recode', 'upgrade', 'merge', 'split')", name="kind"),
    schema="editorial",
)

place_name = sa.Table(
    "place_name",
    metadata,
    sa.Column("alias", sa.Text, primary_key=True, comment="normalised: see geo.regions.gazetteer.normalise_name"),
    sa.Column("code", sa.Text, primary_key=True, comment="current or retired; draw_code gives today's"),
    sa.Column("kind", sa.Text, nullable=False, comment="full, short, english, pinyin, retired, retired_short, zone"),
    sa.Index("ix_place_name_alias_trgm", "alias", postgresql_using="gin", postgresql_ops={"alias": "gin_trgm_ops"}),
    schema="editorial",
)

draw_code = sa.Table(
    "draw_code",
    metadata,
    sa.Column("reported_code", sa.Text, primary_key=True, comment="any code ever in force, current ones too"),
    sa.Column("code", sa.Text, nullable=False, comment="today's code under which it is drawn"),
    sa.Column("successors", ARRAY(sa.Text), nullable=False),
    schema="editorial",
    comment="Succession already worked out: several successors are drawn at their lowest common region.",
)
