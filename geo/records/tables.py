"""The private model: tables of the schema `editorial` that hold incidents, cases, unions, batches and versions.

Unknown is NULL everywhere, never zero and never a term. Multi-values are text arrays under GIN. Columns of one layer
are kept empty for the others by a CHECK. Everything under "restricted" must never reach the schema `published`.
"""

from __future__ import annotations

import sqlalchemy as sa
from geoalchemy2 import Geometry
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from geo.database import metadata
from geo.layers import ACCIDENTS, CALLS_FOR_HELP, INCIDENTS, STRIKES

LAYER_COLUMNS: dict[str, tuple[str, ...]] = {
    STRIKES: ("actions", "actions_other", "demands", "demands_other", "responses", "responses_other"),
    ACCIDENTS: ("accident_types", "accident_types_other", "deaths", "injuries", "missing"),
    CALLS_FOR_HELP: (
        *("issues", "issues_other", "channels", "channel_results", "persons_min", "persons_max"),
        *("amount_claimed_cny", "amount_recovered_cny", "outcome"),
    ),
}
"""Columns of `incident` that one layer has and the other two keep empty."""

_PRECISIONS = "'exact', 'street', 'county', 'prefecture', 'province', 'country'"
_STATUSES = "'draft', 'published', 'retracted'"


def _texts(name: str, comment: str | None = None) -> sa.Column[list[str]]:
    return sa.Column(name, ARRAY(sa.Text), comment=comment)


