from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", ["requirements.lock", "package-lock.json"])
def test_no_lock_holds_an_address(name: str) -> None:
    """Where packages come from is the machine's choice; a lock that names a host would take it away."""
    found = re.search(r"https?://\S*", (ROOT / name).read_text(encoding="utf-8"))
    assert found is None, found


@pytest.mark.parametrize("name", ["uv.lock", "pylock.toml", "poetry.lock", "yarn.lock"])
def test_no_lock_of_another_kind_is_there(name: str) -> None:
    """These hold addresses, and a second lock would differ from the first one day."""
    assert not (ROOT / name).exists()


def test_every_python_package_is_pinned_with_hashes() -> None:
    """Each entry names one version and at least one hash."""
    entries = re.split(r"\n(?=[a-z0-9])", (ROOT / "requirements.lock").read_text(encoding="utf-8").strip())
    assert len(entries) > 50
    for entry in entries:
        assert re.match(r"[a-z0-9.\-\[\],]+==\S+", entry), entry
        assert "--hash=sha256:" in entry, entry


def test_every_node_package_is_pinned_with_a_digest() -> None:
    """Each entry names one version and the digest of its file."""
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    entries = {name: entry for name, entry in packages.items() if name}
    assert entries
    assert all("integrity" in entry and "version" in entry for entry in entries.values())
