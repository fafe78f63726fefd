"""The database of a route: one transaction, committed before the answer is sent, or not at all.

connection: Annotated[sa.Connection, Depends(transaction, scope="function")]
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import sqlalchemy as sa
from fastapi import Depends
from starlette.requests import Request


def transaction(request: Request) -> Iterator[sa.Connection]:
    """Give a connection in a transaction, which ends with the route: kept, or undone by an error."""
    engine: sa.Engine = request.app.state.engine
    with engine.begin() as connection:
        yield connection


Transaction = Annotated[sa.Connection, Depends(transaction, scope="function")]