def _record_columns() -> list[sa.Column[object]]:
    """Columns that incidents and cases share: identity, dates, titles, place, sources, state."""
    return [
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("source_system", sa.Text, nullable=False),
        sa.Column("source_id", sa.Text, nullable=False, comment="text: CLB's 19-digit ids exceed 2^53"),
        sa.Column("identity_hash", sa.Text, comment="of date, title, province and employer; finds rows without id"),
        sa.Column("content_hash", sa.Text, nullable=False, comment="hash of the normalised row; equal means unchanged"),
        sa.Column("legacy_id", sa.Text),
        sa.Column("legacy_url", sa.Text),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date, nullable=False, comment="closed range"),
        sa.Column("date_precision", sa.Text, nullable=False),
        sa.Column("title_en", sa.Text),
        sa.Column("title_zh_hans", sa.Text),
        sa.Column("regions", ARRAY(sa.Text), nullable=False, server_default="{}", comment="today's codes"),
        sa.Column("region_code", sa.Text, comment="lowest common region of regions; NULL if none"),
        sa.Column(
            "several_places", sa.Boolean, nullable=False, server_default=sa.false(), comment="said so, or has several"
        ),
        sa.Column("override_precision", sa.Text, comment="publish no finer than this; may only coarsen"),
        sa.Column("withheld", sa.Boolean, nullable=False, server_default=sa.false(), comment="never publish"),
        sa.Column("sources", JSONB, nullable=False, server_default="[]"),
        sa.Column("status", sa.Text, nullable=False, server_default="published"),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.Column("batch_id", sa.BigInteger, sa.ForeignKey("editorial.batch.id"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("editor_notes", sa.Text, comment="restricted"),
    ]


def _record_checks() -> list[sa.schema.SchemaItem]:
    return [
        sa.UniqueConstraint("source_system", "source_id"),
        sa.CheckConstraint("starts_on <= ends_on", name="dates"),
        sa.CheckConstraint("title_en IS NOT NULL OR title_zh_hans IS NOT NULL", name="title"),
        sa.CheckConstraint(f"override_precision IN ({_PRECISIONS})", name="override_precision"),
        sa.CheckConstraint(f"status IN ({_STATUSES})", name="status"),
        sa.CheckConstraint("jsonb_typeof(sources) = 'array'", name="sources"),
        sa.CheckConstraint("source_id <> ''", name="source_id"),
    ]


incident = sa.Table(
    "incident",
    metadata,
    sa.Column("layer", sa.Text, nullable=False),
    *_record_columns(),
    sa.Column("description_en", sa.Text),
    sa.Column("description_zh_hans", sa.Text),
    sa.Column("place_text_en", sa.Text),
    sa.Column("place_text_zh_hans", sa.Text),
    sa.Column("reported_region", sa.Text, comment="the region cell, verbatim"),
    sa.Column("reported_code", sa.Text, comment="the code as reported, if one was"),
    sa.Column("geometry", Geometry("POINT", 4326, spatial_index=False), comment="restricted; WGS-84"),
    sa.Column("reported_coordinates", sa.Text, comment="restricted; longitude, latitude and datum as reported"),
    sa.Column("location_precision", sa.Text, nullable=False),
    sa.Column("industry", sa.Text),
    sa.Column("sub_industry", sa.Text),
    _texts("employers"),
    sa.Column("ownership", sa.Text),
    _texts("worker_groups"),
    sa.Column("participants_min", sa.Integer),
    sa.Column("participants_max", sa.Integer, comment="inclusive; NULL with a minimum: open upward"),
    sa.Column("participants_reported", sa.Text, comment="the cell, verbatim"),
    sa.Column("ownership_reported", sa.Text, comment="the cell, verbatim, where it is no term"),
    sa.Column("verification", sa.Text),
    sa.Column("widely_reported", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("already_public", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("embargo_days", sa.Integer, comment="longer than the layer's; from ends_on"),
    _texts("actions"),
    _texts("actions_other", "tokens no vocabulary knows, verbatim"),
    _texts("demands"),
    _texts("demands_other"),
    _texts("responses"),
    _texts("responses_other"),
    _texts("accident_types"),
    _texts("accident_types_other"),
    sa.Column("deaths", sa.Integer),
    sa.Column("injuries", sa.Integer),
    sa.Column("missing", sa.Integer),
    _texts("issues"),
    _texts("issues_other"),
    _texts("channels", "in the order they were tried"),
    _texts("channel_results", "same length as channels; an empty text where none is known"),
    sa.Column("persons_min", sa.Integer),
    sa.Column("persons_max", sa.Integer),
    sa.Column("amount_claimed_cny", sa.Numeric(14, 2)),
    sa.Column("amount_recovered_cny", sa.Numeric(14, 2)),
    sa.Column("outcome", sa.Text),
    sa.Column("contact", sa.Text, comment="restricted"),
    _texts("person_names", "restricted"),
    sa.Column("exact_address", sa.Text, comment="restricted"),
    sa.Column("raw_text", sa.Text, comment="restricted"),
    *_record_checks(),
    sa.CheckConstraint(f"layer IN ({', '.join(repr(name) for name in INCIDENTS)})", name="layer"),
    sa.CheckConstraint(f"location_precision IN ({_PRECISIONS})", name="location_precision"),
    sa.CheckConstraint(
        "location_precision NOT IN ('exact', 'street') OR geometry IS NOT NULL", name="precision_needs_point"
    ),
    sa.CheckConstraint("participants_min >= 0 AND participants_min <= participants_max", name="participants"),
    sa.CheckConstraint("persons_min >= 0 AND persons_min <= persons_max", name="persons"),
    sa.CheckConstraint("deaths >= 0 AND injuries >= 0 AND missing >= 0", name="casualties"),
    sa.CheckConstraint("amount_claimed_cny >= 0 AND amount_recovered_cny >= 0", name="amounts"),
    sa.CheckConstraint("embargo_days >= 0", name="embargo"),
    sa.CheckConstraint(
        "COALESCE(cardinality(channels), -1) = COALESCE(cardinality(channel_results), -1)",
        name="channels",
    ),
    *(
        sa.CheckConstraint(f"layer = '{layer}' OR num_nonnulls({', '.join(columns)}) = 0", name=f"only_{layer}")
        for layer, columns in LAYER_COLUMNS.items()
    ),
    sa.Index("ix_incident_identity_hash", "source_system", "identity_hash"),
    sa.Index("ix_incident_batch_id", "batch_id"),
    sa.Index("ix_incident_layer_starts_on", "layer", "starts_on"),
    sa.Index("ix_incident_regions", "regions", postgresql_using="gin"),
    sa.Index("ix_incident_geometry", "geometry", postgresql_using="gist"),
    schema="editorial",
)

union_organization = sa.Table(
    "union_organization",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("name_en", sa.Text),
    sa.Column("name_zh_hans", sa.Text),
    sa.Column("name_zh_hant", sa.Text),
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("region_code", sa.Text),
    sa.Column("parent_id", sa.BigInteger, sa.ForeignKey("editorial.union_organization.id")),
    sa.Column("sector", sa.Text),
    sa.Column("name_by_rule", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.CheckConstraint("name_en IS NOT NULL OR name_zh_hans IS NOT NULL", name="name"),
    sa.UniqueConstraint(
        "level", "region_code", "name_zh_hans", "name_en", postgresql_nulls_not_distinct=True, name="uq_union_identity"
    ),
    schema="editorial",
)

accountability_case = sa.Table(
    "accountability_case",
    metadata,
    *_record_columns(),
    sa.Column("summary_en", sa.Text),
    sa.Column("summary_zh_hans", sa.Text),
    sa.Column("outcome", sa.Text),
    sa.Column("outcome_on", sa.Date),
    sa.Column("amount_recovered_cny", sa.Numeric(14, 2)),
    sa.Column("awareness", sa.Text, comment="rolled up from the contacts, or overridden"),
    sa.Column("involvement", sa.Text),
    sa.Column("involvement_timing", sa.Text),
    sa.Column("override_reason", sa.Text, comment="restricted; set when an editor overrode the roll-up"),
    *_record_checks(),
    sa.CheckConstraint("amount_recovered_cny >= 0", name="amount"),
    sa.CheckConstraint("awareness IN ('aware', 'unaware', 'no_response')", name="awareness"),
    sa.CheckConstraint("involvement IN ('involved', 'uninvolved')", name="involvement"),
    sa.CheckConstraint("involvement_timing IN ('before_contact', 'after_contact')", name="involvement_timing"),
    schema="editorial",
)

case_incident = sa.Table(
    "case_incident",
    metadata,
    sa.Column("case_id", sa.ForeignKey("editorial.accountability_case.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("incident_id", sa.ForeignKey("editorial.incident.id", ondelete="CASCADE"), primary_key=True),
    sa.Index("ix_case_incident_incident_id", "incident_id"),
    schema="editorial",
)

union_contact = sa.Table(
    "union_contact",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("case_id", sa.ForeignKey("editorial.accountability_case.id", ondelete="CASCADE"), nullable=False),
    sa.Column("contact_no", sa.Integer, nullable=False),
    sa.Column("union_id", sa.ForeignKey("editorial.union_organization.id")),
    sa.Column("union_level", sa.Text),
    sa.Column("union_region", sa.Text, comment="today's code"),
    sa.Column("contacted", sa.Boolean, comment="false: only suggested or mentioned, never counted"),
    sa.Column("contacted_on", sa.Date),
    sa.Column("contacted_until", sa.Date, comment="closed range with contacted_on"),
    sa.Column("department", sa.Text),
    sa.Column("method", sa.Text),
    sa.Column("awareness", sa.Text),
    sa.Column("involvement", sa.Text),
    sa.Column("involvement_timing", sa.Text),
    _texts("excuses"),
    sa.Column("quote_en", sa.Text),
    sa.Column("quote_zh_hans", sa.Text),
    sa.Column("promise_en", sa.Text),
    sa.Column("promise_zh_hans", sa.Text),
    sa.Column("follow_up_on", sa.Date),
    sa.Column("person_name", sa.Text, comment="restricted"),
    sa.Column("person_role", sa.Text, comment="restricted"),
    sa.Column("recording", sa.Text, comment="restricted"),
    sa.Column("note", sa.Text, comment="restricted"),
    sa.UniqueConstraint("case_id", "contact_no"),
    sa.CheckConstraint("contact_no >= 1", name="contact_no"),
    sa.CheckConstraint("contacted_on <= contacted_until", name="contacted"),
    sa.CheckConstraint("awareness IN ('aware', 'unaware', 'no_response')", name="awareness"),
    sa.CheckConstraint("involvement IN ('involved', 'uninvolved')", name="involvement"),
    sa.CheckConstraint("involvement_timing IN ('before_contact', 'after_contact')", name="involvement_timing"),
    schema="editorial",
)
