"""What people do with a batch, whichever way they come: one state machine, kept in the database.

    uploaded -> parsed -> validated -> [in_review] -> committing -> committed -> reverted;  failed, discarded

A worker takes a batch from `uploaded` to `validated` and from `committing` to `committed`
(`geo.loading.workflow_run`); everything else is here. Each function works in the caller's transaction, which the
caller commits, and wakes the worker by itself. `actor` is an account's name; whether they may is the caller's question.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Final, Literal

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from geo.errors import Conflict, DataError, NotAllowed, NotFound
from geo.layers import LAYERS
from geo.loading.messages import Message, Problem, catalogue
from geo.loading.request import LoadRequest, Policy
from geo.loading.stored_files import StoredFile
from geo.records.batch_tables import batch

CHANNEL: Final = "labourmap_batch"
"""NOTIFY of this channel wakes the worker."""

CHOICES: Final = frozenset(entry.name for entry in fields(LoadRequest)) - {
    *("layer", "path", "policy", "report", "actor", "today", "limits"),
}
"""What may be chosen for a file (datum, encoding, sheet, mapping, ...): see `LoadRequest`."""

OPEN_STATES: Final = ("uploaded", "parsed", "validated", "in_review", "failed")
"""States of a batch about which something can still be decided."""

Key = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Upload:
    """One file that came in. `choices` has keys of `CHOICES`."""

    layer: str
    file_name: str
    stored: StoredFile
    actor: str
    choices: Mapping[str, Any] = field(default_factory=dict)
    policy: Policy = "all_or_nothing"
    title: str | None = None
    by_key: bool = False
    """Whether a program sent it, with a key: see `geo.loading.settle.KEY_ROWS`."""


def upload(connection: sa.Connection, given: Upload) -> tuple[int, bool]:
    """Put a file into the queue; return the batch's id, and whether it is new.

    The same bytes for the same layer with the same choices are the same batch, unless that failed, was discarded or
    was reverted; of two uploads at once, one makes it. The caller then shreds the second file.

    Raises:
        DataError: there is no such layer or choice.
    """
    if given.layer not in LAYERS:
        raise DataError(f"There is no layer of that name: say one of {', '.join(LAYERS)}.")
    choices = check_choices(given.choices)
    values = {
        "kind": "load",
        "layer": given.layer,
        "source_system": choices.get("source"),
        "title": given.title,
        "file_name": given.file_name,
        "file_sha256": given.stored.sha256,
        "stored_as": given.stored.name,
        "options": {"choices": choices, "bytes": given.stored.size, "by_key": given.by_key},
        "policy": given.policy,
        "actor": given.actor,
        "edited_by": [given.actor],
        "upload_key": make_upload_key(given.layer, given.stored.sha256, choices),
    }
    made = insert(batch).values(values).on_conflict_do_nothing().returning(batch.c.id)
    batch_id = connection.execute(made).scalar_one_or_none()
    if batch_id is None:
        return _find_same(connection, make_upload_key(given.layer, given.stored.sha256, choices)), False
    wake_worker(connection)
    return int(batch_id), True


def make_upload_key(layer: str, sha256: str, choices: Mapping[str, Any]) -> str:
    """Return the hash under which an upload is known."""
    whole = orjson.dumps([layer, sha256, dict(choices)], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(whole).hexdigest()


def check_choices(choices: Mapping[str, Any]) -> dict[str, Any]:
    """Return the choices that say something.

    Raises:
        DataError: one of them does not exist.
    """
    unknown = sorted(choices.keys() - CHOICES)
    if unknown:
        raise DataError(f"There is no such choice: {unknown[0][:100]}. Choices: {', '.join(sorted(CHOICES))}.")
    return {name: value for name, value in choices.items() if value not in (None, "", {}, [], ())}


def choose(connection: sa.Connection, batch_id: int, actor: str, choices: Mapping[str, Any]) -> None:
    """Lay `choices` over those of a batch and have its file read again. An empty choice takes one back.

    Raises:
        NotFound: there is no such batch. Conflict: it is past deciding. DataError: there is no such choice.
    """
    row = lock_batch(connection, batch_id)
    before = dict(row["options"].get("choices", {}))
    after = check_choices(before | dict(choices))
    check_choices(choices)
    move(
        connection,
        row,
        _readable(row),
        "uploaded",
        options=row["options"] | {"choices": after},
        source_system=after.get("source"),
        edited_by=_with(row["edited_by"], actor),
        failure=None,
        **FORGOTTEN,
    )
    wake_worker(connection)


def request_commit(
    connection: sa.Connection,
    batch_id: int,
    actor: str,
    content_hash: str,
    policy: Policy | None = None,
) -> str:
    """Ask that what the preview shows be committed; return the new state: `committing`, or `in_review`.

    Asking again for the same content is answered with the state that the batch has.

    Raises:
        NotFound: there is no such batch. Conflict: another content is shown by now, rows are in the way, or the state
            does not allow it.
    """
    row = lock_batch(connection, batch_id)
    if row["requested_hash"] == content_hash and row["state"] in {"in_review", "committing", "committed"}:
        return str(row["state"])
    if row["state"] != "validated":
        raise refuse_state(row)
    _check_hash(row, content_hash)
    policy = policy or row["policy"]
    counts = row["counts"]
    loaded = sum(counts.get(name, 0) for name in ("inserted", "updated", "unchanged", "restored", "deleted"))
    left_out = counts.get("rejected", 0) + counts.get("held", 0)
    if loaded == 0:
        raise conflict("BATCH_ZERO", rejected=left_out, rows=counts.get("rows", 0))
    if left_out and policy == "all_or_nothing" and row["kind"] == "load":
        raise conflict("BATCH_REFUSED", rejected=left_out, rows=counts.get("rows", 0))
    state: Literal["in_review", "committing"] = "in_review" if row["review_reasons"] else "committing"
    asked = {"requested_by": actor, "requested_hash": content_hash, "policy": policy}
    move(connection, row, ("validated",), state, failure=None, **FREE, **asked)
    wake_worker(connection)
    return state


def approve(connection: sa.Connection, batch_id: int, actor: str, content_hash: str) -> None:
    """Agree, as the second person, that the content of that hash be committed.

    Raises:
        NotFound: there is no such batch. NotAllowed: the approver made, changed or asked for it. Conflict: the content
            is another by now, or nobody asked.
    """
    row = lock_batch(connection, batch_id)
    if row["approved_by"] == actor and row["approved_hash"] == content_hash and row["state"] != "in_review":
        return
    if row["state"] != "in_review":
        raise refuse_state(row)
    if actor in {row["actor"], row["requested_by"], *row["edited_by"]}:
        raise NotAllowed("A second person must approve: not who made, changed or asked for it.")
    _check_hash(row, content_hash)
    move(connection, row, ("in_review",), "committing", approved_by=actor, approved_hash=content_hash)
    wake_worker(connection)


def send_back(connection: sa.Connection, batch_id: int, actor: str, reason: str) -> None:
    """Refuse a commit that was asked for, with the reason; the batch can be changed and asked for again."""
    row = lock_batch(connection, batch_id)
    said = describe_failure("REVIEW_REFUSED", by=actor, reason=reason[:500])
    move(connection, row, ("in_review",), "validated", failure=said, **FORGOTTEN_REQUEST)


def discard(connection: sa.Connection, batch_id: int, actor: str) -> None:
    """Give a batch up; its worker, if it has one, stops within a second or two. Only what is not committed can be.

    What was staged and the file are removed by the worker. `actor` stands in the batch as one who changed it.
    """
    row = lock_batch(connection, batch_id)
    if row["state"] == "discarded":
        return
    # Of a change of one record that waited, what it would have said goes with it.
    left = {name: value for name, value in row["options"].items() if name != "edit"}
    told: Key = {"edited_by": _with(row["edited_by"], actor), "options": left}
    move(connection, row, OPEN_STATES, "discarded", **told, **FREE, **FORGOTTEN_REQUEST)
    wake_worker(connection)


def cancel(connection: sa.Connection, batch_id: int) -> None:
    """Stop a commit that is waiting or running, if it has not ended by then; the batch is `validated` again."""
    row = lock_batch(connection, batch_id)
    move(connection, row, ("committing",), "validated", **FREE, **FORGOTTEN_REQUEST)
    wake_worker(connection)


FORGOTTEN_REQUEST: Final[Key] = dict.fromkeys(
    ("requested_by", "requested_hash", "approved_by", "approved_hash"),
)
FREE: Final[Key] = {"worker": None, "lease_until": None, "attempts": 0, "phase": None}
"""What takes a batch out of the hands of its worker, whose work on it then comes to nothing."""

FORGOTTEN: Final[Key] = FORGOTTEN_REQUEST | FREE | {"content_hash": None, "review_reasons": [], "seen_version": None}


def lock_batch(connection: sa.Connection, batch_id: int) -> Key:
    """Return the row of a batch, which nobody else changes until this transaction ends.

    Raises:
        NotFound: there is no such batch.
    """
    found = connection.execute(sa.select(batch).where(batch.c.id == batch_id).with_for_update(key_share=True))
    row = found.mappings().one_or_none()
    if row is None:
        raise NotFound("There is no such batch.")
    return dict(row)


def move(connection: sa.Connection, row: Key, allowed: Sequence[str], state: str, **values: Any) -> None:
    """Move a locked batch to `state`, setting further columns.

    Raises:
        Conflict: it is in none of the states `allowed`.
    """
    if row["state"] not in allowed:
        raise refuse_state(row)
    connection.execute(sa.update(batch).where(batch.c.id == row["id"]).values(state=state, **values))


def refuse_state(row: Key) -> Conflict:
    """Make the error of something that the state of a batch does not allow."""
    return conflict("BATCH_STATE", state=row["state"])


def conflict(code: str, **facts: Any) -> Conflict:
    """Make the error of something that cannot be done by now, out of the catalogue of messages."""
    return Conflict(Message(Problem(code, facts)).render(), code=code, **facts)


def describe_failure(code: str, **facts: Any) -> str:
    """Write why a batch failed or came back, as it stands in `batch.failure`."""
    return orjson.dumps({"code": code, "facts": facts}, default=str).decode()


def wake_worker(connection: sa.Connection) -> None:
    """Wake the worker once this transaction is committed."""
    connection.execute(sa.text("SELECT pg_notify(:channel, '')"), {"channel": CHANNEL})


def _readable(row: Key) -> tuple[str, ...]:
    """States in which the file of a batch can be read again."""
    if row["kind"] != "load" or row["stored_as"] is None:
        raise conflict("FILE_GONE")
    return OPEN_STATES


def _check_hash(row: Key, content_hash: str) -> None:
    if row["content_hash"] != content_hash:
        raise conflict("BATCH_CHANGED")


def _with(names: Sequence[str], name: str) -> list[str]:
    return [*names] if name in names else [*names, name]


def _find_same(connection: sa.Connection, upload_key: str) -> int:
    found = sa.select(batch.c.id).where(
        batch.c.upload_key == upload_key, batch.c.state.not_in(("failed", "discarded", "reverted"))
    )
    same = connection.scalar(found)
    if same is None:
        raise conflict("BATCH_STATE", state="discarded")
    return int(same)


def is_waiting_for_choice(failure: Mapping[str, Any] | None) -> bool:
    """Whether a failed batch only waits for somebody to choose a sheet, an encoding or the like."""
    return failure is not None and failure["code"] in catalogue() and catalogue()[failure["code"]].severity == "held"
