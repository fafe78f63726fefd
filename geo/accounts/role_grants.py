"""Roles: lowered by one admin, raised by two. The database refuses a higher role that no second person approved."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from geo.accounts.accounts import get_account
from geo.accounts.sessions import end_sessions
from geo.accounts.tables import OPERATOR, ROLES, account, role_grant
from geo.errors import BadRequest, NotAllowed, NotFound
from geo.records.audit import note_action

TWO_PERSONS = "A second admin settles this: not who asked for it, and not who it is for."


@dataclass(frozen=True)
class RoleRequest:
    """A higher role that an admin has asked for somebody."""

    id: int
    name: str
    role: str
    requested_by: str
    requested_at: dt.datetime


def change_role(connection: sa.Connection, name: str, role: str, actor: str) -> bool:
    """Lower somebody's role at once, or ask for a higher one; return whether it holds already."""
    found = get_account(connection, name)
    if role not in ROLES:
        raise BadRequest(f"A role is one of {', '.join(ROLES)}.")
    if role == found.role:
        raise BadRequest("This is their role already.")
    if ROLES.index(role) < ROLES.index(found.role):
        _set_role(connection, found.id, role)
        note_action(connection, actor, f"account.lower_to_{role}", f"account:{name}")
        return True
    asked = sa.insert(role_grant).values(account_id=found.id, role=role, requested_by=actor)
    try:
        with connection.begin_nested():
            connection.execute(asked)
    except sa.exc.IntegrityError as there:
        raise BadRequest("A role is asked for already; it has to be settled first.") from there
    note_action(connection, actor, f"account.ask_for_{role}", f"account:{name}")
    return False


def list_role_requests(connection: sa.Connection) -> list[RoleRequest]:
    """List the requests that nobody has settled, the oldest first."""
    chosen = sa.select(
        role_grant.c.id, account.c.name, role_grant.c.role, role_grant.c.requested_by, role_grant.c.requested_at
    ).join(account, account.c.id == role_grant.c.account_id)
    rows = connection.execute(chosen.where(role_grant.c.approved.is_(None)).order_by(role_grant.c.id))
    return [RoleRequest(*row) for row in rows]


def settle_role_request(connection: sa.Connection, request_id: int, actor: str, *, approve: bool) -> None:
    """Approve or refuse a request. Raises NotFound, and NotAllowed for who asked or whom it is for.

    Who asked may take it back: that is a refusal.
    """
    open_one = sa.and_(role_grant.c.id == request_id, role_grant.c.approved.is_(None))
    settled = sa.update(role_grant).where(open_one)
    settled = settled.values(approved=approve, settled_by=actor, settled_at=sa.func.now())
    try:
        with connection.begin_nested():
            row = connection.execute(settled.returning(role_grant.c.account_id, role_grant.c.role)).one_or_none()
    except sa.exc.IntegrityError as refused:
        raise NotAllowed(TWO_PERSONS) from refused
    if row is None:
        raise NotFound("There is no such request that waits.")
    name = connection.scalar(sa.select(account.c.name).where(account.c.id == row.account_id))
    if approve:
        _set_role(connection, row.account_id, row.role)
    verb = "grant" if approve else "refuse"
    note_action(connection, actor, f"account.{verb}_{row.role}", f"account:{name}")


def _set_role(connection: sa.Connection, account_id: int, role: str) -> None:
    """Set a role; who is signed in signs in again, with a new session."""
    connection.execute(sa.update(account).where(account.c.id == account_id).values(role=role))
    end_sessions(connection, account_id)


def set_role_as_operator(connection: sa.Connection, name: str, role: str) -> None:
    """Give somebody a role as the owner of the data, who needs no second person. Raises NotFound."""
    found = get_account(connection, name)
    _set_role(connection, found.id, role)
    note_action(connection, OPERATOR, f"account.grant_{role}", f"account:{name}")
