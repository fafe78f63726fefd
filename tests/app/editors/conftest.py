from __future__ import annotations

from tests.editing import editing

__all__ = ["editing"]
