"""Numbers as people write them: 1,000, １００, 1.5万, 约200人, 200多, 100-300."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Final, TypeAlias

from geo.loading.cells import NOTHING, Parse, Parsed, fold_width, only
from geo.loading.messages import Problem
from geo.loading.terms import is_unknown
from geo.vocabularies import vocabularies

_People: TypeAlias = tuple[tuple[int, int | None] | None, tuple[Problem, ...]]

_BIG: Final = 100_000
_LARGEST: Final = 2_147_483_647
_LARGEST_AMOUNT: Final = Decimal("999999999999.99")
_UNITS: Final = {"": 1, "千": 1_000, "万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}
_NUMBER: Final = r"(\d+(?:,\d{3})*(?:\.\d+)?)\s*([千万萬亿億]?)"
_COUNTED: Final = r"\s*(?:名|多名)?(?:人|個|个|persons?|people|workers?|元|yuan|CNY|RMB)?"
_PLAIN: Final = re.compile(rf"{_NUMBER}{_COUNTED}", re.IGNORECASE)
_RANGE: Final = re.compile(rf"{_NUMBER}\s*(?:-|–|—|~|至|到|to)\s*{_NUMBER}{_COUNTED}", re.IGNORECASE)
_AT_LEAST: Final = re.compile(
    rf"(?:约|大约|近|逾|超过|至少|over|about|some|more than|at least|ca\.?)\s*{_NUMBER}{_COUNTED}"
    rf"|{_NUMBER}\s*(?:多|余|餘|\+|以上|or more){_COUNTED}(?:以上)?",
    re.IGNORECASE,
)
_NEGATIVE: Final = re.compile(rf"[-−]\s*{_NUMBER}")
_BAND: Final = re.compile(r"(\d+)-(\d+)|(\d+)-plus")


def parse_integer(name: str) -> Parse:
    """Make the reader of a whole number that is not negative."""

    def parse(cell: str) -> Parsed:
        text = fold_width(cell).strip()
        if not text or is_unknown(text):
            return NOTHING
        if _NEGATIVE.fullmatch(text):
            return only("NUM_NEG")
        plain = _PLAIN.fullmatch(text)
        number = _to_integer(plain[1], plain[2]) if plain else None
        if number is None:
            return only("NUM_BAD")
        return {name: number}, _remark(cell.strip(), number)

    return parse


def parse_amount(name: str) -> Parse:
    """Make the reader of an amount of yuan, to the fen."""

    def parse(cell: str) -> Parsed:
        text = fold_width(cell).strip().removeprefix("¥").strip()
        if not text or is_unknown(text):
            return NOTHING
        if _NEGATIVE.fullmatch(text):
            return only("NUM_NEG")
        plain = _PLAIN.fullmatch(text)
        amount = _to_decimal(plain[1]) * _UNITS[plain[2]] if plain else None
        if amount is None or amount > _LARGEST_AMOUNT:
            return only("NUM_BAD")
        return {name: str(amount.quantize(Decimal("0.01")))}, ()

    return parse


def parse_people(prefix: str, *, bands_overlap: bool = False) -> Parse:
    """Make the reader of a number of people given in one cell: a band, a number, a range, "about", "more than".

    Gives `<prefix>_min` and `<prefix>_max` (inclusive; open upward when only the first is there) and the cell itself.
    A label of the vocabulary of bands means that band, so "1-100 Persons" is 1 to 99. `bands_overlap` says that the
    same edges without the word are bands too.
    """

    def parse(cell: str) -> Parsed:
        text = fold_width(cell).strip()
        if not text or is_unknown(text):
            return NOTHING
        values, problems = _read_people(text, bands_overlap=bands_overlap)
        if not values:
            return {}, problems
        low, high = values
        if text.isdigit() and cell.strip() != text:
            problems = (*problems, Problem("TXT_NFC", {"given": cell.strip(), "read": text}))
        found: dict[str, object] = {f"{prefix}_min": low}
        if high is not None:
            found[f"{prefix}_max"] = high
        if prefix == "participants":
            found["participants_reported"] = cell.strip()
        return found, problems

    return parse


def _read_people(text: str, *, bands_overlap: bool) -> _People:
    bands = vocabularies()["participants"]
    code = bands.find_code(text) or (bands.find_code(f"{text} Persons") if bands_overlap else None)
    band = _BAND.fullmatch(code) if code else None
    if band:
        return (int(band[1] or band[3]), int(band[2]) if band[2] else None), ()
    return _read_range(text) or _read_count(text)


def _read_range(text: str) -> _People | None:
    ends = _RANGE.fullmatch(text)
    if ends:
        low, high = _to_integer(ends[1], ends[2] or ends[4]), _to_integer(ends[3], ends[4])
        if low is not None and high is not None:
            if low > high:
                return None, (Problem("NUM_ORDER", {"low": low, "high": high}),)
            return (low, high), (Problem("NUM_RANGE", {"read": f"{low}-{high}"}),)
    least = _AT_LEAST.fullmatch(text)
    number = _to_integer(least[1] or least[3], least[2] or least[4] or "") if least else None
    return None if number is None else ((number, None), (Problem("NUM_RANGE", {"read": f"min {number}"}),))


def _read_count(text: str) -> _People:
    if _NEGATIVE.fullmatch(text):
        return None, (Problem("NUM_NEG"),)
    plain = _PLAIN.fullmatch(text)
    number = _to_integer(plain[1], plain[2]) if plain else None
    if number is None:
        return None, (Problem("NUM_BAD"),)
    return (number, number), _remark(text, number)


def _remark(text: str, number: int) -> tuple[Problem, ...]:
    problems = []
    if not text.isascii() and str(number) != text:
        problems.append(Problem("TXT_NFC", {"given": text, "read": str(number)}))
    if number >= _BIG:
        problems.append(Problem("NUM_BIG"))
    return tuple(problems)


def _to_integer(digits: str, unit: str) -> int | None:
    number = _to_decimal(digits) * _UNITS[unit]
    return int(number) if number == number.to_integral_value() and number <= _LARGEST else None


def _to_decimal(digits: str) -> Decimal:
    try:
        return Decimal(digits.replace(",", ""))
    except InvalidOperation:
        return Decimal(-1)
