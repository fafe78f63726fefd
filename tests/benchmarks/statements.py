"""What this project's server sends to the database, as text that PostgreSQL alone can be given.

Values are written into the statements: pgbench has only numbers for values of its own. They are our own questions.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from geo.serving.features import page_statement
from tests.benchmarks.addresses import query_of
from tests.benchmarks.questions import Question


def write_literal(statement: sa.Executable) -> str:
    """Return the SQL of a statement with its values in it."""
    assert isinstance(statement, sa.ClauseElement)
    dialect = postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call]  # a plain % stays one
    return str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))


def page_sql(question: Question) -> str:
    """Return the statement that gives the features of a page."""
    return write_literal(page_statement(query_of(question)))
