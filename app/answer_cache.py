"""Answers that were made once are sent again: bounded, by the version of the data and the question as it was put.

What a route says with `ETag` depends on the version of the data and on the request alone, so while the version stays,
the same question gets the same bytes in each content coding. The version is known by `DatasetWatch` without asking: a
kept answer, or 304 to whoever has it, costs no question to the database. Of an answer too large to be kept, the
validator is. Files under addresses with a hash never change and are kept without a version. While the database is away,
what is kept is sent, whatever its version.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import psycopg
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.compression import SMALLEST, Coding, Stream, choose_coding, compress, is_compressible
from app.headers import IS_HEAD, is_api
from app.readers.answers import CACHE_CONTROL
from geo.serving.dataset import DATASET_SQL, Dataset
from geo.serving.dataset_watch import DatasetWatch
from geo.serving.quick_reads import Compiled, QuickReads

LARGEST_KEPT = 2**22
"""Bytes of the largest answer that is kept."""
MOST_KEPT = 2**23
"""Bytes of all answers kept in one process."""

Headers = list[tuple[bytes, bytes]]
Key = tuple[bytes, ...]


LARGE = 2**18
"""Bytes of an answer that is compressed in a thread, so that others need not wait."""

IF_NONE_MATCH = b"if-none-match"

_LATEST = Compiled(DATASET_SQL, {})
_CODED = re.compile(rb'\.(?:zstd|br|gzip)"')
_ENDINGS = tuple(f'.{coding}"'.encode() for coding in Coding)


@dataclass(frozen=True, slots=True)
class Kept:
    """A finished answer. `version` is that of the data it speaks of; None for files that never change.

    `body` is None when it was too large to be kept. `etag` is without the coding.
    """

    version: int | None
    etag: bytes
    headers: Headers
    body: bytes | None
    route: Any


@dataclass(frozen=True, slots=True)
class Question:
    """A request, as far as the answer depends on it, and the latest version of the data if it is known.

    `key` ends in the coding; `accepted` is the header Accept-Encoding.
    """

    key: Key
    coding: Coding
    accepted: bytes
    dataset: Dataset | None


class Answers:
    """The answers kept by one application; the least recently used are forgotten."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._size = 0
        self._kept: OrderedDict[Key, Kept] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def find(self, key: Key) -> Kept | None:
        """Return what is kept under a key."""
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
        return kept

    def keep(self, key: Key, kept: Kept) -> None:
        """Keep an answer in place of the one before."""
        old = self._kept.pop(key, None)
        self._size += _weigh(key, kept) - (0 if old is None else _weigh(key, old))
        self._kept[key] = kept
        while self._size > self._most:
            self._size -= _weigh(*self._kept.popitem(last=False))


class AnswerCache:
    """Sends kept answers, makes validators, and puts bodies into the coding that the reader takes."""

    def __init__(self, app: ASGIApp, *, answers: Answers, watch: DatasetWatch, reads: QuickReads) -> None:
        self.app = app
        self._answers = answers
        self._watch = watch
        self._reads = reads
        self._failed_at = float("-inf")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what is kept, or pass the request on and keep the answer."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        question = await self._read_question(scope, headers)
        kept = self._answers.find(question.key)
        given = headers.get(IF_NONE_MATCH, b"")
        if kept is not None and (question.dataset is None or kept.version in {None, question.dataset.version}):
            if given and kept.etag and is_known(given, kept.etag):
                scope["route"] = kept.route  # for the log
                await send_unchanged(with_coding(given, kept.etag), send)
                return
            if kept.body is not None:
                scope["route"] = kept.route
                await send_whole(200, kept.headers, kept.body, send)
                return
        if given:
            plain = [
                (name, without_codings(value) if name == IF_NONE_MATCH else value) for name, value in scope["headers"]
            ]
            scope["headers"] = plain
        await self.app(scope, receive, Taking(question, self._answers, scope, send, given).take)

    async def _read_question(self, scope: Scope, headers: dict[bytes, bytes]) -> Question:
        accept = headers.get(b"accept", b"") if is_api(scope["path"]) else b""
        path = scope.get("raw_path") or scope["path"].encode()
        accepted = headers.get(b"accept-encoding", b"")
        coding = choose_coding(accepted)
        key = (path, scope["query_string"], headers.get(b"host", b""), accept, coding.encode())
        return Question(key, coding, accepted, self._watch.dataset or await self._ask())

    async def _ask(self) -> Dataset | None:
        """Ask for the version while the watch has lost its connection; once a second at most when that fails."""
        if not self._watch.is_running or time.monotonic() - self._failed_at < 1:
            return None
        try:
            row = await self._reads.fetch_row(_LATEST)
        except (psycopg.Error, OSError, TimeoutError):
            self._failed_at = time.monotonic()
            return None
        return None if row is None else Dataset(*row)


