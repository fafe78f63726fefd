"""What the pages of a batch say of it, from plain values: how far it is, its parts, what a button would do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from web.translations import Texts, is_chinese

Shown = Mapping[str, Any]

BUSY = frozenset({"uploaded", "parsed", "committing"})
"""States in which a worker has the batch, or will have it in a moment."""
OPEN = frozenset({"validated", "in_review"})
"""States in which a preview is there to look at."""
DONE = frozenset({"committed", "reverted"})

LOAD_CLASSES = ("inserted", "updated", "unchanged", "rejected", "held", "excluded")
REVERT_CLASSES = ("restored", "deleted", "excluded")
SEVERITIES = ("file", "error", "held", "warning", "note")

_STEPS = ("uploaded", "validated", "in_review", "committed")
_NAMES = {"revert": {"uploaded": "prepared", "committed": "taken_back"}, "edit": {"uploaded": "typed"}}
_FIELDS = {
    "--encoding": "editor.encoding",
    "--sheet": "editor.sheet",
    "--datum": "editor.datum",
    "--source": "editor.source",
    "--delimiter": "editor.delimiter",
    "--column": "editor.mapping",
    "--policy valid_rows_only": "editor.policy",
}
"""What the command line's options, of which messages speak, are called on the pages."""
_STEP_OF = {"uploaded": 0, "parsed": 0, "failed": 0, "validated": 1, "in_review": 2, "committing": 2}
_MEGABYTE = 2**20


@dataclass(frozen=True)
class Step:
    """One step of the way; `place` is done, here or ahead."""

    name: str
    place: str


@dataclass(frozen=True)
class Tab:
    """A page of a batch: `number` is how many things it shows, where that is known."""

    name: str
    address: str
    number: int | None = None


@dataclass(frozen=True)
class CommitWords:
    """What the button of a commit says, and how many rows it would leave out."""

    label: str
    left_out: int
    is_possible: bool


def classes_of(shown: Shown) -> tuple[str, ...]:
    """Return the classes into which the rows of a batch fall."""
    return REVERT_CLASSES if shown["kind"] == "revert" else LOAD_CLASSES


def list_steps(shown: Shown) -> list[Step]:
    """Return the steps of the way of a batch; a review only where one is due."""
    state = shown["state"]
    left_out = set() if shown["needs_review"] else {"in_review"}
    if shown["kind"] == "edit":
        left_out.add("validated")  # what was typed was looked at before it was sent
    names = [name for name in _STEPS if name not in left_out]
    reached = len(_STEPS) if state in DONE else _STEP_OF.get(state, 0)
    renamed = _NAMES.get(shown["kind"], {})
    return [
        Step(
            renamed.get(name, name),
            "done" if _STEPS.index(name) < reached else "here" if _STEPS.index(name) == reached else "ahead",
        )
        for name in names
    ]


def list_tabs(shown: Shown) -> list[Tab]:
    """Return the pages that a batch has by now."""
    base = f"/editor/batches/{shown['id']}"
    tabs = [Tab("overview", base)]
    is_load, state, counts = shown["kind"] == "load", shown["state"], shown["counts"]
    if is_load and state not in {*DONE, "discarded", "committing"}:
        tabs.append(Tab("file", f"{base}/file"))
    if state in {*OPEN, "committing"} and shown["kind"] != "edit":
        tabs.append(Tab("rows", f"{base}/rows", counts.get("rows")))
        if is_load:
            tabs.append(Tab("differences", f"{base}/differences", counts.get("updated")))
            tabs.append(Tab("map", f"{base}/map"))
    if state in DONE:
        tabs.append(Tab("records", f"{base}/records"))
    return tabs


def say_commit(t: Texts, shown: Shown) -> CommitWords:
    """Say what a commit would do: the button restates the counts."""
    counts = {name: shown["counts"].get(name, 0) for name in classes_of(shown)}
    ask = "review" if shown["needs_review"] and shown["state"] == "validated" else "load"
    if shown["kind"] == "revert":
        parts = [t.count(f"editor.commit.{name}", counts[name]) for name in REVERT_CLASSES if counts[name]]
        does = counts["restored"] + counts["deleted"]
        return CommitWords(_join(t, f"editor.commit.revert.{ask}", parts), 0, does > 0)
    if shown["kind"] == "edit":
        return CommitWords(t[f"editor.edit.{ask}"], 0, is_possible=True)
    left_out = counts["rejected"] + counts["held"]
    loaded = counts["inserted"] + counts["updated"]
    if not loaded:
        return CommitWords(t["editor.commit.nothing"], left_out, counts["unchanged"] > 0)
    parts = [t.count(f"editor.commit.{ask}", loaded)]
    parts += [t.count("editor.commit.left_out", left_out)] if left_out else []
    return CommitWords(t.list(parts), left_out, is_possible=True)


def say_progress(t: Texts, shown: Shown) -> str:
    """Say what the worker is doing, and with how many rows so far."""
    if shown["state"] not in BUSY:
        return t[f"editor.state.{shown['state']}"]
    phase = (shown["phase"] or "waiting").replace(" ", "_")
    words = t.by_key.get(f"editor.phase.{phase}", t["editor.phase.waiting"])
    rows = shown["rows_read"] if shown["state"] != "committing" else shown["counts"].get("rows", 0)
    return f"{words}{t['editor.colon']}{t.count('editor.rows.count', rows)}" if rows else words


def say_size(t: Texts, size: int | None) -> str:
    """Write the size of a file."""
    if size is None:
        return ""
    if size < _MEGABYTE:
        return t.fill("editor.size.kb", size=f"{max(size / 1024, 0.1):.1f}")
    return t.fill("editor.size.mb", size=f"{size / _MEGABYTE:.1f}")


def read_text(t: Texts, message: Mapping[str, Any]) -> str:
    """Return a message of the loader in the language of the page; it speaks English and Simplified Chinese."""
    return name_fields(t, str(message["text_zh_hans" if is_chinese(t.language) else "text_en"]))


def name_fields(t: Texts, text: str) -> str:
    """Name the fields of the pages in the place of the command line's options."""
    for option, key in _FIELDS.items():
        text = text.replace(option, t.fill("editor.quoted", text=t[key]))
    return text


def read_label(t: Texts, term: Mapping[str, Any]) -> str:
    """Return the name of a region or term in the script of the page."""
    suffix = {"zh-Hans": "zh_hans", "zh-Hant": "zh_hant"}.get(t.language, "en")
    return str(term[suffix])


def _join(t: Texts, key: str, parts: list[str]) -> str:
    return t.fill(key, parts=t.list(parts))
