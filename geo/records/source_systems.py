"""The data sets that are known by name, and what each says about where its records come from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class SourceSystem:
    """A data set. `declares` is the source type (vocabulary `source_type`) of its entries that name none."""

    declares: str | None = None


SOURCE_SYSTEMS: dict[str, SourceSystem] = {
    "clb_export": SourceSystem(declares="clb"),
    "clb_pages": SourceSystem(declares="clb"),
    "waiting_for_weiquan": SourceSystem(declares="clb"),
}
"""A data set that is not listed declares nothing."""
