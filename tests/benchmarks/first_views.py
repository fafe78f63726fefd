"""What a reader's first view costs, in Chromium as a slow phone: bytes, first picture, live map, frames, heap.

The processor is slowed four times, the line has 10 Mbit/s and 40 ms. Each visit has an empty cache; ours and the bare
page take turns, so that both meet the same machine.

The first picture is the same thing on both pages: the provinces on the screen. In every frame `WATCH_SHAPES` looks
whether the document holds their shapes; the start of the frame after the one that draws them is the moment counted. A
browser draws no frame, and calls nothing for one, while a style sheet that holds drawing up is on its way. The
browser's first contentful paint stands beside it: on the bare page it is Leaflet's buttons, long before any province.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from geo.errors import SetupError
from tests.benchmarks.bare_page import serve_bare_page
from tests.benchmarks.benchmark_database import say
from tests.benchmarks.servers import Server

SLOWED = 4
LINE = {"offline": False, "latency": 40, "downloadThroughput": 1_250_000, "uploadThroughput": 1_250_000}
PHONE = {"width": 390, "height": 844}
FLAGS = ("--headless", "--disable-gpu", "--no-first-run", *(("--no-sandbox",) if os.geteuid() == 0 else ()))
PATIENCE_SECONDS = 60
WATCH_FRAMES = """(() => {
    let last = performance.now();
    window.longestFrame = 0;
    const step = (now) => {
        window.longestFrame = Math.max(window.longestFrame, now - last);
        last = now;
        requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
})()"""

PROVINCES = 34
WATCH_SHAPES = f"""(() => {{
    const look = () => {{
        const isThere = document.querySelectorAll('path.land, path.leaflet-interactive').length >= {PROVINCES};
        requestAnimationFrame(isThere ? () => performance.mark('seen') : look);
    }};
    requestAnimationFrame(look);
}})()"""
"""Marks the first picture: the start of the frame after the one that draws the provinces' shapes."""


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One first view. Milliseconds since the request; bytes on the wire, headers too, of what was asked for until then.

    `later` are bytes of what the page asks for by itself afterwards; `paint` is the first contentful paint.
    """

    bytes: int
    later: int
    picture: float
    paint: float
    live: float
    frames: dict[str, float]
    heap: int


def measure_first_views(server: Server, rounds: int) -> dict[str, list[Visit]]:
    """Return the visits to our page and to the bare one, in turns, after one of each that is not counted."""
    program = shutil.which("chromium")
    if program is None:
        raise SetupError("Chromium is not installed: scripts/bootstrap test")
    visits: dict[str, list[Visit]] = {"bare": [], "ours": []}
    with (
        serve_bare_page(find_topology(server)) as bare,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        for turn in range(rounds + 1):
            for name, address, walk in (("bare", bare, None), ("ours", server.base, open_levels)):
                seen = visit(browser, address, walk)
                say(f"{name}: {seen}")
                if turn:
                    visits[name].append(seen)
        browser.close()
    return visits


def find_topology(server: Server) -> str:
    """Return the address of the outlines that our page draws first; waits until the server has read its columns."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with urllib.request.urlopen(server.base, timeout=60) as answer:  # noqa: S310  (our own loopback address)
                page = answer.read().decode()
            break
        except urllib.error.HTTPError as problem:
            if problem.code != HTTPStatus.SERVICE_UNAVAILABLE or time.monotonic() > deadline:
                raise SetupError(f"The page answers {problem.code}.") from problem
            time.sleep(1)
    found = re.search(r'href="(/topology/[^"]*)"', page)
    if found is None:
        raise SetupError("The page names no topology.")
    return server.base + found[1]


def visit(browser: Browser, address: str, walk: Callable[[Page], dict[str, float]] | None) -> Visit:
    """Open a page with an empty cache and wait until its map is live; then walk."""
    context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]  # a plain dictionary
    page = context.new_page()
    session = context.new_cdp_session(page)
    asked, sizes = watch_network(session)
    session.send("Performance.enable")
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    session.send("Network.emulateNetworkConditions", LINE)
    page.add_init_script(WATCH_SHAPES)
    page.goto(address)
    live = wait_for(page, "performance.getEntriesByName('live')[0]?.startTime")
    picture = wait_for(page, "performance.getEntriesByName('seen')[0]?.startTime")
    paint = wait_for(page, "performance.getEntriesByName('first-contentful-paint')[0]?.startTime")
    until = (page.evaluate("performance.timeOrigin") + live) / 1000
    page.wait_for_timeout(3000)
    before_walk = dict(sizes)
    frames = walk(page) if walk else {}
    heap = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}["JSHeapUsedSize"]
    parts = {True: 0, False: 0}
    for request, size in before_walk.items():
        parts[asked.get(request, until) <= until] += size
    context.close()
    return Visit(
        bytes=parts[True],
        later=parts[False],
        picture=picture,
        paint=paint,
        live=live,
        frames=frames,
        heap=int(heap),
    )


def watch_network(session: CDPSession) -> tuple[dict[str, float], dict[str, int]]:
    """Return two tables that fill themselves: when each request was sent, and how many bytes its answer took."""
    asked: dict[str, float] = {}
    sizes: dict[str, int] = {}

    def note_request(event: dict[str, Any]) -> None:
        if not event["request"]["url"].startswith("data:"):
            asked[event["requestId"]] = event["wallTime"]

    session.on("Network.requestWillBeSent", note_request)
    session.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    session.send("Network.enable")
    return asked, sizes


def open_levels(page: Page) -> dict[str, float]:
    """Open the largest province, then its largest prefecture; return the longest frame of each."""
    frames = {}
    wait_for(page, "document.documentElement.dataset.ready")
    page.evaluate(WATCH_FRAMES)
    for level in ("prefecture", "county"):
        page.evaluate("window.longestFrame = 0")
        page.evaluate("document.querySelector('.ring-marker:not([data-remainder])').click()")
        wait_for(page, f"document.documentElement.dataset.level === '{level}'")
        page.wait_for_timeout(1000)
        frames[level] = float(page.evaluate("window.longestFrame"))
    return frames


def wait_for(page: Page, expression: str) -> Any:
    """Return the value of an expression once it has one. Polls rarely, so as not to be what is measured."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if found := page.evaluate(expression):
            return found
        page.wait_for_timeout(200)
    raise SetupError(f"The page never came to {expression}")


def median(visits: list[Visit], what: Callable[[Visit], float]) -> float:
    """Return the median of one figure."""
    return statistics.median(what(one) for one in visits)
