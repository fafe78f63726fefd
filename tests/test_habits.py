"""What every file of the tree keeps to, whoever wrote it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LINES = 300
FUNCTION_LINES = 40
SAYS_NOTHING = re.compile(r"(^|/)(utils?|helpers?|common|misc|core|managers?|services?)\.(py|js)$")
OUTSIDE = re.compile(
    r"^(\.git|\.venv|\.tools|var|node_modules|migrations/versions)/|(^|/)(\.[a-z_]+_cache|__pycache__)/"
)
MACHINE_PATH = re.compile(r"/(work|farm)/|/root/\.|/home/[a-z]+/")


def tracked(*patterns: str) -> list[Path]:
    """Files that match `patterns` and belong to the project; generated migrations and installed things left out."""
    return [
        path
        for pattern in patterns
        for path in sorted(ROOT.rglob(pattern))
        if path.is_file() and not OUTSIDE.search(str(path.relative_to(ROOT)))
    ]


CODE = tracked("*.py", "*.js", "*.css", "*.html", "*.j2")


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_has_one_subject(path: Path) -> None:
    """A file that passes 300 lines has two subjects."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LINES


@pytest.mark.parametrize(
    "path", [path for path in CODE if path.suffix == ".py"], ids=lambda p: str(p.relative_to(ROOT))
)
def test_a_function_can_be_read_at_once(path: Path) -> None:
    """Functions have at most 40 lines."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= FUNCTION_LINES, f"{node.name} has {length} lines"


def test_names_of_files_say_something() -> None:
    """A newcomer guesses the file from the question."""
    assert [path for path in CODE if SAYS_NOTHING.search(str(path.relative_to(ROOT)))] == []


def test_no_file_names_a_path_of_one_machine() -> None:
    """What runs here must run elsewhere."""
    for path in [*CODE, *tracked("*.md", "*.toml", "*.yaml", "*.sh", "scripts/*", "Dockerfile")]:
        if path != Path(__file__):
            assert not MACHINE_PATH.search(path.read_text(encoding="utf-8")), path


def test_code_is_finished() -> None:
    """What is left to do is said in the changelog or an issue, not left in the code."""
    for path in CODE:
        if path != Path(__file__):
            assert not re.search(r"\b(TODO|FIXME|XXX)\b|NotImplementedError", path.read_text(encoding="utf-8")), path
