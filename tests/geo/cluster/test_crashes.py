from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from geo.cluster import Cluster
from geo.cluster_files import NO_PROCESS, find_database_user, read_recorded_pid, retire_pid
from geo.errors import SetupError

if TYPE_CHECKING:
    from tests.geo.cluster.conftest import Ask, OtherUser


def read_pid(data_dir: Path) -> int:
    """Read the process number of the server, dead or alive."""
    pid = read_recorded_pid(data_dir / "postgres" / "postmaster.pid")
    assert pid is not None
    return pid


def kill_server(data_dir: Path) -> None:
    """Kill the server and wait until nothing of it works any more."""
    os.kill(read_pid(data_dir), signal.SIGKILL)
    while Cluster(data_dir).is_running():
        time.sleep(0.02)


def write_pid(data_dir: Path, pid: int) -> None:
    """Let the dead server's lock file name another process, as after a restart of the machine."""
    file = data_dir / "postgres" / "postmaster.pid"
    lines = file.read_text().splitlines()
    file.write_text("\n".join([str(pid), *lines[1:]]) + "\n")


def start_as_database_user(*command: str) -> subprocess.Popen[bytes]:
    """Start another program under the user that runs the server."""
    return subprocess.Popen(command, **find_database_user().popen_arguments())


def wait_for_line(process: subprocess.Popen[str]) -> str:
    """Read the next line that another process says."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_a_killed_server_loses_nothing(data_dir: Path, ask: Ask) -> None:
    """What was committed before `kill -9` of PostgreSQL is there after the next start."""
    with Cluster(data_dir) as cluster:
        ask(cluster, "CREATE TABLE kept AS SELECT 7 AS figure", "postgres", "postgres")
        kill_server(data_dir)
    with Cluster(data_dir) as cluster:
        assert ask(cluster, "SELECT figure FROM kept", "postgres", "postgres") == 7


def test_a_zombie_does_not_keep_the_server_from_starting(
    kept_dir: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A killed server whose parent never reaps it looks alive to PostgreSQL, for ever in some containers."""
    monkeypatch.setattr("geo.postgres_server.ZOMBIE_SECONDS", 0.2)
    with Cluster(kept_dir, fast=True):
        kill_server(kept_dir)
    zombie = start_as_database_user("true")
    os.waitid(os.P_PID, zombie.pid, os.WEXITED | os.WNOWAIT)
    write_pid(kept_dir, zombie.pid)
    with Cluster(kept_dir, fast=True) as cluster:
        assert ask(cluster, "SELECT 1") == 1
    zombie.wait()


def test_a_zombie_is_given_time_to_be_reaped(kept_dir: Path) -> None:
    """A parent that reaps a little late is waited for."""
    with Cluster(kept_dir, fast=True):
        kill_server(kept_dir)
    zombie = start_as_database_user("true")
    os.waitid(os.P_PID, zombie.pid, os.WEXITED | os.WNOWAIT)
    write_pid(kept_dir, zombie.pid)
    threading.Timer(0.5, zombie.wait).start()
    began = time.monotonic()
    with Cluster(kept_dir, fast=True):
        assert zombie.returncode == 0
    assert 0.4 < time.monotonic() - began < 4


def test_a_process_number_given_to_another_program_does_not_matter(kept_dir: Path, ask: Ask) -> None:
    """After a restart of the machine the recorded number may be another program's, which is left alone."""
    with Cluster(kept_dir, fast=True):
        kill_server(kept_dir)
    sleeper = start_as_database_user("sleep", "60")
    write_pid(kept_dir, sleeper.pid)
    with Cluster(kept_dir, fast=True) as cluster:
        assert ask(cluster, "SELECT 1") == 1
    assert sleeper.poll() is None
    sleeper.kill()
    sleeper.wait()


