"""The parent process of `labourmap serve`: it owns the data, and runs the public and the editors' application.

Three processes, because the public one must hold no credential but the reader's, and the editors' none but the
editors'. The parent prepares the database, publishes what is due every ten minutes, starts our own server again should
it have been killed, and on SIGTERM, SIGINT or SIGHUP stops the children and then the database.
"""

from __future__ import annotations

import os
import signal
import socket
import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.children import Child, bind, check_alive, format_address, make_environment, run_child, wait_for_answer
from app.settings import UPLOADS, EditorSettings, OwnerSettings, ReaderSettings
from app.setup import Database, open_database, prepare
from app.worker_child import WorkerChild, run_worker
from geo.database import make_engine
from geo.publishing.publish import publish_due
from geo.records.tombstones import read_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.progress import Progress

PUBLISH_SECONDS = 600
CHECK_SECONDS = 5
POLL_SECONDS = 0.25
LOCK_SECONDS = 2
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

EDITORS_REMEDY = "It is for the editors' pages: choose another with LABOURMAP_EDITOR_PORT."


class Stop(BaseException):
    """Somebody asked the program to end."""


def serve(settings: OwnerSettings, progress: Progress) -> None:
    """Prepare the database and serve it until told to stop.

    Raises SetupError when a port is taken, the database cannot be prepared, or an application ends by itself.
    """
    began = time.monotonic()
    try:
        with _signals_as_stop(), ExitStack() as stack:
            public = stack.enter_context(bind(settings.host, settings.port))
            editors = _bind_for_editors(settings, stack)
            progress.say("Starting the database")
            database = stack.enter_context(open_database(settings))
            prepare(database, progress)
            children = [_run_public(settings, database, public, stack)]
            workers = []
            if editors is not None and database.editor_url is not None:
                children.append(_run_editors(settings, database.editor_url, (public, editors), stack))
                workers.append(stack.enter_context(run_worker(database.owner_url, settings.data_dir, os.environ)))
            for child in children:
                wait_for_answer(child)
            _say_addresses(children, progress, time.monotonic() - began)
            _watch(children, workers, database, progress)
    except Stop:
        progress.say("Stopped")


def _bind_for_editors(settings: OwnerSettings, stack: ExitStack) -> socket.socket | None:
    """Take the editors' port, unless the operator's database has no address for them."""
    if settings.database_url is not None and settings.editor_url is None:
        return None
    return stack.enter_context(bind(settings.editor_host, settings.port_for_editors, EDITORS_REMEDY))


def _run_public(settings: OwnerSettings, database: Database, listening: socket.socket, stack: ExitStack) -> Child:
    environment = make_environment(ReaderSettings, settings, {"reader_url": database.reader_url}, os.environ)
    return stack.enter_context(run_child("public application", "app.public_process", environment, listening))


def _run_editors(
    settings: OwnerSettings, url: str, sockets: tuple[socket.socket, socket.socket], stack: ExitStack
) -> Child:
    """Run the editors' application; `sockets` are the public one's, to which its pages lead, and its own."""
    public, listening = sockets
    own = {"editor_url": url, "editor_host": settings.editor_host, "editor_port": str(listening.getsockname()[1])}
    own["tombstone_key"] = read_key(settings.data_dir).decode()
    own["base_url"] = settings.base_url or format_address(public).rstrip("/")
    own["uploads_dir"] = str(settings.data_dir.absolute() / UPLOADS)
    environment = make_environment(EditorSettings, settings, own, os.environ)
    return stack.enter_context(run_child("editors' application", "app.editor_process", environment, listening))


def _say_addresses(children: list[Child], progress: Progress, took: float) -> None:
    public, *others = children
    for child in others:
        progress.say(f"Editors sign in at {format_address(child.listening)}")
    progress.say(f"Labour Map is at {format_address(public.listening)} ({took:.0f} s). Ctrl-C stops it.")


def _watch(children: list[Child], workers: list[WorkerChild], database: Database, progress: Progress) -> None:
    engine = make_engine(database.owner_url)
    publish_at = time.monotonic() + PUBLISH_SECONDS
    check_at = time.monotonic() + CHECK_SECONDS
    try:
        while True:
            time.sleep(POLL_SECONDS)
            for child in children:
                check_alive(child)
            for worker in workers:
                worker.keep_running(progress)
            now = time.monotonic()
            if now >= check_at:
                check_at = now + CHECK_SECONDS
                _keep_running(database, progress)
            if now >= publish_at:
                publish_at = now + PUBLISH_SECONDS
                _publish(engine, progress)
    finally:
        engine.dispose()


def _keep_running(database: Database, progress: Progress) -> None:
    if database.cluster is not None and not database.cluster.is_running():
        with progress.step("The database had stopped; started again"):
            database.cluster.start()


def _publish(engine: sa.Engine, progress: Progress) -> None:
    """Publish what is due. A database away for a moment does not end the service: the next round tries again.

    Nor does it wait for a large load that is being published: it looks after the other processes meanwhile.
    """
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
            published = publish_due(connection)
        if published:
            progress.say(f"Records whose time has come published: {published}")
    except sa.exc.OperationalError as problem:
        progress.say(f"Nothing was published, and will be tried again: {problem.orig}")


@contextmanager
def _signals_as_stop() -> Iterator[None]:
    """Turn the first signal to end into Stop, and let later ones not disturb the stopping.

    A signal that was ignored when we were started stays so: that is how nohup and background jobs are made.
    """

    def stop(_number: int, _frame: object) -> None:
        for number in before:
            signal.signal(number, lambda *_: None)
        raise Stop

    before = {number: signal.getsignal(number) for number in STOP_SIGNALS}
    before = {number: handler for number, handler in before.items() if handler is not signal.SIG_IGN}
    for number in before:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
