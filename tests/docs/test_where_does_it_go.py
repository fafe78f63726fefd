"""Follows each line of the README's table "where does it go?" in a copy of the tree, as a newcomer would.

Each test makes exactly the changes that its line names, then runs the copy's own commands on a real database and asks
its public application: what was added has to arrive.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from geo.cluster import Cluster
from geo.database import READER_ROLE
from tests.conftest import ROOT, copy_database

PACKAGES = ("app", "geo", "web", "migrations")

ASK = """
import asyncio, json, sys
import httpx
from app.main import public_app
from app.settings import ReaderSettings, load_settings

async def ask(addresses):
    app = public_app(load_settings(ReaderSettings))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            answers = [await client.get(address) for address in addresses]
    return [[answer.status_code, answer.text] for answer in answers]

print(json.dumps(asyncio.run(ask(sys.argv[1:]))))
"""

PREPARE = """
from app.progress import Progress
from app.settings import OwnerSettings, load_settings
from app.setup import open_database, prepare

with open_database(load_settings(OwnerSettings)) as database:
    prepare(database, Progress())
"""

ROW = "source_id,starts_on,title_en,region\nX-1,2024-03-05,Bus drivers strike,440300\n"


@dataclass(frozen=True)
class Tree:
    """A copy of the tree, and the addresses of a database for it alone."""

    folder: Path
    owner_url: str
    reader_url: str

    def change(self, name: str, old: str, new: str) -> None:
        """Replace `old`, which stands once in a file, by `new`."""
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{name} has {text.count(old)} times {old!r}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def add(self, name: str, text: str) -> None:
        """Write a file, or add to the end of one."""
        (self.folder / name).parent.mkdir(exist_ok=True)
        with (self.folder / name).open("a", encoding="utf-8") as file:
            file.write(text)

    def run(self, *arguments: str, **settings: str) -> str:
        """Run the copy's Python and return what it prints."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(self.folder), "LANG": "C.UTF-8", **settings},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def command(self, *arguments: str) -> str:
        """Run the copy's own command `labourmap`."""
        urls = {"LABOURMAP_DATABASE_URL": self.owner_url, "LABOURMAP_READER_URL": self.reader_url}
        return self.run("-c", "from app.cli import main; main()", *arguments, **urls)

    def start(self) -> None:
        """Prepare the database as every start does."""
        self.run(
            *("-c", PREPARE),
            LABOURMAP_DATABASE_URL=self.owner_url,
            LABOURMAP_READER_URL=self.reader_url,
        )

    def load(self, text: str, name: str = "rows.csv") -> None:
        """Load rows into the strikes and publish them."""
        self.add(name, text)
        self.command("load", "strikes", name, "--source", "newcomer")

    def ask(self, *addresses: str) -> list[tuple[int, str]]:
        """Ask the copy's public application; return status and body of each answer."""
        answers = json.loads(self.run("-c", ASK, *addresses, LABOURMAP_READER_URL=self.reader_url))
        return [(status, body) for status, body in answers]


@pytest.fixture
def tree(tmp_path: Path, cluster: Cluster, template: str) -> Iterator[Tree]:
    """A copy of the tree with a migrated database of its own, no records in it."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    name = f"newcomer_{os.getpid()}"
    owner_url = copy_database(cluster, template, name)
    yield Tree(tmp_path, owner_url, cluster.url(name, user=READER_ROLE))
    cluster.drop_database(name)


def matched(answer: tuple[int, str]) -> int:
    """The number of records that an items answer matched."""
    status, body = answer
    assert status == 200, body
    return int(json.loads(body)["numberMatched"])


def test_a_copy_runs_its_own_code(tree: Tree) -> None:
    """Otherwise the tests below would show nothing."""
    assert tree.run("-c", "import geo.layers; print(geo.layers.__file__)").startswith(str(tree.folder))


def test_the_table_has_these_lines() -> None:
    """A new line of the table needs a test here."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.split("### Where does it go?")[1].split("\n## ")[0]
    lines = re.findall(r"^\| (a [^|]+?) \|", table, re.MULTILINE)
    assert lines == ["a term", "a property of a layer", "a file format", "a query parameter", "a language"]


