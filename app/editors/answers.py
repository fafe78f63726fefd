"""How a route of the editors' API answers with JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from starlette.responses import Response


def answer_json(document: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Answer with a document; days and moments are ISO 8601, amounts are text."""
    body = orjson.dumps(document, default=str, option=orjson.OPT_NON_STR_KEYS)
    return Response(body, status, dict(headers or {}), "application/json")
