"""The abstract tests of OGC API - Features, asked of the public application on the small read model."""

from __future__ import annotations

from tests.app.conftest import client
from tests.published import anyio_backend, published, reader_url

__all__ = ["anyio_backend", "client", "published", "reader_url"]
