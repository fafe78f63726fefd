"""The read model: tables of the schema `published`, holding only what the public may see.

`feature` is narrow, for filters, counts and pages; `feature_text` beside it holds the finished GeoJSON text of each
feature under the same integer key, and `feature_search` what is searched of it. Publishing writes them in the
transaction that commits a change.
"""

from __future__ import annotations

import sqlalchemy as sa
from geoalchemy2 import Geometry
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from geo.database import metadata


def _codes(name: str) -> sa.Column[list[str]]:
    return sa.Column(name, ARRAY(sa.Text))


_GIN = (
    *("regions_within", "employers", "worker_groups", "actions", "demands", "responses", "accident_types"),
    *("issues", "channels", "excuses", "union_levels", "departments"),
)

feature = sa.Table(
    "feature",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("public_id", sa.Text, nullable=False, unique=True),
    sa.Column("layer", sa.Text, nullable=False),
    sa.Column("starts_on", sa.Date, nullable=False),
    sa.Column("ends_on", sa.Date, nullable=False),
    sa.Column("date_precision", sa.Text, nullable=False),
    sa.Column("province", sa.Text),
    sa.Column("prefecture", sa.Text),
    sa.Column("county", sa.Text),
    sa.Column("regions", ARRAY(sa.Text), nullable=False, comment="public codes, as fine as may be shown"),
    sa.Column("regions_within", ARRAY(sa.Text), nullable=False, comment="those and all regions they lie in"),
    sa.Column("several_places", sa.Boolean, nullable=False),
    sa.Column("coarsened", sa.Boolean, nullable=False, comment="the editors know the place more exactly"),
    sa.Column("location_precision", sa.Text, nullable=False),
    sa.Column("uncertainty_m", sa.Integer),
    sa.Column("industry", sa.Text),
    sa.Column("sub_industry", sa.Text),
    _codes("employers"),
    sa.Column("ownership", sa.Text),
    _codes("worker_groups"),
    sa.Column("participants", sa.Text),
    sa.Column("participants_min", sa.Integer),
    sa.Column("participants_max", sa.Integer),
    sa.Column("verification", sa.Text),
    _codes("actions"),
    _codes("demands"),
    _codes("responses"),
    _codes("accident_types"),
    sa.Column("deaths", sa.Integer),
    sa.Column("injuries", sa.Integer),
    sa.Column("missing", sa.Integer),
    sa.Column("severity", sa.Text),
    _codes("issues"),
    _codes("channels"),
    sa.Column("persons_min", sa.Integer),
    sa.Column("persons_max", sa.Integer),
    sa.Column("amount_claimed_cny", sa.Numeric(14, 2)),
    sa.Column("amount_recovered_cny", sa.Numeric(14, 2)),
    sa.Column("outcome", sa.Text),
    sa.Column("outcome_on", sa.Date),
    sa.Column("awareness", sa.Text),
    sa.Column("involvement", sa.Text),
    sa.Column("involvement_timing", sa.Text),
    _codes("excuses"),
    _codes("union_levels"),
    _codes("departments"),
    sa.Column("has_case", sa.Boolean, comment="of incidents: a public case is about it"),
    sa.Column("source_system", sa.Text, nullable=False),
    sa.Column("legacy_id", sa.Text),
    sa.Column("updated_on", sa.Date, nullable=False),
    sa.Column("geometry", Geometry("POINT", 4326, spatial_index=False)),
    sa.Column("geometry_3857", Geometry("POINT", 3857, spatial_index=False)),
    sa.Index("ix_feature_walk", sa.desc("starts_on"), sa.desc("id")),
    sa.Index("ix_feature_layer_walk", "layer", sa.desc("starts_on"), sa.desc("id")),
    sa.Index(
        "ix_feature_counts",
        "starts_on",
        "layer",
        postgresql_include=["ends_on", "province", "prefecture", "industry", "ownership"],
    ),
    sa.Index("ix_feature_legacy_id", "legacy_id"),
    sa.Index("ix_feature_geometry", "geometry", postgresql_using="gist"),
    sa.Index("ix_feature_geometry_3857", "geometry_3857", postgresql_using="gist"),
    *(sa.Index(f"ix_feature_{name}", name, postgresql_using="gin") for name in _GIN),
    schema="published",
)

feature_text = sa.Table(
    "feature_text",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("geojson", sa.Text, nullable=False, comment="the finished RFC 7946 Feature"),
    schema="published",
)

feature_search = sa.Table(
    "feature_search",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("words", sa.Text, nullable=False, comment="what may be searched, by published.search_words"),
    schema="published",
)
"""Beside `feature_text` and not in it: both texts in one row would pass 2 kB, and every page would pay for that."""

search_key = sa.Table(
    "search_key",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Index("ix_search_key_words", sa.text("published.searched_words(id)"), postgresql_using="gin"),
    schema="published",
)
"""The keys of `feature_search`, put in by its triggers, and the index of words over them: see decision record 0029."""

retraction = sa.Table(
    "retraction",
    metadata,
    sa.Column("public_id", sa.Text, primary_key=True),
    sa.Column("layer", sa.Text, nullable=False),
    sa.Column("retracted_on", sa.Date, nullable=False),
    schema="published",
    comment="What stays of a retracted record. Removed on request: nothing stays.",
)

