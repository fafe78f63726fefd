"""Somebody who is signed in, by a session or by a key, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass

from geo.accounts.tables import EVERY_LAYER, ROLES

NEEDS_CODES = frozenset(ROLES[1:])
"""Roles that may do nothing until one-time codes are set up."""

SCOPE_ACTIONS: dict[str, frozenset[str]] = {
    "batch:create": frozenset({"batch:create", "batch:read"}),
    "batch:commit": frozenset({"batch:commit", "batch:read", "batch:revert", "record:edit", "record:read"}),
    "export:restricted": frozenset({"export:restricted", "record:read"}),
}
"""What a key of each scope may do, where its owner may."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who asks. `session_id` is theirs in a browser, `scopes` of the key they came with otherwise."""

    account_id: int
    name: str
    role: str
    permissions: frozenset[tuple[str, str]]
    """Actions of their role, each with a layer, or `*`."""
    language: str | None = None
    session_id: int | None = None
    scopes: frozenset[str] | None = None
    has_codes: bool = False

    def may(self, action: str, layer: str | None = None) -> bool:
        """Say whether they may do something to a layer; without one, to any layer at all."""
        if self.must_set_up_codes:
            return False
        if self.scopes is not None and not any(action in SCOPE_ACTIONS[scope] for scope in self.scopes):
            return False
        layers = {where for what, where in self.permissions if what == action}
        return bool(layers) if layer is None else not layers.isdisjoint({layer, EVERY_LAYER})

    @property
    def must_set_up_codes(self) -> bool:
        """Whether one-time codes are still to be set up before anything else may be done."""
        return self.role in NEEDS_CODES and not self.has_codes
