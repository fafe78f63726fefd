"""QGIS reads every collection as a valid layer, and asks the server for a box and for days.

Needs QGIS with its Python (Debian: apt-get install qgis python3-qgis), some 700 MB; without it these tests are skipped.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from app.readers.descriptions import COLLECTIONS_SHOWN
from tests.clients.live_server import Live

PYTHON = os.environ.get("QGIS_PYTHON", "/usr/bin/python3")
"""The Python that QGIS was installed for."""
BOX = "110,20,118,26"
SUBSET = "\"starts_on\" >= '2016-01-01' AND \"starts_on\" <= '2019-12-31' AND \"industry\" = 'mining'"


def has_qgis() -> bool:
    """Say whether that Python has QGIS."""
    if not Path(PYTHON).exists():
        return False
    return subprocess.run([PYTHON, "-c", "import qgis.core"], check=False, capture_output=True).returncode == 0


pytestmark = pytest.mark.skipif(not has_qgis(), reason="QGIS is missing: apt-get install qgis python3-qgis")


@pytest.fixture(scope="module")
def told(live: Live, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What QGIS found; it runs once for all tests, with a profile that is thrown away."""
    live.forget()
    script = Path(__file__).parent / "qgis_reads.py"
    home = str(tmp_path_factory.mktemp("qgis"))
    environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": home, "XDG_RUNTIME_DIR": home}
    command = [PYTHON, str(script), live.api, BOX, SUBSET, *COLLECTIONS_SHOWN]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment, timeout=300)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found | {"asked": live.asked("strikes")}


@pytest.mark.parametrize("collection", COLLECTIONS_SHOWN)
def test_qgis_reads_a_collection(told: dict[str, Any], live: Live, collection: str) -> None:
    """A valid layer with as many features as the API says there are, all of which are read."""
    layer = told["whole"][collection]
    matched = live.get(f"/collections/{collection}/items?limit=1")["numberMatched"]
    assert layer["valid"]
    assert layer["crs"] == "EPSG:4326"
    assert layer["count"] == matched
    assert len(set(layer["ids"])) == matched


def test_qgis_asks_for_a_box(told: dict[str, Any], live: Live) -> None:
    """What is outside the window is not fetched."""
    assert any(page.get("bbox") == [BOX] for page in told["asked"])
    assert told["boxed"] == sorted(feature["id"] for feature in live.features("strikes", f"&bbox={BOX}"))


def test_qgis_asks_for_days(told: dict[str, Any], live: Live) -> None:
    """A filter on days is left to the server, and QGIS applies the rest."""
    assert told["subset_taken"]
    assert any(page.get("datetime", [""])[0].startswith("2016-01-01/2019-12-31") for page in told["asked"])
    spans = live.features("strikes", "&datetime=2016-01-01/2019-12-31&industry=mining")
    expected = [one["id"] for one in spans if "2016-01-01" <= one["properties"]["starts_on"] <= "2019-12-31"]
    assert told["chosen"] == sorted(expected)
    assert expected
