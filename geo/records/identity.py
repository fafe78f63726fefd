"""The identity of a record that has no id of its own: date and title, province and employers, as a hash."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import orjson


def hash_identity(values: Mapping[str, Any], province: str | None) -> str:
    """Hash date and title into the first half, province and employers into the second.

    Records that share the first half share date and title.
    """
    named = orjson.dumps([values["starts_on"], values["ends_on"], values.get("title_en"), values.get("title_zh_hans")])
    placed = orjson.dumps([province, values.get("employers")])
    return blake2b(named, digest_size=8).hexdigest() + blake2b(placed, digest_size=8).hexdigest()
