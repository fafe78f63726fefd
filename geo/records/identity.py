"""The identity of a record that has no id of its own: date and title, province and employers, as a hash."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import orjson

from geo.lookalikes import skeleton


def hash_identity(values: Mapping[str, Any], province: str | None) -> str:
    """Hash date and title into the first half, province and employers into the second.

    Records that share the first half share date and title. Names are compared by their looks: a Cyrillic а is an a.
    """
    titles = [skeleton(values.get(name) or "") or None for name in ("title_en", "title_zh_hans")]
    named = orjson.dumps([values["starts_on"], values["ends_on"], *titles])
    employers = values.get("employers")
    placed = orjson.dumps([province, None if employers is None else [skeleton(name) for name in employers]])
    return blake2b(named, digest_size=8).hexdigest() + blake2b(placed, digest_size=8).hexdigest()
