"""Every error the domain raises.

LabourMapError
├── BadRequest              a reader's question cannot be answered as asked (HTTP 400)
├── SignInNeeded            nobody is signed in, or a key is none (HTTP 401)
├── NotAllowed              who is signed in may not do that (HTTP 403)
│   └── CodesNeeded         not before one-time codes are set up
├── NotFound                nothing has that id or name (HTTP 404)
├── Gone                    a record was retracted; its id stays (HTTP 410)
├── Stale                   a record was changed by somebody else in the meantime (HTTP 412)
├── Conflict                what was asked does not fit the state that a thing is in by now (HTTP 409)
├── NotReady                what the answer is made from is still being read (HTTP 503)
├── Busy                    too much of a costly kind is being done already (HTTP 503)
├── DataError               data given by an operator or editor is not usable
│   ├── FileRefused         a whole file cannot be read; carries a stable code
│   ├── AmbiguousPlace      a place name means several regions; carries the candidates
│   └── UnknownPlace        no region has that code or name; carries suggestions
└── SetupError              the machine or the configuration lacks something; the text says what to do
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


class LabourMapError(Exception):
    """Base of every error raised on purpose; its text may be shown to a person."""


@dataclass(frozen=True)
class InvalidParameter:
    """One parameter of a request that cannot be used, and why."""

    name: str
    reason: str


class BadRequest(LabourMapError):  # noqa: N818  (named after the HTTP answer it becomes)
    """A reader's question cannot be answered as asked."""

    def __init__(self, detail: str, *invalid: InvalidParameter) -> None:
        super().__init__(detail)
        self.invalid = invalid


class SignInNeeded(LabourMapError):  # noqa: N818  (says what is to be done)
    """Nobody is signed in, or a key is none of ours."""


class NotAllowed(LabourMapError):  # noqa: N818  (says what it is)
    """Who is signed in may not do that."""


class CodesNeeded(NotAllowed):
    """Who is signed in has to set up one-time codes first."""


class NotFound(LabourMapError):  # noqa: N818  (named after the HTTP answer it becomes)
    """Nothing has that id or name."""


class Gone(LabourMapError):  # noqa: N818  (named after the HTTP answer it becomes)
    """A record was retracted. What stays of it is its id, its layer and the day."""


class Stale(LabourMapError):  # noqa: N818  (named after the state it tells)
    """A record was changed by somebody else in the meantime. `version` is the one that it has now."""

    def __init__(self, message: str, version: int) -> None:
        super().__init__(message)
        self.version = version


class Conflict(LabourMapError):  # noqa: N818  (named after the HTTP answer it becomes)
    """What was asked does not fit the state that a thing is in by now. `code` is stable; `facts` say more."""

    def __init__(self, message: str, *, code: str, **facts: Any) -> None:
        super().__init__(message)
        self.code = code
        self.facts = facts


class NotReady(LabourMapError):  # noqa: N818  (named after the HTTP answer it becomes)
    """What the answer is made from is still being read; asking again in a few seconds helps."""


class Busy(LabourMapError):  # noqa: N818  (named after the state it tells)
    """Too much of a costly kind is being done already; it can be asked for again in a while."""


class DataError(LabourMapError):
    """Data given by an operator or editor is not usable."""


class FileRefused(DataError):  # noqa: N818  (the word the report uses)
    """A whole file cannot be read. `code` is stable (FILE_EMPTY, HDR_MISSING, ...); `facts` fill the message."""

    def __init__(self, code: str, message: str, **facts: Any) -> None:
        super().__init__(message)
        self.code = code
        self.facts = facts


class AmbiguousPlace(DataError):  # noqa: N818  (the state of the name, not of the program)
    """A place name means several regions. `candidates` are (code, level, full name in English and Chinese)."""

    def __init__(self, message: str, candidates: tuple[tuple[str, str, str, str], ...]) -> None:
        super().__init__(message)
        self.candidates = candidates


class UnknownPlace(DataError):  # noqa: N818  (the state of the name, not of the program)
    """No region has that code or name. `suggestions` has the same shape as `AmbiguousPlace.candidates`."""

    def __init__(self, message: str, suggestions: tuple[tuple[str, str, str, str], ...] = ()) -> None:
        super().__init__(message)
        self.suggestions = suggestions


class SetupError(LabourMapError):
    """The machine or the configuration lacks something. The text says what to do."""
