"""Made incidents, the same at every run: rows of `editorial.incident` as text for COPY.

They are drawn in blocks, each with a seed of its own, so that a smaller number of rows is the beginning of a larger.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from geo.layers import ACCIDENTS, CALLS_FOR_HELP, INCIDENTS, STRIKES
from geo.vocabularies import vocabularies
from tests.benchmarks.made_places import County, Places, draw_point
from tests.benchmarks.made_texts import (
    CAUSES,
    ENDINGS,
    FIRST_NAMES,
    GRIEVANCES,
    OTHER_CAUSE,
    OTHER_GRIEVANCE,
    OTHER_PROTEST,
    PROTESTS,
    PUBLISHERS,
    TRADES,
    employer_name,
)

SEED = 20_110_101
BLOCK = 10_000
FIRST, LAST = dt.date(2011, 1, 1), dt.date(2025, 12, 31)
SOURCE_SYSTEM = "benchmark"
NULL = r"\N"

COLUMNS = (
    *("layer", "source_system", "source_id", "content_hash", "batch_id", "starts_on", "ends_on", "date_precision"),
    *("title_en", "title_zh_hans", "description_en", "description_zh_hans", "place_text_zh_hans", "sources"),
    *("regions", "region_code", "several_places", "geometry", "location_precision", "verification"),
    *("industry", "sub_industry", "employers", "ownership", "worker_groups", "widely_reported", "already_public"),
    *("participants_min", "participants_max", "actions", "demands", "responses", "accident_types", "deaths"),
    *("injuries", "issues", "channels", "channel_results", "persons_min", "persons_max", "amount_claimed_cny"),
    *("amount_recovered_cny", "outcome"),
)
"""Columns of `editorial.incident` that a line gives, in its order."""

Row = dict[str, str]
BANDS = ((1, 99), (100, 999), (1000, 9999), (10000, None))


@dataclass
class Draw:
    """A source of random choices for one block."""

    rng: np.random.Generator

    def chance(self, share: float) -> bool:
        """Say yes in that share of cases."""
        return bool(self.rng.random() < share)

    def number(self, below: int, start: int = 0) -> int:
        """Return a whole number, the smaller ones far oftener."""
        return start + min(below - 1, int(self.rng.exponential(below / 5)))

    def one(self, choices: tuple[str, ...]) -> str:
        """Return one of the choices, the first ones oftener, as in every real list."""
        return choices[int(len(choices) * self.rng.random() ** 2.2)]

    def some(self, choices: tuple[str, ...]) -> list[str]:
        """Return one choice, or two, seldom three, in the order they were drawn."""
        count = 1 + int(self.rng.random() < 0.28) + int(self.rng.random() < 0.07)
        return list(dict.fromkeys(self.one(choices) for _ in range(count)))


@cache
def terms(vocabulary: str) -> tuple[str, ...]:
    """Return the codes of a vocabulary in their order."""
    return tuple(term.code for term in vocabularies()[vocabulary].terms)


def make_lines(places: Places, rows: int, batch_id: int) -> Iterator[str]:
    """Yield the lines of COPY for `rows` incidents, one text a block."""
    for first in range(0, rows, BLOCK):
        draw = Draw(np.random.default_rng([SEED, first]))
        count = min(BLOCK, rows - first)
        counties = draw.rng.choice(len(places.counties), BLOCK, p=places.shares)
        kinds = draw.rng.choice(len(INCIDENTS), BLOCK, p=[0.55, 0.25, 0.20])
        lines = []
        for n in range(count):
            row = make_row(draw, INCIDENTS[kinds[n]], places.counties[counties[n]])
            row |= {"source_id": f"B-{first + n:07d}", "batch_id": str(batch_id), "content_hash": "made"}
            lines.append("\t".join(row.get(name, NULL) for name in COLUMNS))
        yield "\n".join(lines) + "\n"


def make_row(draw: Draw, layer: str, county: County) -> Row:
    """Return one incident as texts of COPY; what is not in it is NULL."""
    row: Row = {"layer": layer, "source_system": SOURCE_SYSTEM, "several_places": "f"}
    row |= {"widely_reported": "f", "already_public": "f", "verification": draw.one(terms("verification")[:4])}
    row |= make_dates(draw)
    row |= make_place(draw, county)
    industry = draw.one(terms("industry"))
    trade = TRADES[industry]
    row["industry"] = industry if draw.chance(0.97) else NULL
    subs = tuple(code for code in terms("sub_industry") if code.startswith(f"{industry}."))
    if row["industry"] != NULL and subs and draw.chance(0.7):
        row["sub_industry"] = draw.one(subs)
    employer = employer_name(int(draw.rng.integers(len(FIRST_NAMES))), trade, county.town)
    if draw.chance(0.65):
        row["employers"] = write_list(list(employer[: 1 + draw.chance(0.3)]))
    if draw.chance(0.6):
        row["ownership"] = draw.one(terms("ownership"))
    if trade.group and draw.chance(0.8):
        row["worker_groups"] = write_list([trade.group])
    row |= OF_LAYER[layer](draw)
    row |= make_texts(draw, row, county, employer)
    return row


DAYS = (LAST - FIRST).days + 1
_DAY = FIRST.toordinal() + np.arange(DAYS)
_MONTHS = np.array([dt.date.fromordinal(int(day)).month for day in _DAY])
_SHARES = np.linspace(0.6, 1.4, DAYS) * np.where(np.isin(_MONTHS, (12, 1)), 1.9, 1.0)
_REACHED = np.cumsum(_SHARES / _SHARES.sum())


def make_dates(draw: Draw) -> Row:
    """Return first and last day. More in later years, most before the lunar new year, when wages are settled."""
    day = dt.date.fromordinal(int(_DAY[min(DAYS - 1, int(np.searchsorted(_REACHED, draw.rng.random())))]))
    chosen = draw.rng.random()
    first, last, precision = day, day, "day"
    if chosen > 0.99:
        first, last, precision = day.replace(month=1, day=1), day.replace(month=12, day=31), "year"
    elif chosen > 0.93:
        first = day.replace(day=1)
        last, precision = (first + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1), "month"
    elif chosen > 0.91:
        last, precision = min(LAST, day + dt.timedelta(days=1 + draw.number(30))), "range"
    elif chosen > 0.86:
        precision = "day_reported"
    return {"starts_on": str(first), "ends_on": str(last), "date_precision": precision}


def make_place(draw: Draw, county: County) -> Row:
    """Return where it was, as fine as reports tell: mostly the county, else prefecture or province, seldom nothing."""
    chosen = draw.rng.random()
    text = f"{county.town[0]}{county.name[0]}"
    if chosen < 0.72:
        return one_region(county.code, "county", text)
    if chosen < 0.93:
        return one_region(county.prefecture, "prefecture", county.town[0])
    if chosen < 0.97:
        return one_region(county.province, "province", county.town[0])
    if chosen < 0.98:
        return {"regions": "{}", "location_precision": "country"}
    return one_region(county.prefecture, "prefecture", text) | {"several_places": "t"}


def one_region(code: str, precision: str, text: str) -> Row:
    """Return the columns of a record in one region."""
    return {
        "regions": write_list([code]),
        "region_code": code,
        "location_precision": precision,
        "place_text_zh_hans": text,
    }


def make_strike(draw: Draw) -> Row:
    """Return what only strikes have, and how many took part."""
    low, high = BANDS[draw.number(len(BANDS))]
    row = {"actions": write_list(draw.some(terms("action"))), "demands": write_list(draw.some(terms("demand")))}
    row |= {"participants_min": str(low), "participants_max": NULL if high is None else str(high)}
    if draw.chance(0.35):
        row["responses"] = write_list(draw.some(terms("response")))
    row["widely_reported"] = "t" if low >= 100 and draw.chance(0.15) else "f"
    return row


def make_accident(draw: Draw) -> Row:
    """Return what only accidents have."""
    row = {"accident_types": write_list(draw.some(terms("accident_type")))}
    if draw.chance(0.9):
        row["deaths"] = str(draw.number(40))
    if draw.chance(0.5):
        row["injuries"] = str(draw.number(60))
    return row


def make_call(draw: Draw) -> Row:
    """Return what only calls for help have."""
    persons = draw.number(60, start=1)
    channels = draw.some(terms("channel"))
    row = {"issues": write_list(draw.some(terms("help_issue"))), "channels": write_list(channels)}
    row["channel_results"] = write_list([draw.one(("", *terms("channel_result"))) for _ in channels])
    row |= {"persons_min": str(persons), "persons_max": str(persons)}
    if draw.chance(0.5):
        row["amount_claimed_cny"] = str(1000 * draw.number(500, start=1))
    if draw.chance(0.1):
        row["amount_recovered_cny"] = str(1000 * draw.number(50, start=1))
    if draw.chance(0.6):
        row["outcome"] = draw.one(terms("outcome"))
    return row


OF_LAYER = {STRIKES: make_strike, ACCIDENTS: make_accident, CALLS_FOR_HELP: make_call}


def make_texts(draw: Draw, row: Row, county: County, employer: tuple[str, str]) -> Row:
    """Return titles, descriptions, the source, and for some records of public places a point inside the county."""
    workers = TRADES["other" if row["industry"] == NULL else row["industry"]].workers
    if row["layer"] == ACCIDENTS:
        what = CAUSES.get(first_of(row["accident_types"]), OTHER_CAUSE)
        title = f"{employer[0]}发生{what[0]}事故", f"Workers of {employer[1]} {what[1]}"
        why = "事故原因仍在调查", "The cause is under investigation."
    else:
        how = PROTESTS.get(first_of(row.get("actions", "{}")), OTHER_PROTEST)
        asked = GRIEVANCES.get(first_of(row.get("demands") or row["issues"]), OTHER_GRIEVANCE)
        done = how if row["layer"] == STRIKES else ("求助", "asked for help")
        title = (
            f"{county.town[0]}{workers[0]}{done[0]}{asked[0]}",
            f"{workers[1].capitalize()} {done[1]} in {county.town[1]}",
        )
        why = f"{workers[0]}{asked[0]}", f"They asked for {asked[1]}."
    ending = ENDINGS[int(draw.rng.integers(len(ENDINGS)))]
    place = f"{county.town[0]}{county.name[0]}"
    texts = {
        "title_zh_hans": title[0],
        "description_zh_hans": f"{row['starts_on']}，{place}{employer[0]}{why[0]}。{ending[0]}",
        "sources": make_source(draw, row),
    }
    if draw.chance(0.9):
        texts["title_en"] = title[1]
        texts["description_en"] = f"{title[1]}, {county.name[1]}, at {employer[1]}. {why[1]} {ending[1]}".rstrip()
    return texts | make_point(draw, row, county)


def make_source(draw: Draw, row: Row) -> str:
    """Return the list of sources as JSON: one report. Calls for help come from posts, which are not shown."""
    number = int(draw.rng.integers(1_000_000, 9_999_999))
    kind = "weibo" if row["layer"] == CALLS_FOR_HELP else "news"
    publisher = PUBLISHERS[int(draw.rng.integers(len(PUBLISHERS)))]
    source = {"url": f"https://news.example/{number}", "publisher": publisher, "type": kind}
    return json.dumps([source], ensure_ascii=False)


def make_point(draw: Draw, row: Row, county: County) -> Row:
    """Return a point for two in five accidents (exact) and for strikes that the policy shows by street."""
    if row["regions"] != write_list([county.code]):
        return {}
    exact = row["layer"] == ACCIDENTS and draw.chance(0.4)
    if not exact and row["widely_reported"] == "f":
        return {}
    lon, lat = draw_point(county, draw.rng)
    return {"geometry": f"SRID=4326;POINT({lon} {lat})", "location_precision": "exact" if exact else "street"}


def first_of(written: str) -> str:
    """Return the first of a list that `write_list` wrote; "" when it is empty."""
    return written.strip("{}").split(",")[0].strip('"')


def write_list(values: list[str]) -> str:
    """Return an array as PostgreSQL reads it. Values hold no quotes and no backslashes."""
    return "{" + ",".join(f'"{value}"' for value in values) + "}"
