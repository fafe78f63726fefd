"""A part of a whole: a percentage is never without its numerator and denominator."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True)
class Share:
    """`numerator` of `denominator`."""

    numerator: int
    denominator: int

    @property
    def percent(self) -> float | None:
        """The percentage to one decimal, halves rounded up; None of nothing."""
        if self.denominator == 0:
            return None
        exact = Decimal(100) * self.numerator / self.denominator
        return float(exact.quantize(Decimal("0.1"), ROUND_HALF_UP))
