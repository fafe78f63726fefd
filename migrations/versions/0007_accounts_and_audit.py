"""Accounts, what each role may do, and the list of who did what; the role of the editors' application.

The role `labourmap_editor` may read and write both schemas, save what must not be rewritten: versions of records (whose
values a takedown alone empties), the audit, permissions, accounts once made. What two persons must agree to is kept by
triggers, so that a fault of the application cannot get around it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

EDITOR = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'labourmap_editor') THEN
        CREATE ROLE labourmap_editor NOLOGIN;
    END IF;
END $$;
ALTER ROLE labourmap_editor SET lock_timeout = '10s';
ALTER ROLE labourmap_editor SET idle_in_transaction_session_timeout = '5min';
GRANT USAGE ON SCHEMA editorial, published TO labourmap_editor;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA editorial, published TO labourmap_editor;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA editorial, published TO labourmap_editor;
REVOKE UPDATE, DELETE ON editorial.record_version, editorial.audit_entry FROM labourmap_editor;
GRANT UPDATE (data) ON editorial.record_version TO labourmap_editor;
REVOKE INSERT, UPDATE, DELETE ON editorial.permission, editorial.migration FROM labourmap_editor;
REVOKE DELETE ON editorial.account, editorial.role_grant, editorial.api_key FROM labourmap_editor;
"""

LATER = """
ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} {verb} SELECT, INSERT, UPDATE, DELETE ON TABLES {way} labourmap_editor;
ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} {verb} USAGE, SELECT ON SEQUENCES {way} labourmap_editor;
"""
"""Tables of later migrations are the editors' too; one that must not be rewritten revokes it there."""

FUNCTIONS = {
    "refuse_rewriting_audit": """
BEGIN
    RAISE EXCEPTION 'editorial.audit_entry is append-only' USING ERRCODE = 'insufficient_privilege';
END""",
    "keep_accounts": """
DECLARE
    ranks CONSTANT text[] := ARRAY['viewer', 'editor', 'reviewer', 'admin'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'an account stays' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.name <> OLD.name OR NEW.id <> OLD.id) THEN
        RAISE EXCEPTION 'the name of an account stays' USING ERRCODE = 'check_violation';
    END IF;
    IF current_user = 'labourmap_editor'
        AND array_position(ranks, NEW.role)
            > (CASE TG_OP WHEN 'UPDATE' THEN array_position(ranks, OLD.role) ELSE 1 END)
        AND NOT EXISTS (
            SELECT FROM editorial.role_grant
            WHERE account_id = NEW.id AND role = NEW.role AND approved AND settled_at = now()
        )
    THEN
        RAISE EXCEPTION 'a higher role needs a second person' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END""",
    "keep_role_grants": """
BEGIN
    IF TG_OP = 'UPDATE' AND (
        OLD.approved IS NOT NULL
        OR (NEW.account_id, NEW.role, NEW.requested_by, NEW.requested_at)
            <> (OLD.account_id, OLD.role, OLD.requested_by, OLD.requested_at)
    ) THEN
        RAISE EXCEPTION 'a settled request stays' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.approved AND NEW.settled_by = (SELECT name FROM editorial.account WHERE id = NEW.account_id) THEN
        RAISE EXCEPTION 'nobody approves a role of their own' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END""",
    "keep_two_keys": """
BEGIN
    PERFORM FROM editorial.account WHERE id = NEW.account_id FOR UPDATE;
    IF (SELECT count(*) FROM editorial.api_key
        WHERE account_id = NEW.account_id AND revoked_at IS NULL AND ends_at > now()) >= 2
    THEN
        RAISE EXCEPTION 'two keys are in force already' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END""",
}

TRIGGERS = (
    ("append_only", "BEFORE UPDATE OR DELETE ON editorial.audit_entry FOR EACH ROW", "refuse_rewriting_audit"),
    ("append_only_truncate", "BEFORE TRUNCATE ON editorial.audit_entry", "refuse_rewriting_audit"),
    ("keep", "BEFORE INSERT OR UPDATE OR DELETE ON editorial.account FOR EACH ROW", "keep_accounts"),
    ("keep", "BEFORE INSERT OR UPDATE ON editorial.role_grant FOR EACH ROW", "keep_role_grants"),
    ("keep", "BEFORE INSERT ON editorial.api_key FOR EACH ROW", "keep_two_keys"),
)

