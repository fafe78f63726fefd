"""What is asked of a load, and what it answers."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from geo.loading.limits import OPERATOR_LIMITS, Limits
from geo.loading.messages import Message

Policy = Literal["all_or_nothing", "valid_rows_only"]
Progress = Callable[[str, int, int], None]
"""Told (what is being done, how much is done, how much there is), as often as one likes."""

CHINA_TIME = dt.timezone(dt.timedelta(hours=8))
"""The time zone in which a day is a day, whatever the machine's."""

KEPT_MESSAGES = 1000
"""So many messages stand in the answer itself, the worst first; the report file has every one."""


@dataclass(frozen=True, kw_only=True)
class LoadRequest:
    """One file to load into one layer.

    `source` fills an empty `source_system`. `datum` says for the whole file what longitude and latitude mean; a cell
    of the column `datum` says it for a row. `encoding`, `sheet` and `delimiter` decide where a file leaves it open;
    `limits` are those of the command line or of an upload. `mapping`
    gives headings the column a person chose, "extra" to keep the cells verbatim among the restricted texts, or None to
    leave them out; the others are guessed. `fixes` are suggestions to apply to every row (`geo.loading.fixes`).
    `today` is the day after which dates lie in the future.
    """

    layer: str
    path: Path
    source: str | None = None
    datum: str | None = None
    policy: Policy = "all_or_nothing"
    report: Path | None = None
    actor: str = "operator"
    encoding: str | None = None
    sheet: str | None = None
    mapping: Mapping[str, str | None] = field(default_factory=dict)
    fixes: Sequence[Mapping[str, str]] = ()
    delimiter: str | None = None
    limits: Limits = OPERATOR_LIMITS
    today: dt.date = field(default_factory=lambda: dt.datetime.now(tz=CHINA_TIME).date())


@dataclass(kw_only=True)
class LoadReport:
    """What became of a file. `inserted`, `updated` and `unchanged` count records: for accountability, cases.

    `loaded` says whether the records were written (by `load_file`, in the caller's transaction). Where it is false
    nothing of the file is in the tables, and `inserted`, `updated` and `unchanged` say what would have been.
    """

    layer: str
    file_name: str
    batch_id: int | None = None
    loaded: bool = False
    dry_run: bool = False
    profile: str = ""
    rows: int = 0
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    held: int = 0
    excluded: int = 0
    warned: int = 0
    contacts: int = 0
    by_code: Counter[str] = field(default_factory=Counter)
    messages: list[Message] = field(default_factory=list)
    messages_in_all: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    report: Path | None = None

    @property
    def changed(self) -> int:
        """Records inserted or updated."""
        return self.inserted + self.updated

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain values, messages in both languages."""
        counted = ("rows", "inserted", "updated", "unchanged", "rejected", "warned", "contacts")
        return {
            "layer": self.layer,
            "file": self.file_name,
            "profile": self.profile,
            "loaded": self.loaded,
            "dry_run": self.dry_run,
            "batch_id": self.batch_id,
            **{name: getattr(self, name) for name in counted},
            "by_code": dict(self.by_code.most_common()),
            "messages_in_all": self.messages_in_all,
            "messages": [_message_as_json(message) for message in self.messages],
            "seconds": self.seconds,
            "report": str(self.report) if self.report else None,
        }


def _message_as_json(message: Message) -> dict[str, Any]:
    return {
        "row": message.row_no,
        "column": message.column,
        "code": message.problem.code,
        "severity": message.problem.weight,
        "value": message.value,
        "times": message.times,
        "text_en": message.render("en"),
        "text_zh_hans": message.render("zh_hans"),
    }
