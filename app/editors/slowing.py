"""Makes guessing slow on pages that ask for a password or a code of somebody who is signed in."""

from __future__ import annotations

import sqlalchemy as sa
from starlette.requests import Request

from geo.accounts.sign_in import TooManyAttempts
from geo.accounts.throttle import BucketNames, count_attempt


def slow_down(request: Request, what: str) -> None:
    """Count an attempt at something. Raises TooManyAttempts after five, as when signing in.

    It is counted in a transaction of its own: a fault of the route does not undo it.
    """
    names: BucketNames = request.app.state.bucket_names
    engine: sa.Engine = request.app.state.engine
    with engine.begin() as connection:
        wait = count_attempt(connection, names.of_account(what))
    if wait is not None:
        raise TooManyAttempts(wait)
