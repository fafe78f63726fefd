"""The reader's role, the sequences of public ids, and a history that cannot be rewritten.

Rules for a live server: one transaction; no table rewrite under lock (add columns NULLable, fill in a later step);
indexes on large tables in a migration of their own; a downgrade that restores the schema.
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SEQUENCES = (
    *("feature_id_seq", "public_id_strikes_seq", "public_id_accidents_seq"),
    *("public_id_calls_for_help_seq", "public_id_accountability_seq"),
)

READER = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'labourmap_reader') THEN
        CREATE ROLE labourmap_reader NOLOGIN;
    END IF;
END $$;
ALTER ROLE labourmap_reader SET default_transaction_read_only = on;
ALTER ROLE labourmap_reader SET statement_timeout = '2s';
ALTER ROLE labourmap_reader SET jit = off;
REVOKE ALL ON SCHEMA editorial FROM PUBLIC;
GRANT USAGE ON SCHEMA published TO labourmap_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA published TO labourmap_reader;
ALTER DEFAULT PRIVILEGES IN SCHEMA published GRANT SELECT ON TABLES TO labourmap_reader;
"""

HISTORY = """
CREATE FUNCTION editorial.refuse_rewriting_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('labourmap.erasing', true) = 'on' AND TG_OP = 'UPDATE' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'editorial.record_version is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON editorial.record_version
    FOR EACH ROW EXECUTE FUNCTION editorial.refuse_rewriting_history();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON editorial.record_version
    FOR EACH STATEMENT EXECUTE FUNCTION editorial.refuse_rewriting_history();
"""


def upgrade() -> None:
    """Apply."""
    op.execute(READER)
    for name in SEQUENCES:
        op.execute(f"CREATE SEQUENCE editorial.{name}")
    op.execute(HISTORY)
    op.execute("INSERT INTO published.dataset_version (version, changed_at) VALUES (1, now())")


def downgrade() -> None:
    """Undo. The role stays: it belongs to the server and other databases may use it."""
    op.execute("DELETE FROM published.dataset_version")
    op.execute("DROP TRIGGER append_only_truncate ON editorial.record_version")
    op.execute("DROP TRIGGER append_only ON editorial.record_version")
    op.execute("DROP FUNCTION editorial.refuse_rewriting_history()")
    for name in reversed(SEQUENCES):
        op.execute(f"DROP SEQUENCE editorial.{name}")
    op.execute(
        "ALTER DEFAULT PRIVILEGES IN SCHEMA published REVOKE SELECT ON TABLES FROM labourmap_reader;"
        "REVOKE SELECT ON ALL TABLES IN SCHEMA published FROM labourmap_reader;"
        "REVOKE USAGE ON SCHEMA published FROM labourmap_reader"
    )
