"""Where the programs of a PostgreSQL with PostGIS are on this machine."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from geo.errors import SetupError

NEEDED = ("initdb", "pg_ctl", "pg_isready", "postgres")

INSTALL_TEXT = """No PostgreSQL with PostGIS was found on this machine. Install it and start again:
  Debian, Ubuntu   as root: apt-get install postgresql-postgis
  macOS            brew install postgis
  Windows          docker compose up
or name a running server in LABOURMAP_DATABASE_URL."""

VERSIONED_FOLDERS = (
    "usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "opt/homebrew/opt/postgresql@*/bin",  # Homebrew on Apple silicon
    "usr/local/opt/postgresql@*/bin",  # Homebrew on Intel
)


def find_programs(major: str | None = None, root: Path = Path("/")) -> Path:
    """Find the folder that holds `initdb`, `postgres` and their like, with PostGIS installed for that server.

    `major` asks for one major version ("15"), which a data folder made by it needs: a newer server refuses the
    folder. Order: what `pg_config` names, then the versioned folders under `root`, newest first, then PATH. Names on
    PATH are followed to the end of their links, because an unversioned link finds the programs but not their files.
    Raises SetupError with the line to type when nothing fits.
    """
    usable = [folder for folder in _candidates(root) if _has_postgis(folder)]
    for folder in usable:
        if major is None or read_major_version(folder) == major:
            return folder
    if usable:
        there = ", ".join(sorted({read_major_version(folder) for folder in usable}))
        raise SetupError(
            f"The database here was made by PostgreSQL {major}; this machine has PostGIS for PostgreSQL {there} only. "
            f"Install PostgreSQL {major} with PostGIS again (Debian: apt-get install postgresql-{major}-postgis-3), "
            "or move the database over with pg_upgrade."
        )
    raise SetupError(INSTALL_TEXT)


def read_major_version(folder: Path) -> str:
    """Ask the server program in `folder` for its major version, as the file PG_VERSION writes it ("15")."""
    answer = _ask(folder / "postgres", "--version")
    found = re.search(r"\d+", answer)
    return found.group() if found else ""


def _candidates(root: Path) -> list[Path]:
    found = []
    if named := shutil.which("pg_config"):
        found.append(Path(_ask(Path(named), "--bindir")))
    versioned = [folder for pattern in VERSIONED_FOLDERS for folder in root.glob(pattern)]
    found += sorted(versioned, key=_version_in_path, reverse=True)
    if named := shutil.which("initdb"):
        found.append(Path(named).resolve().parent)
    return list(dict.fromkeys(found))


def _version_in_path(folder: Path) -> list[int]:
    return [int(digits) for digits in re.findall(r"\d+", folder.parent.name)]


def _has_postgis(folder: Path) -> bool:
    if not all((folder / name).exists() for name in NEEDED):
        return False
    own = folder / "pg_config"
    shared = Path(_ask(own, "--sharedir")) if own.exists() else Path("/usr/share/postgresql", folder.parent.name)
    return (shared / "extension" / "postgis.control").exists()


def _ask(program: Path, question: str) -> str:
    """Return a program's answer, or "" if it refuses: Debian's pg_config may, without the -dev packages."""
    done = subprocess.run([program, question], capture_output=True, text=True, check=False)  # noqa: S603  (a found path)
    return done.stdout.strip()
