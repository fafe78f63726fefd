"""The public application, to try what the documents say."""

from __future__ import annotations

from tests.app.conftest import client
from tests.published import anyio_backend, published, reader_url

__all__ = ["anyio_backend", "client", "published", "reader_url"]
