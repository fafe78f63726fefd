from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import click
import pytest
import yaml  # type: ignore[import-untyped]  # its types are a package of their own, not worth one test

from app.cli import main
from app.settings import OwnerSettings, name_variable
from geo.cluster import OWNER_ROLE
from geo.database import EDITOR_ROLE, READER_ROLE

ROOT = Path(__file__).parents[2]
INSTRUCTION = re.compile(r"^([A-Z]+)\s+(.*)$", re.DOTALL)


def read_dockerfile() -> list[tuple[str, str]]:
    """Read the Dockerfile's instructions, continued lines joined."""
    lines = [line for line in (ROOT / "Dockerfile").read_text().splitlines() if not line.lstrip().startswith("#")]
    text = "\n".join(lines).replace("\\\n", " ")
    found = [INSTRUCTION.match(line) for line in text.splitlines() if line.strip()]
    assert all(found), "a line that is no instruction"
    return [(match.group(1), match.group(2).strip()) for match in found if match]


def find_last_stage() -> list[tuple[str, str]]:
    """Find the instructions of the image that is shipped."""
    instructions = read_dockerfile()
    start = max(number for number, (word, _) in enumerate(instructions) if word == "FROM")
    return instructions[start:]


def read_last(word: str) -> str:
    """Read the one instruction of that word in the shipped image."""
    found = [rest for name, rest in find_last_stage() if name == word]
    assert len(found) == 1, f"{word} stands {len(found)} times"
    return found[0]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """Read compose.yaml."""
    read = yaml.safe_load((ROOT / "compose.yaml").read_text())
    assert isinstance(read, dict)
    return read


def test_the_image_does_not_run_as_root() -> None:
    """The last user is an ordinary one, made in the image."""
    user = read_last("USER")
    assert user not in {"root", "0"}
    assert any(word == "RUN" and rest.startswith("useradd") and rest.endswith(user) for word, rest in find_last_stage())


def test_the_first_process_reaps() -> None:
    """Without an init, a killed process stays as a zombie and signals are lost."""
    assert json.loads(read_last("ENTRYPOINT"))[0] == "tini"
    assert "install -y --no-install-recommends tini" in " ".join(rest for _, rest in find_last_stage())


def test_the_image_calls_a_command_that_exists() -> None:
    """The command and its options are those of this version."""
    program, command, *options = json.loads(read_last("CMD"))
    assert program == "labourmap"
    assert isinstance(main, click.Group)
    found = main.get_command(click.Context(main), command)
    assert found is not None
    named = {name for parameter in found.params for name in parameter.opts}
    assert {option for option in options if option.startswith("--")} <= named


def test_the_health_check_can_run_in_the_image() -> None:
    """It uses Python, which is there, asks the port that is served, and its program compiles."""
    check = read_last("HEALTHCHECK")
    command = json.loads(check[check.index("[") :])
    assert command[:2] == ["python", "-c"]
    compile(command[2], "HEALTHCHECK", "exec")
    exposed = [rest for word, rest in find_last_stage() if word == "EXPOSE"]
    port = exposed[0]
    assert port in command[2]
    assert port in json.loads(read_last("CMD"))
    assert exposed == [port, str(OwnerSettings(port=int(port)).port_for_editors)]


def test_images_are_named_by_version(compose: dict[str, Any]) -> None:
    """No base moves under us: each has a tag, and none is "latest"."""
    bases = [rest.split()[0] for word, rest in read_dockerfile() if word == "FROM"]
    images = [*bases, *(service["image"] for service in compose["services"].values() if "image" in service)]
    assert len(images) == 3
    assert all(re.search(r":\d", image) for image in images), images


def test_lists_of_packages_are_removed() -> None:
    """Every layer that updates the lists of Debian's packages removes them, and installs nothing that is not needed."""
    updating = [rest for word, rest in read_dockerfile() if word == "RUN" and "apt-get update" in rest]
    assert updating
    for run in updating:
        assert run.rstrip().endswith("rm -rf /var/lib/apt/lists/*")
        assert "--no-install-recommends" in run


def test_every_installation_checks_hashes() -> None:
    """What uv installs is held against requirements.lock."""
    installing = [shlex.split(rest) for word, rest in read_dockerfile() if word == "RUN" and "uv pip install" in rest]
    assert len(installing) == 2
    for words in installing:
        assert "--verify-hashes" in words
        assert "requirements.lock" in words


def test_everything_copied_is_there_and_let_through() -> None:
    """.dockerignore lets nothing through but what the image is built from."""
    let_through = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = {
        name
        for word, rest in read_dockerfile()
        if word == "COPY" and not rest.startswith("--from")
        for name in rest.split()[:-1]
    }
    assert copied == let_through
    assert all((ROOT / name).exists() for name in copied)


def test_no_secret_is_written_down(compose: dict[str, Any]) -> None:
    """Passwords come from variables that have no default, and an unset one stops the start."""
    text = (ROOT / "compose.yaml").read_text()
    addresses = [value for service in compose["services"].values() for value in service["environment"].values()]
    for value in addresses:
        if "PASSWORD" in value:
            assert re.search(r"\$\{LABOURMAP_(OWNER|READER)_PASSWORD:\?|\$\{LABOURMAP_EDITOR_PASSWORD:\+", value)
    assert compose["services"]["database"]["environment"]["POSTGRES_PASSWORD"].startswith("${")
    assert not re.search(r"PASSWORD:?-", text)
    assert not re.search(r"password|secret|token", (ROOT / "Dockerfile").read_text(), re.IGNORECASE)


def test_compose_sets_settings_that_exist(compose: dict[str, Any]) -> None:
    """The same settings as everywhere, and the roles that the application knows."""
    given = compose["services"]["map"]["environment"]
    assert given.keys() <= {name_variable(field) for field in OwnerSettings.model_fields}
    assert given["LABOURMAP_DATABASE_URL"].startswith(f"postgresql://{OWNER_ROLE}:")
    assert given["LABOURMAP_READER_URL"].startswith(f"postgresql://{READER_ROLE}:")
    assert f":+postgresql://{EDITOR_ROLE}:" in given["LABOURMAP_EDITOR_URL"]


def test_compose_waits_for_a_healthy_database(compose: dict[str, Any]) -> None:
    """The application starts when PostgreSQL answers, and the data outlives the containers."""
    database, served = compose["services"]["database"], compose["services"]["map"]
    assert served["depends_on"]["database"]["condition"] == "service_healthy"
    assert database["healthcheck"]["test"][1] == "pg_isready"
    assert database["volumes"][0].split(":")[0] in compose["volumes"]


def test_compose_opens_only_the_map_and_only_here(compose: dict[str, Any]) -> None:
    """The database has no port outside; map and editors' pages have one each on this machine, for a proxy."""
    assert "ports" not in compose["services"]["database"]
    assert [port.split(":")[0] for port in compose["services"]["map"]["ports"]] == ["127.0.0.1"] * 2
