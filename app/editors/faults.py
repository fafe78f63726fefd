"""How errors become answers of the editors' application: problem documents under `/api`, pages elsewhere."""

from __future__ import annotations

import http
import math
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.editors.said import say_error
from app.headers import is_api
from app.problems import AWAY, STATUS_OF, UNEXPECTED, WRONG, log_error, make_problem, request_id_of
from geo.accounts.sign_in import TooManyAttempts
from geo.errors import CodesNeeded, Conflict, FileRefused, LabourMapError, SignInNeeded

SIGN_IN = "/editor/sign-in"
SET_UP_CODES = "/editor/account/codes"
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="Labour Map"'}
HTML = "text/html"
RETRY_SECONDS = "5"


def answer_fault(
    scope: Scope, status: int, detail: str, headers: Mapping[str, str] | None = None, code: str | None = None
) -> Response:
    """Return the answer for a fault, in the form that whoever asks can read. `code` is its stable name."""
    if is_api(scope["path"]):
        return make_problem(status, detail, request_id_of(scope), headers=headers, code=code)
    body = scope["app"].state.pages.render_problem(Request(scope), status, detail)
    return answer_with_page(status, body, headers)


def answer_with_page(status: int, body: str, headers: Mapping[str, str] | None = None) -> Response:
    """Answer a fault with a page; what is away will be back."""
    more = {"Retry-After": RETRY_SECONDS} if status == http.HTTPStatus.SERVICE_UNAVAILABLE else {}
    return Response(body, status, {**more, **(headers or {})}, HTML)


def ask_to_sign_in(request: Request, error: SignInNeeded) -> Response:
    """Lead a browser to the page where one signs in, and from there back; a program is told 401."""
    if is_api(request.url.path):
        return answer_fault(request.scope, 401, str(error), CHALLENGE)
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    back = f"?next={quote(asked, safe='/')}" if request.method == "GET" and asked != "/editor/" else ""
    return RedirectResponse(SIGN_IN + back, status_code=303)


def answer_error(request: Request, error: Exception) -> Response:
    """Return the answer for any error."""
    if isinstance(error, SignInNeeded):
        return ask_to_sign_in(request, error)
    if isinstance(error, CodesNeeded) and not is_api(request.url.path):
        return RedirectResponse(SET_UP_CODES, status_code=303)
    fault = describe_error(error)
    if fault.status >= http.HTTPStatus.INTERNAL_SERVER_ERROR and not isinstance(error, LabourMapError):
        log_error(error, request_id_of(request.scope))
    if isinstance(error, (Conflict, FileRefused)) and not is_api(request.url.path):
        return answer_in_language(request, fault.status, error)
    return answer_fault(request.scope, fault.status, fault.detail, fault.headers, code=fault.code)


@dataclass(frozen=True)
class Fault:
    """What is answered for an error."""

    status: int
    detail: str
    headers: Mapping[str, str] | None = None
    code: str | None = None


def describe_error(error: Exception) -> Fault:
    """Return what is answered for an error. Texts of errors that are not ours are not shown."""
    if isinstance(error, TooManyAttempts):
        return Fault(429, str(error), {"Retry-After": str(math.ceil(error.wait.total_seconds()))})
    if isinstance(error, sa.exc.DataError):  # a number too large, a text with NUL: no value the database can hold
        return Fault(400, WRONG)
    if isinstance(error, HTTPException):
        return Fault(error.status_code, describe_http_error(error), error.headers)
    status = next((status for kind, status in STATUS_OF.items() if isinstance(error, kind)), 500)
    if isinstance(error, LabourMapError) and status != http.HTTPStatus.INTERNAL_SERVER_ERROR:
        return Fault(status, str(error), code=getattr(error, "code", None))
    if isinstance(error, RequestValidationError):
        return Fault(status, describe_invalid(error))
    return Fault(status, AWAY if status == http.HTTPStatus.SERVICE_UNAVAILABLE else UNEXPECTED)


def answer_in_language(request: Request, status: int, error: Conflict | FileRefused) -> Response:
    """Answer with a page what the loader says, in the language of the page."""
    said = say_error(request, error)
    body = request.app.state.pages.render_problem(request, status, said.text, said.lang)
    return answer_with_page(status, body)


def describe_http_error(error: HTTPException) -> str:
    """Say what is wrong: our own words where there are some."""
    known = {404: "Nothing is at this address.", 405: "This address does not take that."}
    phrase = http.HTTPStatus(error.status_code).phrase
    return known.get(error.status_code) or (error.detail if error.detail != phrase else WRONG)


def describe_invalid(error: RequestValidationError) -> str:
    """Name the fields that are missing, unknown or wrong; never what was in them."""
    named = {str(fault["loc"][-1])[:40] for fault in error.errors() if fault.get("loc")}
    told = ", ".join(sorted(name for name in named if name.replace("_", "").isalnum()))
    return f"These fields are missing, unknown or not as they must be: {told}." if told else WRONG


def install_faults(app: FastAPI) -> None:
    """Make `app` answer every error as above."""
    for kind in (*STATUS_OF, TooManyAttempts, HTTPException, sa.exc.DataError):
        app.add_exception_handler(kind, answer_error)


class Faults:
    """Answers errors that come up outside of routes, and those that nobody expected; they go no further."""

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
            if begun or scope["type"] != "http":
                log_error(error, request_id_of(scope))
                raise
            await answer_error(Request(scope), error)(scope, receive, send)