class Taking:
    """Takes one answer from the routes, message by message, and sends it on in the reader's coding."""

    def __init__(self, question: Question, answers: Answers, scope: Scope, send: Send, given: bytes) -> None:
        self._question = question
        self._answers = answers
        self._scope = scope
        self._send = send
        self._given = given
        self._start: Message = {}
        self._pieces: list[bytes] = []
        self._size = 0
        self._stream: Stream | None = None

    async def take(self, message: Message) -> None:
        """Take the next message."""
        if message["type"] == "http.response.start":
            self._start = message
            return
        last = not message.get("more_body", False)
        piece = message.get("body", b"")
        if self._stream is not None:
            packed = self._stream.pack(piece, last=last)
            await self._send({"type": "http.response.body", "body": packed, "more_body": not last})
            return
        self._pieces.append(piece)
        self._size += len(piece)
        if last:
            await self._send_whole()
        elif self._size > LARGEST_KEPT:
            await self._begin_stream()

    async def _send_whole(self) -> None:
        body = b"".join(self._pieces)
        status, headers = self._start["status"], self._start["headers"]
        if status == 304:  # noqa: PLR2004
            self._keep_validator(dict(headers).get(b"etag", b""))
        if status != 200 or (not body and self._scope.get(IS_HEAD)):  # noqa: PLR2004  (OK)
            same = [(name, with_coding(self._given, value) if name == b"etag" else value) for name, value in headers]
            await send_whole(status, same, body, self._send)
            return
        told = dict(headers)
        for_ever = b"immutable" in told.get(b"cache-control", b"")
        etag = told.get(b"etag", b"")
        version = None if for_ever else self._version_of(etag)
        coding = self._coding_of(told, for_ever=for_ever) if len(body) >= SMALLEST else Coding.IDENTITY
        if coding is not Coding.IDENTITY:
            if for_ever or len(body) > LARGE:
                body = await asyncio.to_thread(compress, body, coding, for_ever=for_ever)
            else:
                body = compress(body, coding)
        put_in_coding(told, coding)
        told[b"content-length"] = str(len(body)).encode()
        finished = list(told.items())
        if for_ever or version is not None:
            kept = body if len(body) <= LARGEST_KEPT else None
            self._answers.keep(self._question.key, Kept(version, etag, finished, kept, self._scope.get("route")))
        await send_whole(status, finished, body, self._send)

    async def _begin_stream(self) -> None:
        told = dict(self._start["headers"])
        coding = self._coding_of(told, for_ever=False) if self._start["status"] == 200 else Coding.IDENTITY  # noqa: PLR2004
        self._stream = Stream(coding)
        if coding is not Coding.IDENTITY:
            told.pop(b"content-length", None)
        put_in_coding(told, coding)
        start = {"type": "http.response.start", "status": self._start["status"], "headers": list(told.items())}
        await self._send(start)
        packed = self._stream.pack(b"".join(self._pieces), last=False)
        self._pieces.clear()
        await self._send({"type": "http.response.body", "body": packed, "more_body": True})

    def _keep_validator(self, etag: bytes) -> None:
        """Keep what a route says is unchanged, so that it is not asked again though the answer itself is forgotten."""
        version = self._version_of(etag)
        if version is not None:
            self._answers.keep(self._question.key, Kept(version, etag, [], None, self._scope.get("route")))

    def _version_of(self, etag: bytes) -> int | None:
        """Return the version that an answer speaks of, if it is the latest; such an answer can be kept."""
        latest = self._question.dataset
        is_latest = latest is not None and etag.startswith(f'"{latest.version}-'.encode())
        return latest.version if latest is not None and is_latest else None

    def _coding_of(self, told: dict[bytes, bytes], *, for_ever: bool) -> Coding:
        if b"content-encoding" in told or not is_compressible(told.get(b"content-type", b"")):
            return Coding.IDENTITY
        return choose_coding(self._question.accepted, for_ever=for_ever)


def put_in_coding(told: dict[bytes, bytes], coding: Coding) -> None:
    """Name the coding in the headers, and in the validator: it is that of these very bytes."""
    if coding is Coding.IDENTITY:
        return
    told[b"content-encoding"] = coding.encode()
    if b"etag" in told:
        told[b"etag"] = told[b"etag"].removesuffix(b'"') + f'.{coding}"'.encode()


def without_codings(given: bytes) -> bytes:
    """Return If-None-Match with validators as the routes make them: what differs by coding is only how it is packed."""
    return _CODED.sub(b'"', given)


def is_known(given: bytes, etag: bytes) -> bool:
    """Say whether If-None-Match names a validator, in any coding."""
    return given.strip() == b"*" or etag in without_codings(given)


def with_coding(given: bytes, etag: bytes) -> bytes:
    """Return a validator in the coding in which If-None-Match has it."""
    coded = (etag[:-1] + ending for ending in _ENDINGS)
    return next((own for own in coded if own in given), etag)


async def send_unchanged(etag: bytes, send: Send) -> None:
    """Send 304 to the reader who has the answer with this validator."""
    await send_whole(304, [(b"cache-control", CACHE_CONTROL.encode()), (b"etag", etag)], b"", send)


async def send_whole(status: int, headers: Headers, body: bytes, send: Send) -> None:
    """Send an answer. The headers are copied: others add to them."""
    await send({"type": "http.response.start", "status": status, "headers": list(headers)})
    await send({"type": "http.response.body", "body": body})


def _weigh(key: Key, kept: Kept) -> int:
    """Return about how many bytes an answer takes."""
    return len(kept.body or b"") + sum(map(len, key)) + 1_000
