"""Tables of people and of what they may do. No secret that was given to a person is here: only its hash.

The one exception is `totp_secret`: a one-time code cannot be checked against a hash.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from geo.database import metadata

ROLES = ("viewer", "editor", "reviewer", "admin")
"""From the least to the most; `permission` says what each may do."""
SCOPES = ("batch:create", "batch:commit", "export:restricted")
"""What a key may be made for."""
OPERATOR = "operator"
"""The actor of the command line. No account has this name."""
NAME_PATTERN = "^[a-z0-9][a-z0-9._-]{1,39}$"
EVERY_LAYER = "*"

_ROLE_LIST = ", ".join(repr(role) for role in ROLES)
_SCOPE_LIST = ", ".join(repr(scope) for scope in SCOPES)


def _at(name: str, comment: str | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), comment=comment)


def _made_at(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())


def _of_account() -> sa.Column[int]:
    return sa.Column("account_id", sa.BigInteger, sa.ForeignKey("editorial.account.id"), nullable=False)


account = sa.Table(
    "account",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("name", sa.Text, nullable=False, unique=True, comment="the actor of all they do; stays for ever"),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("language", sa.Text, comment="of their pages; NULL: as the address or the setting says"),
    sa.Column("password_hash", sa.Text, comment="argon2id; NULL until one is set"),
    sa.Column("totp_secret", sa.Text, comment="base32; shared with the person's device"),
    _at("totp_confirmed_at", "when the first code was right; NULL: codes are not asked for yet"),
    sa.Column("totp_last_step", sa.BigInteger, nullable=False, server_default="0", comment="no step is taken twice"),
    _at("disabled_at"),
    sa.Column("made_by", sa.Text, nullable=False),
    _made_at("made_at"),
    sa.CheckConstraint(f"name ~ '{NAME_PATTERN}' AND name <> '{OPERATOR}'", name="name"),
    sa.CheckConstraint(f"role IN ({_ROLE_LIST})", name="role"),
    sa.CheckConstraint("totp_confirmed_at IS NULL OR totp_secret IS NOT NULL", name="totp"),
    schema="editorial",
    comment="A trigger refuses to remove an account, or to give it another name.",
)

one_time_link = sa.Table(
    "one_time_link",
    metadata,
    sa.Column("token_sha256", sa.LargeBinary, primary_key=True),
    _of_account(),
    sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
    _at("used_at"),
    sa.Column("made_by", sa.Text, nullable=False),
    _made_at("made_at"),
    schema="editorial",
)

recovery_code = sa.Table(
    "recovery_code",
    metadata,
    sa.Column("account_id", sa.BigInteger, sa.ForeignKey("editorial.account.id"), primary_key=True),
    sa.Column("code_sha256", sa.LargeBinary, primary_key=True),
    _at("used_at"),
    schema="editorial",
)

session = sa.Table(
    "session",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("token_sha256", sa.LargeBinary, nullable=False, unique=True),
    _of_account(),
    _made_at("began_at"),
    _made_at("seen_at"),
    sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
    sa.Index("ix_session_account_id", "account_id"),
    schema="editorial",
    comment="No address and no browser: only who, since when, and when last.",
)

api_key = sa.Table(
    "api_key",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    _of_account(),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("beginning", sa.Text, nullable=False, comment="by which its owner knows it again"),
    sa.Column("key_sha256", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("scopes", ARRAY(sa.Text), nullable=False),
    _made_at("made_at"),
    sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("last_used_on", sa.Date, comment="the day only"),
    _at("revoked_at"),
    sa.CheckConstraint(f"scopes <@ ARRAY[{_SCOPE_LIST}] AND cardinality(scopes) > 0", name="scopes"),
    sa.CheckConstraint("ends_at > made_at AND ends_at <= made_at + interval '366 days'", name="ends_at"),
    sa.Index("ix_api_key_account_id", "account_id"),
    schema="editorial",
    comment="A trigger keeps them to two a person that are in force.",
)

permission = sa.Table(
    "permission",
    metadata,
    sa.Column("role", sa.Text, primary_key=True),
    sa.Column("action", sa.Text, primary_key=True),
    sa.Column("layer", sa.Text, primary_key=True, comment="* is every layer"),
    sa.CheckConstraint(f"role IN ({_ROLE_LIST})", name="role"),
    schema="editorial",
)

role_grant = sa.Table(
    "role_grant",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    _of_account(),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("requested_by", sa.Text, nullable=False),
    _made_at("requested_at"),
    sa.Column("settled_by", sa.Text),
    _at("settled_at"),
    sa.Column("approved", sa.Boolean, comment="NULL: nobody has said yet"),
    sa.CheckConstraint(f"role IN ({_ROLE_LIST})", name="role"),
    sa.CheckConstraint("approved IS NOT TRUE OR settled_by <> requested_by", name="two_persons"),
    sa.CheckConstraint(
        "(approved IS NULL) = (settled_by IS NULL) AND (approved IS NULL) = (settled_at IS NULL)", name="settled"
    ),
    sa.Index("uq_role_grant_open", "account_id", unique=True, postgresql_where=sa.text("approved IS NULL")),
    schema="editorial",
    comment="A higher role needs a line here that a second person approved; a trigger on account looks.",
)

sign_in_attempt = sa.Table(
    "sign_in_attempt",
    metadata,
    sa.Column("bucket", sa.Text, primary_key=True, comment="an account, or the keyed hash of a name or a network"),
    sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
    _made_at("last_at"),
    sa.Column("blocked_until", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    schema="editorial",
)
