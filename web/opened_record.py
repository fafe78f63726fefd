"""The record that is open in the panel of the map page: its card, its own page, and the records beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from web.card import Card, Ways
from web.content import PageContent, Record
from web.record_ways import find_neighbours, record_address, union_address
from web.records import RecordWords


class KnowsEditors(Protocol):
    """What knows the first language and the editors' address: the site."""

    default_language: str
    editors: str | None


class OpenedRecord:
    """The open record of one page. `address` returns the page's address with something changed."""

    def __init__(
        self, content: PageContent, words: RecordWords, address: Callable[..., str], site: KnowsEditors
    ) -> None:
        if content.record is None:
            message = "No record is open on this page."
            raise ValueError(message)
        self.record: Record = content.record
        self.neighbours = find_neighbours(content.latest, self.record.id)
        language, theme = content.selection.language, content.selection.theme
        ways = Ways(
            record=lambda public_id: address(record=public_id, tab="list"),
            union=lambda union_id: union_address(union_id, language, site.default_language, theme),
            editors=site.editors,
        )
        self.card = Card(words, self.record, ways, content.linked, content.changes)
        self._default_language = site.default_language
        self._theme = content.selection.theme

    def page(self, language: str) -> str:
        """Return the address of the record's own page."""
        return record_address(self.record.id, language, self._default_language)

    def page_here(self, language: str) -> str:
        """Return the same with the reader's colours."""
        return record_address(self.record.id, language, self._default_language, self._theme)
