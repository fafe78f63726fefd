"""What this project's server sends to the database, so that PostgreSQL alone can be given the same.

Pages go to pgbench, with their values written into them: it has only numbers for values of its own. They are our own
questions. Tiles go to two processes of the driver, in binary, as the server asks for them.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql import visitors

from geo.serving.features import page_statement
from geo.serving.record_tiles import edges_of, tile_statement
from geo.serving.tile_matrix import TILE_MATRIX_SET, get_tile
from tests.benchmarks.addresses import query_of
from tests.benchmarks.questions import Question, Tile


def leave_text(element: Any, **_: Any) -> Any:
    """Return what `convert_to` was given, where `element` is a call of it.

    pgbench takes answers as text, where bytes would be written in twice their length. A text has the same bytes.
    """
    if isinstance(element, sa.sql.functions.Function) and element.name == "convert_to":
        return next(iter(element.clauses))
    return None


def write_literal(statement: sa.Select[Any]) -> str:
    """Return the SQL of a statement with its values in it."""
    plain: Any = visitors.replacement_traverse(statement, {}, leave_text)
    dialect = postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call]  # a plain % stays one
    return str(plain.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))


def page_sql(question: Question) -> str:
    """Return the statement that gives the features of a page."""
    return write_literal(page_statement(query_of(question)))


def tile_sql(question: Tile) -> tuple[str, dict[str, Any]]:
    """Return the statement that gives the records of a tile, and its values."""
    tile = get_tile(TILE_MATRIX_SET, str(question.z), str(question.y), str(question.x))
    made = tile_statement(query_of(question), stand_ins=True).fill(**edges_of(tile))
    return made.sql, dict(made.values)
