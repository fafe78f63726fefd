"""What a file says about itself: which records it holds, of which version of the data, under which licence."""

from __future__ import annotations

from dataclasses import asdict, dataclass

CAVEAT = (
    "China Labour Bulletin estimated that it saw 5 to 10 percent of all collective actions. "
    "These are reported events: no record of a place or a time does not mean that nothing happened there; "
    "absence is not zero."
)


@dataclass(frozen=True, kw_only=True)
class Notice:
    """`filter` is the canonical query, "none" for a whole collection; `date` is the day of the dataset version."""

    title: str
    collection: str
    filter: str
    dataset_version: int
    date: str
    licence: str
    caveat: str = CAVEAT
    address: str

    def members(self) -> dict[str, str | int]:
        """Return what is said, by name."""
        return asdict(self)

    def text(self) -> str:
        """Return what is said as one line."""
        return (
            f"{self.title}; collection: {self.collection}; filter: {self.filter}; "
            f"dataset version: {self.dataset_version}; date: {self.date}; licence: {self.licence}; "
            f"{self.caveat} {self.address}"
        )
