from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = ("scripts/bootstrap", "scripts/serve", "scripts/test", ".ci/run")


def make_programs(folder: Path, **programs: str) -> Path:
    """Make a folder of programs, each a line of shell, to stand in PATH before the system's own."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, line in programs.items():
        program = folder / name.replace("_", "-")
        program.write_text(f"#!/bin/sh\n{line}\n")
        program.chmod(0o755)
    return folder


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Make a checkout with nothing installed in it."""
    for name in (*SCRIPTS, "requirements.lock", "pyproject.toml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy2(ROOT / name, tmp_path / name)
    return tmp_path


def run(
    checkout: Path, script: str, *arguments: str, path: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a script of the checkout with only `path` and `environment` set."""
    return subprocess.run(
        [checkout / script, *arguments],
        env={"PATH": path, "HOME": str(checkout), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_can_be_run_by_any_shell(script: str) -> None:
    """A fresh Debian has sh, and neither make nor bash need be asked for."""
    assert os.access(ROOT / script, os.X_OK)
    assert (ROOT / script).read_text().startswith("#!/bin/sh\n")


def test_bootstrap_says_what_root_should_type(checkout: Path, tmp_path: Path) -> None:
    """Who may not install gets the one line for who may."""
    programs = make_programs(tmp_path / "bin", id="echo 1000", apt_get="exit 9", chromium=":", python3="exit 1")
    link(programs, "dirname", "ls")
    done = run(checkout, "scripts/bootstrap", path=str(programs))
    assert done.returncode == 1
    assert done.stderr.strip() == "As root, run: apt-get install python3-venv"
    assert not (checkout / ".venv").exists()


def test_bootstrap_uses_sudo_where_it_is(checkout: Path, tmp_path: Path) -> None:
    """With sudo nobody has to type anything; what the packages say is shown when they fail."""
    programs = make_programs(
        tmp_path / "bin",
        id="echo 1000",
        sudo='echo "as root: $*"; exit 5',
        python3="exit 1",
        apt_get=":",
        pg_createcluster=":",
    )
    link(programs, "dirname", "mktemp", "cat", "rm", "env")
    done = run(checkout, "scripts/bootstrap", path=str(programs))
    assert done.returncode == 1
    assert "Installing python3-venv" in done.stderr
    assert "as root: apt-get" in done.stderr
    assert "could not be installed" in done.stderr


def test_bootstrap_knows_other_systems(checkout: Path, tmp_path: Path) -> None:
    """Without apt it says what to do on macOS and Windows, and changes nothing."""
    programs = make_programs(tmp_path / "bin", python3="exit 1")
    link(programs, "dirname")
    done = run(checkout, "scripts/bootstrap", path=str(programs))
    assert done.returncode == 1
    assert "brew install postgis" in done.stderr
    assert "docker compose up" in done.stderr


def test_bootstrap_refuses_an_old_python(checkout: Path, tmp_path: Path) -> None:
    """The message says which version is needed and which is there."""
    old = 'case "$*" in *ensurepip*) ;; --version) echo Python 3.9.2;; *) exit 1;; esac'
    programs = make_programs(tmp_path / "bin", python3=old)
    link(programs, "dirname")
    done = run(checkout, "scripts/bootstrap", path=str(programs))
    assert done.returncode == 1
    assert done.stderr.strip() == "Python 3.11 or later is needed; this machine has Python 3.9.2."


def test_bootstrap_for_tests_asks_for_a_browser(checkout: Path, tmp_path: Path) -> None:
    """Chromium, its driver's library and a Chinese font are needed by the tests only."""
    programs = make_programs(tmp_path / "bin", id="echo 1000", apt_get=":", python3=":", uname="echo Darwin")
    link(programs, "dirname", "grep")
    done = run(checkout, "scripts/bootstrap", "test", path=str(programs))
    assert done.returncode == 1
    assert "apt-get install chromium" in done.stderr


def test_the_stamp_follows_the_lock(checkout: Path, tmp_path: Path) -> None:
    """A changed lock is installed at the next start; an unchanged one costs nothing and says nothing."""
    programs = make_programs(tmp_path / "bin", python3=f'exec {sys.executable} "$@"')
    link(programs, "dirname", "cat", "mkdir")
    make_programs(checkout / ".tools" / "bin", uv='echo "$*" >>"$HOME/calls"; mkdir -p .venv')
    assert run(checkout, "scripts/bootstrap", path=str(programs)).returncode == 0
    make_programs(checkout / ".venv" / "bin", labourmap=":")
    first = (checkout / "calls").read_text()
    assert "--no-deps --require-hashes -r requirements.lock" in first
    quiet = run(checkout, "scripts/bootstrap", path=str(programs))
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, "", "")
    assert (checkout / "calls").read_text() == first
    with (checkout / "requirements.lock").open("a") as lock:
        lock.write("\n")
    assert run(checkout, "scripts/bootstrap", path=str(programs)).returncode == 0
    again = (checkout / "calls").read_text().removeprefix(first)
    assert "-r requirements.lock" in again
    assert "venv" not in again


def test_one_failed_check_fails_the_test_but_stops_none(checkout: Path) -> None:
    """Everything is run and the failed ones are named at the end; arguments reach pytest."""
    make_programs(checkout / "scripts", bootstrap=":")
    passing = dict.fromkeys(("ruff", "lint_imports", "shellcheck", "npm"), ":")
    make_programs(checkout / ".venv" / "bin", mypy="exit 1", pytest='echo "pytest got $*"', **passing)
    (checkout / "package-lock.json").write_text("{}")
    (checkout / "node_modules").mkdir()
    done = run(checkout, "scripts/test", "-k", "one thing", path=os.environ["PATH"])
    assert done.returncode == 1
    assert done.stderr.split() == ["Failed:", "mypy:", "types"]
    assert "pytest got -k one thing" in done.stdout


def test_continuous_integration_runs_the_same(checkout: Path) -> None:
    """CI adds nothing of its own: what passes here passes there."""
    make_programs(checkout / "scripts", test='echo "everything, with CI=$CI"')
    done = run(checkout, ".ci/run", path=os.environ["PATH"], CI="true")
    assert done.stdout == "everything, with CI=true\n"


def test_serve_sets_up_and_hands_its_arguments_on(checkout: Path) -> None:
    """One command from nothing to a map."""
    make_programs(checkout / "scripts", bootstrap="echo set up")
    make_programs(checkout / ".venv" / "bin", labourmap='echo "labourmap $*"')
    done = run(checkout, "scripts/serve", "--port", "9000", path=os.environ["PATH"])
    assert done.stdout == "set up\nlabourmap serve --port 9000\n"


def link(folder: Path, *programs: str) -> None:
    """Let `folder` have some of the system's own programs."""
    for name in programs:
        found = shutil.which(name, path="/usr/bin:/bin:/usr/sbin:/sbin")
        assert found is not None
        (folder / name).symlink_to(found)
