"""Where the editors' pages lead: one line a page of the navigation, shown to whoever may open it."""

from __future__ import annotations

from dataclasses import dataclass

from geo.accounts.people import Person


@dataclass(frozen=True)
class OpenWay:
    """A page of the navigation; its text is `editor.ways.` and its name. Without an action it is everybody's."""

    name: str
    address: str
    action: str | None = None

    def is_open_to(self, person: Person) -> bool:
        """Say whether somebody may open the page."""
        return self.action is None or person.may(self.action)


WAYS = (
    OpenWay("batches", "/editor/", "batch:read"),
    OpenWay("review", "/editor/review", "batch:review"),
    OpenWay("records", "/editor/records", "record:read"),
    OpenWay("cases", "/editor/cases", "record:read"),
    OpenWay("unions", "/editor/unions", "record:read"),
    OpenWay("accounts", "/editor/accounts", "account:manage"),
    OpenWay("audit", "/editor/audit", "audit:read"),
    OpenWay("account", "/editor/account"),
)
