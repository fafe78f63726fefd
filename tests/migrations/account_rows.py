"""Good and bad rows of the tables of people, for `test_checks`; 0 stands for an account that is there."""

from __future__ import annotations

import datetime as dt
from typing import Any

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
ACCOUNT = {"name": "somebody", "role": "editor", "made_by": "operator"}
KEY = {"account_id": 0, "title": "A", "beginning": "lk_ed_A", "key_sha256": b"0", "scopes": ["batch:create"]}

GOOD_OF_ACCOUNTS: dict[str, dict[str, Any]] = {
    "editorial.account": ACCOUNT,
    "editorial.api_key": KEY | {"made_at": NOW, "ends_at": NOW + dt.timedelta(days=365)},
    "editorial.permission": {"role": "viewer", "action": "record:dream", "layer": "*"},
    "editorial.role_grant": {"account_id": 0, "role": "editor", "requested_by": "one"},
    "editorial.audit_entry": {"actor": "operator", "action": "batch.commit", "object": "batch:1"},
}

SETTLED = {"approved": True, "settled_by": "two", "settled_at": NOW}
BAD_OF_ACCOUNTS: dict[str, dict[str, list[dict[str, Any]]]] = {
    "editorial.account": {
        "name": [{"name": name} for name in ("operator", "A", "a b", "-a", "a" * 41, "a\n")],
        "role": [{"role": "owner"}],
        "totp": [{"totp_confirmed_at": NOW}],
    },
    "editorial.api_key": {
        "scopes": [{"scopes": ["everything"]}, {"scopes": []}],
        "ends_at": [{"ends_at": NOW}, {"ends_at": NOW + dt.timedelta(days=367)}],
    },
    "editorial.permission": {"role": [{"role": "owner"}]},
    "editorial.role_grant": {
        "role": [{"role": "owner"}],
        "two_persons": [SETTLED | {"settled_by": "one"}],
        "settled": [SETTLED | {"settled_by": None}, SETTLED | {"approved": None}],
    },
    "editorial.audit_entry": {"action": [{"action": "Batch commit"}, {"action": ""}]},
}
