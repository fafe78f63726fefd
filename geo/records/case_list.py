"""Cases as their list shows them, and the follow-ups that are due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa

from geo.layers import ACCOUNTABILITY
from geo.records.publication_tables import publication
from geo.records.tables import accountability_case, union_contact, union_organization

PAGE: Final = 50
_CASE: Final = accountability_case.c
_CONTACT: Final = union_contact.c
_UNION: Final = union_organization.c
_OWN: Final = sa.and_(publication.c.record_id == _CASE.id, publication.c.layer == ACCOUNTABILITY)


def list_cases(
    connection: sa.Connection, *, words: str | None = None, status: str | None = None, before: int | None = None
) -> Sequence[Any]:
    """Return a page of cases, the newest first: name, titles, state, roll-up, contacts, next follow-up."""
    contacts = sa.select(sa.func.count()).where(_CONTACT.case_id == _CASE.id).scalar_subquery()
    follow_up = sa.select(sa.func.min(_CONTACT.follow_up_on)).where(_CONTACT.case_id == _CASE.id).scalar_subquery()
    asked = (
        sa.select(
            *(_CASE.id, publication.c.public_id, _CASE.title_en, _CASE.title_zh_hans, _CASE.status, _CASE.withheld),
            *(_CASE.starts_on, _CASE.awareness, _CASE.involvement, _CASE.outcome, _CASE.override_reason),
            contacts.label("contacts"),
            follow_up.label("follow_up_on"),
        )
        .select_from(accountability_case.outerjoin(publication, _OWN))
        .order_by(_CASE.id.desc())
        .limit(PAGE)
    )
    if words:
        texts = (_CASE.title_en, _CASE.title_zh_hans, _CASE.summary_en, _CASE.summary_zh_hans, _CASE.source_id)
        said = [text.icontains(words, autoescape=True) for text in texts]
        asked = asked.where(sa.or_(*said, publication.c.public_id == words.strip().upper()))
    if status:
        asked = asked.where(_CASE.status == status)
    if before:
        asked = asked.where(_CASE.id < before)
    return connection.execute(asked).all()


def list_due(connection: sa.Connection, until: dt.date) -> Sequence[Any]:
    """Return the contacts that are to be followed up by that day, the longest due first."""
    asked = (
        sa.select(
            *(_CASE.id, publication.c.public_id, _CASE.title_en, _CASE.title_zh_hans, _CONTACT.contact_no),
            *(_CONTACT.follow_up_on, _CONTACT.promise_en, _CONTACT.promise_zh_hans),
            *(_UNION.name_en, _UNION.name_zh_hans),
        )
        .select_from(
            union_contact.join(accountability_case, _CASE.id == _CONTACT.case_id)
            .outerjoin(publication, _OWN)
            .outerjoin(union_organization, _UNION.id == _CONTACT.union_id)
        )
        .where(_CONTACT.follow_up_on <= until, _CASE.status != "retracted")
        .order_by(_CONTACT.follow_up_on, _CASE.id, _CONTACT.contact_no)
    )
    return connection.execute(asked).all()


def count_due(connection: sa.Connection, until: dt.date) -> int:
    """Return how many contacts are to be followed up by that day."""
    asked = (
        sa.select(sa.func.count())
        .select_from(union_contact.join(accountability_case, _CASE.id == _CONTACT.case_id))
        .where(_CONTACT.follow_up_on <= until, _CASE.status != "retracted")
    )
    return int(connection.scalar(asked) or 0)
