"""Sources, links, channels, ids and marks: the cells that are neither prose nor terms."""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from geo.loading.cells import NOTHING, Parse, Parsed, fold_width, only
from geo.loading.links import has_other_scheme, looks_like_link, read_bare_link, read_link
from geo.loading.messages import Problem
from geo.loading.terms import explain_unknown, split_texts
from geo.loading.texts import TITLE_LIMIT, check_public_text, clean_text
from geo.vocabularies import vocabularies

_LOST_ID: Final = re.compile(r"\d(?:\.\d+)?[eE]\+?\d{2,}")
_DATE_LIKE_ID: Final = re.compile(
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-\d{2}|\d{1,2}-(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)|\d{1,2}月\d{1,2}日"
)
_PUBLIC_ID: Final = re.compile(r"[SAHU]-\d{4}-\d{6,}")
_EVENT_ID: Final = re.compile(r"\d{10,25}")
_ID_LIMIT: Final = 200
_TRUE: Final = frozenset({"true", "yes", "y", "1", "是", "t"})
_FALSE: Final = frozenset({"false", "no", "n", "0", "否", "f"})


def parse_sources(cell: str) -> Parsed:
    """Read entries parted by ";": a last word that begins http:// or https:// is the link, the rest the title."""
    entries = []
    said: list[Problem] = []
    for entry in split_texts(cell):
        text, problems = clean_text(entry)
        said += problems
        title, _, last = text.rpartition(" ")
        if has_other_scheme(last) or has_other_scheme(text):
            said.append(Problem("URL_SCHEME"))
            continue
        link: str | None = None
        if looks_like_link(last):
            link, problems = read_link(last)
        else:
            title = text
            link, problems = read_bare_link(text) if text == cell.strip() else (None, ())
            title = "" if link else title
        said += [*problems, *check_public_text(title, TITLE_LIMIT * 2)]
        entries.append({key: value for key, value in (("title", title.strip()), ("url", link)) if value})
    return ({"sources": entries} if entries else {}), tuple(said)


def parse_link(name: str) -> Parse:
    """Make the reader of one http or https link; an address without a scheme is taken for https."""

    def parse(cell: str) -> Parsed:
        text = cell.strip()
        if not text:
            return NOTHING
        link, problems = read_bare_link(text)
        if link is None:
            link, problems = read_link(text)
        return ({name: link} if link else {}), problems

    return parse


def parse_legacy_url(cell: str) -> Parsed:
    """Read a link to China Labour Bulletin's maps; the event id in it becomes `legacy_id`."""
    values, problems = parse_link("legacy_url")(cell)
    for event in parse_qs(urlsplit(values.get("legacy_url", "")).query).get("eventId", []):
        if _EVENT_ID.fullmatch(event):
            values["legacy_id"] = event
    return values, problems


def parse_source_id(cell: str) -> Parsed:
    """Read an id as the text it is; refuse one that a spreadsheet has rounded or turned into a date.

    An id of ours (S-2020-000123), as our exports have them, is the record's public id whatever the heading.
    """
    text, problems = clean_text(cell)
    text = " ".join(text.split())
    if not text:
        return {}, problems
    if _LOST_ID.fullmatch(text):
        return only("ID_NUMBER_LOST")
    if _DATE_LIKE_ID.fullmatch(text):
        return only("ID_DATEISED")
    if _PUBLIC_ID.fullmatch(text):
        return {"public_id": text}, problems
    if len(text) > _ID_LIMIT:
        return only("TXT_TOO_LONG", length=len(text), limit=_ID_LIMIT)
    return {"source_id": text}, problems


def parse_event_id(cell: str) -> Parsed:
    """Read an id that is CLB's event id too."""
    values, problems = parse_source_id(cell)
    if _EVENT_ID.fullmatch(values.get("source_id", "")):
        values["legacy_id"] = values["source_id"]
    return values, problems


def parse_source_system(cell: str) -> Parsed:
    """Read the name of a data set."""
    text = cell.strip()
    return ({"source_system": text}, ()) if is_source_name(text) else only("SOURCE_NAME")


def is_source_name(text: str) -> bool:
    """Whether a data set can be called so: lower-case letters, digits and _, beginning with a letter."""
    return re.fullmatch(r"[a-z][a-z0-9_]{0,62}", text) is not None


def parse_channels(cell: str) -> Parsed:
    """Read `channel[:result]` in the order tried, parted by ";"."""
    channels, results = [], []
    said = []
    for part in split_texts(fold_width(cell)):
        channel, _, result = (word.strip() for word in part.partition(":"))
        code = vocabularies()["channel"].find_code(channel)
        outcome = vocabularies()["channel_result"].find_code(result) if result else ""
        if code is None:
            said.append(explain_unknown(vocabularies()["channel"], channel))
        elif outcome is None:
            said.append(explain_unknown(vocabularies()["channel_result"], result))
        else:
            channels.append(code)
            results.append(outcome)
    return ({"channels": channels, "channel_results": results} if channels else {}), tuple(said)


def parse_employers(cell: str) -> Parsed:
    """Read employers parted by ";" or "；"."""
    return _read_employers(split_texts(cell))


def parse_employer(cell: str) -> Parsed:
    """Read one employer; the cell is never split."""
    return _read_employers([cell])


def _read_employers(names: list[str]) -> Parsed:
    found: list[str] = []
    said: list[Problem] = []
    for name in names:
        text, problems = clean_text(name)
        said += [*problems, *check_public_text(text, TITLE_LIMIT)]
        if text:
            found.append(" ".join(text.split()))
    return ({"employers": list(dict.fromkeys(found))} if found else {}), tuple(said)


def parse_boolean(name: str) -> Any:
    """Make the reader of a mark: true or false, yes or no, 是 or 否."""

    def parse(cell: str) -> Parsed:
        text = fold_width(cell).strip().casefold()
        if text in _TRUE or text in _FALSE:
            return {name: text in _TRUE}, ()
        return only("BOOL_BAD") if text else NOTHING

    return parse
