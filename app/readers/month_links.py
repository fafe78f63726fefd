"""The form of two months, which works without JavaScript: it asks `from` and `to`, and is led on to `datetime`."""

from __future__ import annotations

from urllib.parse import urlencode

from web.time_range import last_day, month_name, month_number

FROM, TO = "from", "to"
LENGTH_OF_A_MONTH = 7


def find_months_address(path: str, parameters: list[tuple[str, str]]) -> str | None:
    """Return the address with `datetime` in the place of two months; None where the parameters name no two months.

    Months given the wrong way round are turned.
    """
    given = dict(parameters)
    ends = [given[name] for name in (FROM, TO) if _is_month(given.get(name, ""))]
    if len(ends) != len((FROM, TO)):
        return None
    first, last = sorted(ends)
    kept = [pair for pair in parameters if pair[0] not in {FROM, TO, "datetime"}]
    return f"{path}?{urlencode([*kept, ('datetime', f'{first}-01/{last_day(last)}')], safe=',/')}"


def _is_month(text: str) -> bool:
    parts = text.split("-")
    is_numbers = (
        len(text) == LENGTH_OF_A_MONTH and text.isascii() and [part.isdigit() for part in parts] == [True, True]
    )
    return is_numbers and text > "0001" and month_name(month_number(text)) == text