def test_a_dead_server_s_living_worker_is_never_started_over(kept_dir: Path, ask: Ask) -> None:
    """Two servers writing one folder would destroy it: the check of shared memory survives our repair."""
    with Cluster(kept_dir, fast=True) as cluster:
        worker = ask(cluster, "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'", user="postgres")
        assert isinstance(worker, int)
        os.kill(worker, signal.SIGSTOP)
        kill_server(kept_dir)
    sleeper = start_as_database_user("sleep", "60")
    write_pid(kept_dir, sleeper.pid)
    try:
        with pytest.raises(SetupError, match="pre-existing shared memory block"):
            Cluster(kept_dir, fast=True).start()
    finally:
        os.kill(worker, signal.SIGCONT)
        sleeper.kill()
        sleeper.wait()
    while Path("/proc", str(worker), "cwd").exists():
        time.sleep(0.02)
    with Cluster(kept_dir, fast=True) as cluster:
        assert cluster.is_running()


def test_retiring_a_process_number_keeps_the_rest(tmp_path: Path) -> None:
    """The line that names the shared memory stays."""
    file = tmp_path / "postmaster.pid"
    file.write_text("123\n/data\n1700000000\n5432\n/tmp/s\n\n  52 4\nready   \n")
    retire_pid(file)
    assert file.read_text() == f"{NO_PROCESS}\n/data\n1700000000\n5432\n/tmp/s\n\n  52 4\nready   \n"


def test_the_last_user_stops_the_server(kept_dir: Path) -> None:
    """Who started it does not matter: it runs as long as anybody uses it."""
    first, second = Cluster(kept_dir, fast=True), Cluster(kept_dir, fast=True)
    first.start()
    second.start()
    first.stop()
    assert second.is_running()
    second.stop()
    assert not second.is_running()


def test_stopping_twice_is_stopping_once(kept_dir: Path) -> None:
    """A second `stop` of one user does not take the server from the others."""
    with Cluster(kept_dir, fast=True) as living:
        leaving = Cluster(kept_dir, fast=True)
        leaving.start()
        leaving.stop()
        leaving.stop()
        assert living.is_running()


def test_a_server_left_by_a_killed_user_is_stopped_by_the_next(kept_dir: Path, other_user: OtherUser) -> None:
    """`kill -9` of the program leaves its server behind, but not for ever."""
    killed = other_user(kept_dir)
    assert wait_for_line(killed) == "started"
    killed.kill()
    killed.wait()
    following = Cluster(kept_dir, fast=True)
    assert following.is_running()
    following.start()
    following.stop()
    assert not following.is_running()


def test_a_server_is_not_stopped_under_another_program(kept_dir: Path, other_user: OtherUser) -> None:
    """A command that comes and goes leaves the server to the program that still uses it."""
    living = other_user(kept_dir)
    assert wait_for_line(living) == "started"
    with Cluster(kept_dir, fast=True):
        pass
    assert Cluster(kept_dir).is_running()
    assert living.communicate("\n")[0].strip() == "stopped"
    assert not Cluster(kept_dir).is_running()


def test_two_first_starts_at_once_make_one_cluster(data_dir: Path, other_user: OtherUser) -> None:
    """The second waits for the first to make the cluster, and uses the same server."""
    both = [other_user(data_dir), other_user(data_dir)]
    assert [wait_for_line(process) for process in both] == ["started", "started"]
    assert (data_dir / "postgres.log").read_text().count("ready to accept connections") == 1


def test_another_temporary_directory_finds_the_same_server(
    kept_dir: Path, other_user: OtherUser, tmp_path: Path
) -> None:
    """The server's own file says where its sockets are, so a differing TMPDIR makes no second server."""
    with Cluster(kept_dir, fast=True):
        pid = read_pid(kept_dir)
        other = other_user(kept_dir, TMPDIR=str(tmp_path))
        assert wait_for_line(other) == "started"
        assert read_pid(kept_dir) == pid
        other.communicate("\n")


def test_a_half_made_cluster_is_made_again(data_dir: Path) -> None:
    """An initdb that was killed left its version file already, but under another name."""
    part = data_dir / "postgres.part"
    part.mkdir()
    part.joinpath("PG_VERSION").write_text("15\n")
    with Cluster(data_dir, fast=True) as cluster:
        assert cluster.is_running()
    assert not part.exists()
