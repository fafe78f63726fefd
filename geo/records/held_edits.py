"""A change of one record that waits for a second person.

It is kept in its batch as it was asked for, and made when they agree. A content hash binds the two: what is made is
what was seen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
import sqlalchemy as sa

from geo.errors import DataError
from geo.records.batch_tables import batch

WAITING: Final = ("validated", "in_review", "failed")
"""States of an edit that is neither made nor given up; `validated` and `failed` are those that came back."""


@dataclass(frozen=True, kw_only=True)
class Edit:
    """What somebody asks to be done to one record.

    `op` names what is done, and `content` is all that it takes, as JSON. `record` and `version` say which record it is
    done to and from which version it was made; without them it makes one. `press` is the same for the same press of a
    button.
    """

    layer: str
    actor: str
    op: str
    content: Mapping[str, Any] = field(default_factory=dict)
    reason: str | None = None
    record: int | None = None
    version: int | None = None
    press: str | None = None

    @property
    def hash(self) -> str:
        """The hash of what would be done."""
        said = [self.layer, self.op, dict(self.content), self.reason, self.record, self.version]
        return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


def hold_edit(connection: sa.Connection, edit: Edit, reasons: Sequence[str], counts: Mapping[str, int]) -> int:
    """Put an edit where reviewers see it; return its batch. The same press of a button gives the same batch.

    `reasons` are those of a batch that needs a second person; `counts` say what it would do.
    """
    asked = batch.c.options["once"].astext
    mine = sa.select(batch.c.id).where(batch.c.kind == "edit", batch.c.actor == edit.actor, asked == edit.press)
    if edit.press and (same := connection.scalar(mine.where(batch.c.state.in_(WAITING)))):
        return int(same)
    kept = {"op": edit.op, "content": dict(edit.content), "record": edit.record, "version": edit.version}
    options = {"edit": kept, "reason": edit.reason, "once": edit.press}
    made = sa.insert(batch).values(
        kind="edit",
        layer=edit.layer,
        actor=edit.actor,
        state="in_review",
        options={name: value for name, value in options.items() if value},
        counts={"rows": 1, "codes": {}, **counts},
        review_reasons=list(reasons),
        edited_by=[edit.actor],
        content_hash=edit.hash,
        requested_by=edit.actor,
        requested_hash=edit.hash,
    )
    return int(connection.execute(made.returning(batch.c.id)).scalar_one())


def read_edit(row: Mapping[str, Any]) -> Edit:
    """Return the edit that a batch holds.

    Raises:
        DataError: it holds none: it was made, given up, or is no edit.
    """
    options = row["options"]
    if "edit" not in options:
        raise DataError("The batch holds no change of a record.")
    return Edit(
        layer=row["layer"],
        actor=row["actor"],
        reason=options.get("reason"),
        press=options.get("once"),
        **options["edit"],
    )


def list_held(connection: sa.Connection, layer: str, record: int) -> list[int]:
    """Return the batches of changes of a record that wait."""
    found = sa.select(batch.c.id).where(batch.c.state.in_(WAITING), *_of_record(layer, record))
    return [int(one) for one in connection.scalars(found.order_by(batch.c.id))]


def withdraw_edits(connection: sa.Connection, layer: str, record: int) -> None:
    """Give up what was asked for a record that is taken down, and wipe what it would have said."""
    wiped = batch.c.options.op("-")(sa.literal("edit", sa.Text)).op("-")(sa.literal("reason", sa.Text))
    connection.execute(
        sa.update(batch).where(batch.c.state.in_(WAITING), *_of_record(layer, record)).values(state="discarded")
    )
    connection.execute(sa.update(batch).where(*_of_record(layer, record)).values(options=wiped, title=None))


def _of_record(layer: str, record: int) -> tuple[sa.ColumnElement[bool], ...]:
    held = batch.c.options["edit"]["record"].astext
    return (batch.c.kind == "edit", batch.c.layer == layer, held == str(record))