OF_VIEWERS = ("batch:read", "record:read")
OF_EDITORS = (*OF_VIEWERS, "batch:create", "batch:revert", "record:edit", "export:restricted", "key:own")
OF_REVIEWERS = (*OF_EDITORS, "batch:review", "record:takedown")
OF_ADMINS = (*OF_REVIEWERS, "account:manage", "audit:read", "vocabulary:edit")
ACTIONS = {"viewer": OF_VIEWERS, "editor": OF_EDITORS, "reviewer": OF_REVIEWERS, "admin": OF_ADMINS}
COMMITTING = ("editor", "reviewer", "admin")
OPEN_LAYERS = ("strikes", "accidents", "accountability")
"""What one person may commit alone. Calls for help are committed by the approval of a second person."""


def list_permissions() -> list[dict[str, str]]:
    """Return the rows of `permission`."""
    rows = [(role, action, "*") for role, actions in ACTIONS.items() for action in actions]
    rows += [(role, "batch:commit", layer) for role in COMMITTING for layer in OPEN_LAYERS]
    return [{"role": role, "action": action, "layer": layer} for role, action, layer in rows]


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "account",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False, comment="the actor of all they do; stays for ever"),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column(
            "language", sa.Text(), nullable=True, comment="of their pages; NULL: as the address or the setting says"
        ),
        sa.Column("password_hash", sa.Text(), nullable=True, comment="argon2id; NULL until one is set"),
        sa.Column("totp_secret", sa.Text(), nullable=True, comment="base32; shared with the person's device"),
        sa.Column(
            "totp_confirmed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when the first code was right; NULL: codes are not asked for yet",
        ),
        sa.Column(
            "totp_last_step", sa.BigInteger(), server_default="0", nullable=False, comment="no step is taken twice"
        ),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("name ~ '^[a-z0-9][a-z0-9._-]{1,39}$' AND name <> 'operator'", name=op.f("ck_account_name")),
        sa.CheckConstraint("role IN ('viewer', 'editor', 'reviewer', 'admin')", name=op.f("ck_account_role")),
        sa.CheckConstraint("totp_confirmed_at IS NULL OR totp_secret IS NOT NULL", name=op.f("ck_account_totp")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("name", name=op.f("uq_account_name")),
        schema="editorial",
        comment="A trigger refuses to remove an account, or to give it another name.",
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False, comment="operator, or an account's name"),
        sa.Column("action", sa.Text(), nullable=False, comment="as batch.commit"),
        sa.Column(
            "object", sa.Text(), nullable=False, comment="what it was done to, as batch:12; never a value of a record"
        ),
        sa.Column("content_hash", sa.Text(), nullable=True, comment="of what was agreed to"),
        sa.CheckConstraint("action ~ '^[a-z_]+([.:][a-z_]+)*$'", name=op.f("ck_audit_entry_action")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        schema="editorial",
        comment="Append-only: a trigger refuses UPDATE, DELETE and TRUNCATE.",
    )
    op.create_index("ix_audit_entry_at", "audit_entry", ["at"], unique=False, schema="editorial")
    op.create_table(
        "permission",
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("layer", sa.Text(), nullable=False, comment="* is every layer"),
        sa.CheckConstraint("role IN ('viewer', 'editor', 'reviewer', 'admin')", name=op.f("ck_permission_role")),
        sa.PrimaryKeyConstraint("role", "action", "layer", name=op.f("pk_permission")),
        schema="editorial",
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("bucket", sa.Text(), nullable=False, comment="an account, or the keyed hash of a name or a network"),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("blocked_until", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("bucket", name=op.f("pk_sign_in_attempt")),
        schema="editorial",
    )
    op.create_table(
        "api_key",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("beginning", sa.Text(), nullable=False, comment="by which its owner knows it again"),
        sa.Column("key_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_on", sa.Date(), nullable=True, comment="the day only"),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "ends_at > made_at AND ends_at <= made_at + interval '366 days'", name=op.f("ck_api_key_ends_at")
        ),
        sa.CheckConstraint(
            "scopes <@ ARRAY['batch:create', 'batch:commit', 'export:restricted'] AND cardinality(scopes) > 0",
            name=op.f("ck_api_key_scopes"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["editorial.account.id"], name=op.f("fk_api_key_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("key_sha256", name=op.f("uq_api_key_key_sha256")),
        schema="editorial",
        comment="A trigger keeps them to two a person that are in force.",
    )
    op.create_index("ix_api_key_account_id", "api_key", ["account_id"], unique=False, schema="editorial")
    op.create_table(
        "one_time_link",
        sa.Column("token_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["editorial.account.id"], name=op.f("fk_one_time_link_account_id_account")
        ),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_one_time_link")),
        schema="editorial",
    )
    op.create_table(
        "recovery_code",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("code_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["editorial.account.id"], name=op.f("fk_recovery_code_account_id_account")
        ),
        sa.PrimaryKeyConstraint("account_id", "code_sha256", name=op.f("pk_recovery_code")),
        schema="editorial",
    )
    op.create_table(
        "role_grant",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("settled_by", sa.Text(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=True, comment="NULL: nobody has said yet"),
        sa.CheckConstraint("role IN ('viewer', 'editor', 'reviewer', 'admin')", name=op.f("ck_role_grant_role")),
        sa.CheckConstraint(
            "(approved IS NULL) = (settled_by IS NULL) AND (approved IS NULL) = (settled_at IS NULL)",
            name=op.f("ck_role_grant_settled"),
        ),
        sa.CheckConstraint(
            "approved IS NOT TRUE OR settled_by <> requested_by", name=op.f("ck_role_grant_two_persons")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["editorial.account.id"], name=op.f("fk_role_grant_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
        schema="editorial",
        comment="A higher role needs a line here that a second person approved; a trigger on account looks.",
    )
    op.create_index(
        "uq_role_grant_open",
        "role_grant",
        ["account_id"],
        unique=True,
        schema="editorial",
        postgresql_where=sa.text("approved IS NULL"),
    )
    op.create_table(
        "session",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("token_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["editorial.account.id"], name=op.f("fk_session_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_session_token_sha256")),
        schema="editorial",
        comment="No address and no browser: only who, since when, and when last.",
    )
    op.create_index("ix_session_account_id", "session", ["account_id"], unique=False, schema="editorial")
    permission = sa.table(
        "permission", *(sa.column(name, sa.Text) for name in ("role", "action", "layer")), schema="editorial"
    )
    op.bulk_insert(permission, list_permissions())
    for name, text in FUNCTIONS.items():
        op.execute(f"CREATE FUNCTION editorial.{name}() RETURNS trigger LANGUAGE plpgsql AS $${text} $$")
    for name, when, function in TRIGGERS:
        op.execute(f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION editorial.{function}()")
    op.execute(EDITOR)
    for schema in ("editorial", "published"):
        op.execute(LATER.format(schema=schema, verb="GRANT", way="TO"))


def downgrade() -> None:
    """Undo. The role stays: it belongs to the server and other databases may use it."""
    for schema in ("editorial", "published"):
        op.execute(LATER.format(schema=schema, verb="REVOKE", way="FROM"))
        op.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM labourmap_editor")
        op.execute(f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schema} FROM labourmap_editor")
        op.execute(f"REVOKE USAGE ON SCHEMA {schema} FROM labourmap_editor")
    op.drop_index("ix_session_account_id", table_name="session", schema="editorial")
    op.drop_table("session", schema="editorial")
    op.drop_index(
        "uq_role_grant_open", table_name="role_grant", schema="editorial", postgresql_where=sa.text("approved IS NULL")
    )
    op.drop_table("role_grant", schema="editorial")
    op.drop_table("recovery_code", schema="editorial")
    op.drop_table("one_time_link", schema="editorial")
    op.drop_index("ix_api_key_account_id", table_name="api_key", schema="editorial")
    op.drop_table("api_key", schema="editorial")
    op.drop_table("sign_in_attempt", schema="editorial")
    op.drop_table("permission", schema="editorial")
    op.drop_index("ix_audit_entry_at", table_name="audit_entry", schema="editorial")
    op.drop_table("audit_entry", schema="editorial")
    op.drop_table("account", schema="editorial")
    for name in FUNCTIONS:
        op.execute(f"DROP FUNCTION editorial.{name}()")