published_region = sa.Table(
    "region",
    metadata,
    sa.Column("level", sa.Text, primary_key=True),
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("parent_level", sa.Text),
    sa.Column("parent_code", sa.Text),
    sa.Column("province", sa.Text, nullable=False),
    sa.Column("prefecture", sa.Text),
    sa.Column("name_en", sa.Text, nullable=False),
    sa.Column("name_zh_hans", sa.Text, nullable=False),
    sa.Column("name_zh_hant", sa.Text, nullable=False),
    sa.Column("short_name_en", sa.Text, nullable=False),
    sa.Column("short_name_zh_hans", sa.Text, nullable=False),
    sa.Column("short_name_zh_hant", sa.Text, nullable=False),
    sa.Column("population", sa.Integer),
    sa.Column("uncertainty_m", sa.Integer),
    sa.Column("is_bare", sa.Boolean, nullable=False, comment="the row that a bare code means"),
    sa.Column("point", Geometry("POINT", 4326, spatial_index=False)),
    sa.Column("outline_national", Geometry("MULTIPOLYGON", 4326, spatial_index=False)),
    sa.Column("outline_z7", Geometry("MULTIPOLYGON", 4326, spatial_index=False)),
    sa.Column("outline_z8", Geometry("MULTIPOLYGON", 4326, spatial_index=False)),
    sa.Index("ix_region_parent_public", "parent_level", "parent_code"),
    sa.Index("ix_region_outline_z8", "outline_z8", postgresql_using="gist"),
    schema="published",
)

region_name = sa.Table(
    "region_name",
    metadata,
    sa.Column("alias", sa.Text, primary_key=True, comment="folded: see geo.folded_names"),
    sa.Column("code", sa.Text, primary_key=True, comment="current or retired"),
    sa.Column("kind", sa.Text, nullable=False, comment="full, short, english, pinyin, retired, retired_short, zone"),
    schema="published",
)

drawn_code = sa.Table(
    "drawn_code",
    metadata,
    sa.Column("code", sa.Text, primary_key=True, comment="retired, or in force and without an outline of its own"),
    sa.Column("name_zh_hans", sa.Text, comment="the last name of a retired one"),
    sa.Column("drawn_code", sa.Text, nullable=False, comment="today's code under which its records are drawn"),
    schema="published",
    comment="Codes that are drawn under another one.",
)

succession = sa.Table(
    "region_succession",
    metadata,
    sa.Column("old_code", sa.Text, primary_key=True),
    sa.Column("new_code", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False, comment="rename, recode, upgrade, merge, split"),
    sa.Column("happened_on", sa.Date),
    sa.Column("source", sa.Text, nullable=False),
    schema="published",
)

topology = sa.Table(
    "topology",
    metadata,
    sa.Column("name", sa.Text, primary_key=True, comment="province, prefecture, county-<province code>"),
    sa.Column("sha256", sa.Text, nullable=False, comment="of the text; stands in the address"),
    sa.Column("topojson", sa.Text, nullable=False),
    schema="published",
)

boundaries = sa.Table(
    "boundaries",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("licence", sa.Text, nullable=False),
    sa.Column("vintage", sa.Text, nullable=False),
    sa.Column("attribution", sa.Text, nullable=False),
    schema="published",
)

published_union = sa.Table(
    "union_organization",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("name_en", sa.Text),
    sa.Column("name_zh_hans", sa.Text),
    sa.Column("name_zh_hant", sa.Text),
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("region_code", sa.Text),
    sa.Column("sector", sa.Text, comment="a code of the vocabulary industry"),
    sa.Column("name_by_rule", sa.Boolean, nullable=False, server_default=sa.false(), comment="not confirmed yet"),
    sa.Column(
        "cases",
        ARRAY(sa.Text),
        nullable=False,
        server_default="{}",
        comment="public ids of the cases that name it",
    ),
    schema="published",
)

published_term = sa.Table(
    "term",
    metadata,
    sa.Column("vocabulary", sa.Text, primary_key=True),
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("label_en", sa.Text, nullable=False),
    sa.Column("label_zh_hans", sa.Text, nullable=False),
    sa.Column("label_zh_hant", sa.Text, nullable=False),
    sa.Column("clb_value", sa.Text, comment="spellings of CLB's export, parted by '; '; a final * marks a prefix"),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("retired_on", sa.Date),
    schema="published",
)

change = sa.Table(
    "change",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("dataset_version", sa.BigInteger, nullable=False),
    sa.Column("public_id", sa.Text, nullable=False),
    sa.Column("layer", sa.Text, nullable=False),
    sa.Column("op", sa.Text, nullable=False),
    sa.Column("changed_on", sa.Date, nullable=False),
    sa.Column("properties_changed", JSONB, comment="names that differ; NULL for insert, delete"),
    sa.CheckConstraint("op IN ('insert', 'update', 'delete')", name="op"),
    sa.Index("ix_change_public_id", "public_id"),
    sa.Index("ix_change_dataset_version", "dataset_version"),
    schema="published",
)

dataset_version = sa.Table(
    "dataset_version",
    metadata,
    sa.Column("only_row", sa.Boolean, primary_key=True, server_default=sa.true()),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("only_row", name="only_row"),
    schema="published",
    comment="One row; every publishing commit moves it.",
)