def test_the_files_of_the_table_exist() -> None:
    """A newcomer finds what the table names."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.split("### Where does it go?")[1].split("\n## ")[0]
    for name in re.findall(r"`([a-z_./]+\.(?:py|md)|[a-z_/]+/)`", table):
        assert (ROOT / name).exists(), name


def test_a_new_term_arrives(tree: Tree) -> None:
    """One line in a vocabulary: loaded, a filter, a label on the page."""
    tree.add("geo/vocabularies/demand.csv", "night_shift,Night shift allowance,夜班津贴,夜班津貼,,99,\n")
    tree.start()
    tree.load(ROW.replace("region\n", "region,demands\n").replace("440300\n", "440300,Night shift allowance\n"))
    items, page = tree.ask("/api/collections/strikes/items?demands=night_shift", "/?record=S-2024-000008&lang=zh-Hans")
    assert matched(items) == 1
    assert "夜班津贴" in page[1]


MIGRATION = '''"""Add the weather."""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{last}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("incident", sa.Column("weather", sa.Text()), schema="editorial")
    op.add_column("feature", sa.Column("weather", sa.Text()), schema="published")


def downgrade() -> None:
    """Undo."""
    op.drop_column("feature", "weather", schema="published")
    op.drop_column("incident", "weather", schema="editorial")
'''


def test_a_new_property_arrives(tree: Tree) -> None:
    """A declaration, two columns, a migration: read from a file, published, filtered by, shown on the card."""
    line = '    _p("weather", Kind.TEXT, _S, ("Weather", "天气", "天氣")),\n'
    tree.change("geo/layers.py", '    _p("actions", Kind.CODES', line + '    _p("actions", Kind.CODES')
    tree.change(
        "geo/records/tables.py",
        '    sa.Column("industry", sa.Text),\n',
        '    sa.Column("industry", sa.Text),\n    sa.Column("weather", sa.Text),\n',
    )
    tree.change(
        "geo/serving/tables.py",
        '    sa.Column("industry", sa.Text),\n',
        '    sa.Column("industry", sa.Text),\n    sa.Column("weather", sa.Text),\n',
    )
    last = max(path.name[:4] for path in (tree.folder / "migrations" / "versions").glob("0*.py"))
    tree.add("migrations/versions/9999_weather.py", MIGRATION.format(last=last))
    tree.start()
    tree.load(ROW.replace("region\n", "region,weather\n").replace("440300\n", "440300,Heavy rain\n"))
    items, queryables, page = tree.ask(
        "/api/collections/strikes/items?weather=Heavy%20rain",
        "/api/collections/strikes/queryables",
        "/?record=S-2024-000008&lang=zh-Hans",
    )
    assert matched(items) == 1
    assert '"weather":"Heavy rain"' in items[1]
    assert "weather" in json.loads(queryables[1])["properties"]
    assert "天气" in page[1]
    assert "Heavy rain" in page[1]


READER = '''"""Reads files of the invented format: a first line %LIST, then cells parted by bars."""

from pathlib import Path

from geo.loading.table_file import TableFile


def open_list(path: Path) -> TableFile:
    """Open such a file."""
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    rows = ((number, line.split("|"), ()) for number, line in enumerate(lines[1:], 2))
    return TableFile(kind="list", headers=lines[0].split("|"), rows=rows)
'''


def test_a_new_file_format_arrives(tree: Tree) -> None:
    """A module and one line: such a file is recognised by its first bytes and loaded."""
    tree.add("geo/loading/list_reader.py", READER)
    tree.change(
        "geo/loading/file_formats.py",
        "    if start.startswith(_ZIP):\n",
        '    if start.startswith(b"%LIST"):\n        return open_list(path)\n    if start.startswith(_ZIP):\n',
    )
    tree.change(
        "geo/loading/file_formats.py",
        "from geo.loading.messages import refuse\n",
        "from geo.loading.list_reader import open_list\nfrom geo.loading.messages import refuse\n",
    )
    tree.start()
    tree.load("%LIST\n" + ROW.replace(",", "|"), "rows.txt")
    (items,) = tree.ask("/api/collections/strikes/items?source_system=newcomer")
    assert matched(items) == 1


def test_a_new_query_parameter_arrives(tree: Tree) -> None:
    """A field, the line that reads it and a condition: it filters, and elsewhere it is still unknown."""
    tree.change(
        "geo/serving/filters.py",
        "    limit: int = DEFAULT_LIMIT\n",
        "    ids: tuple[str, ...] = ()\n    limit: int = DEFAULT_LIMIT\n",
    )
    tree.change(
        "geo/serving/filters.py",
        "        region=given.read(",
        '        ids=given.read("ids", lambda texts: tuple(split(texts)), ()),\n        region=given.read(',
    )
    tree.change("geo/serving/filters.py", '"bbox", "datetime", "region",', '"bbox", "datetime", "region", "ids",')
    tree.change(
        "geo/serving/conditions.py",
        "    if query.region:\n",
        "    if query.ids:\n        made.append(feature.c.public_id.in_(query.ids))\n    if query.region:\n",
    )
    tree.start()
    tree.load(ROW + "X-2,2024-03-06,Teachers protest,440300\n")
    one, none, unknown = tree.ask(
        "/api/collections/strikes/items?ids=S-2024-000009",
        "/api/collections/strikes/items?ids=S-1999-000001",
        "/api/collections/regions/items?ids=S-2024-000009",
    )
    assert matched(one) == 1
    assert matched(none) == 0
    assert unknown[0] == 400


def test_a_new_language_arrives(tree: Tree) -> None:
    """A folder of texts and one line: the page speaks it, and offers it on every other page."""
    for path in sorted((tree.folder / "web/locale/en").glob("*.json")):
        texts = json.loads(path.read_text(encoding="utf-8"))
        marked = {key: f"«{text}»" for key, text in texts.items()}
        tree.add(f"web/locale/eo/{path.name}", json.dumps(marked, ensure_ascii=False))
    tree.change("web/translations.py", 'LANGUAGES = {"en": "EN"', 'LANGUAGES = {"eo": "EO", "en": "EN"')
    tree.start()
    tree.load(ROW)
    page, other = tree.ask("/?lang=eo&record=S-2024-000008", "/?lang=en")
    assert page[0] == 200, page[1]
    assert '<html lang="eo"' in page[1]
    assert "«" in page[1]
    assert "Bus drivers strike" in page[1]
    assert "Strikes &amp; protests" in page[1]
    assert "lang=eo" in other[1]
