"""How errors become answers: RFC 9457 problem documents, from one table.

A problem never repeats more than 100 printable characters of what was asked, never shows the text of an unexpected
error, and stays below 2,000 bytes. Wrong or unknown parameters are 400, never 422.
"""

from __future__ import annotations

import http
import logging
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
import psycopg
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geo.errors import (
    BadRequest,
    Busy,
    Conflict,
    DataError,
    Gone,
    InvalidParameter,
    LabourMapError,
    NotAllowed,
    NotFound,
    NotReady,
    SignInNeeded,
    Stale,
)

MEDIA_TYPE = "application/problem+json"
LONGEST_ECHO = 100
LONGEST_REASON = 1_100
LARGEST_BODY = 1_990
RETRY_SECONDS = 5

STATUS_OF: dict[type[Exception], int] = {
    BadRequest: 400,
    RequestValidationError: 400,
    SignInNeeded: 401,
    NotAllowed: 403,
    NotFound: 404,
    Gone: 410,
    Stale: 412,
    Conflict: 409,
    DataError: 400,
    NotReady: 503,
    Busy: 503,
    sa.exc.OperationalError: 503,
    sa.exc.InterfaceError: 503,
    sa.exc.TimeoutError: 503,
    psycopg.OperationalError: 503,
    psycopg.InterfaceError: 503,
    TimeoutError: 503,
}
"""What each error becomes; anything else is 500. The database's are those of a server that is away, busy or too slow
(its statement timeout), as PostgreSQL and the driver name them."""

OUR_CODE = Path(__file__).parent.parent
PACKAGES = "site-packages"

UNEXPECTED = "Something went wrong here. The request was right to be made, and can be made again later."
AWAY = "The database cannot answer now. Please try again in a few seconds."
WRONG = "The request cannot be read."

_log = logging.getLogger("labourmap.errors")


def shorten(text: str) -> str:
    """Return the printable characters of a text, 100 at most."""
    return "".join(character for character in text[: 2 * LONGEST_ECHO] if character.isprintable())[:LONGEST_ECHO]


def make_problem(
    status: int,
    detail: str,
    request_id: str,
    invalid: tuple[InvalidParameter, ...] = (),
    headers: Mapping[str, str] | None = None,
    code: str | None = None,
) -> Response:
    """Return the answer for a problem. `code` is its stable name, where it has one.

    Parameters at fault that would make it too long are left out.
    """
    document: dict[str, Any] = {
        "type": "about:blank",
        "title": http.HTTPStatus(status).phrase,
        "status": status,
        "detail": detail[:LONGEST_REASON],
        "request_id": request_id,
        **({"code": code} if code else {}),
    }
    for fault in invalid:
        described = {"name": shorten(fault.name), "reason": fault.reason[:LONGEST_REASON]}
        longer = document | {"invalid_params": [*document.get("invalid_params", []), described]}
        if len(orjson.dumps(longer)) > LARGEST_BODY:
            break
        document = longer
    away = {"Retry-After": str(RETRY_SECONDS)} if status == http.HTTPStatus.SERVICE_UNAVAILABLE else {}
    stay = {"Cache-Control": "no-store", **away, **(headers or {})}
    return Response(orjson.dumps(document), status, stay, MEDIA_TYPE)


def request_id_of(scope: Scope) -> str:
    """Return the id that `app.logs` gave to a request."""
    return str(scope.get("state", {}).get("request_id", ""))


async def answer_error(request: Request, error: Exception) -> Response:
    """Return the answer for an error of `STATUS_OF`."""
    status = next(status for kind, status in STATUS_OF.items() if isinstance(error, kind))
    request_id = request_id_of(request.scope)
    if isinstance(error, LabourMapError):
        return make_problem(status, str(error), request_id, getattr(error, "invalid", ()))
    if status == http.HTTPStatus.SERVICE_UNAVAILABLE:
        log_error(error, request_id)
        return make_problem(status, AWAY, request_id)
    return make_problem(status, WRONG, request_id)


async def answer_http_error(request: Request, error: Exception) -> Response:
    """Return the answer for an error of the router: no such address, no such method."""
    status = getattr(error, "status_code", http.HTTPStatus.INTERNAL_SERVER_ERROR)
    details = {404: "Nothing is at this address.", 405: "This address can only be read: GET, HEAD or OPTIONS."}
    headers = getattr(error, "headers", None)
    return make_problem(status, details.get(status, WRONG), request_id_of(request.scope), headers=headers)


def log_error(error: BaseException, request_id: str) -> None:
    """Log where an error came from, without its text: that may hold values of a request or of a record."""
    trace = traceback.extract_tb(error.__traceback__)
    ours = [
        frame for frame in trace[:-1] if OUR_CODE in Path(frame.filename).parents and PACKAGES not in frame.filename
    ]
    frames = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in (*ours, *trace[-1:])]
    _log.error(
        "error", extra={"fields": {"error": type(error).__qualname__, "request_id": request_id, "frames": frames}}
    )


def install_problems(app: FastAPI) -> None:
    """Make `app` answer every error with a problem document."""
    for kind in STATUS_OF:
        app.add_exception_handler(kind, answer_error)
    app.add_exception_handler(HTTPException, answer_http_error)


class UnexpectedErrors:
    """Answers 500 for an error that nobody expected, and logs where it came from; the error goes no further."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        begun = False

        async def note(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, note)
        except Exception as error:
            log_error(error, request_id_of(scope))
            if begun or scope["type"] != "http":
                raise
            await make_problem(500, UNEXPECTED, request_id_of(scope))(scope, receive, send)
