"""What every test in a real browser needs: a Chromium, a running app, a page that records what goes wrong.

    pytestmark = browser_support.needs_browser

    def test_it(tmp_path):
        with running_app(history) as app, opened_page(app.url) as (page, seen):
            page.get_by_text("Funnel").wait_for()
        seen.assert_clean()

`python -m tests.browser_support` prints the Chromium that is used and exits 1 when there is none.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

import pytest
from playwright.sync_api import expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator, Page, WebSocket

expect.set_options(timeout=30_000)
ROOT = Path(__file__).resolve().parents[1]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"), Path("/Applications/Chromium.app/Contents/MacOS/Chromium"))
OWN_HOSTS = ("127.0.0.1", "localhost")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    # a second wall: even a request that slipped through finds no address
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
]


def chromium() -> str | None:
    """Path of the Chromium in use: CHROMIUM in the environment, else on PATH, else in its usual place; None when there is none."""
    named = os.environ.get("CHROMIUM", "")
    if named:
        return shutil.which(named)
    return next((found for found in map(shutil.which, NAMES) if found), None) or next((str(place) for place in PLACES if place.exists()), None)


needs_browser = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium() is None, reason="no Chromium on this machine (install chromium, or name it with CHROMIUM=/path)"),
]


@dataclass
class RunningApp:
    """A server process under test. `log` is what it wrote so far."""

    url: str
    port: int
    process: subprocess.Popen[bytes]
    log_file: Path

    @property
    def log(self) -> str:
        return self.log_file.read_text(encoding="utf-8", errors="replace")


@dataclass
class Seen:
    """What a page did while it was open: every request and websocket, and what the console complained of."""

    requests: list[str] = field(default_factory=list)
    websockets: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def off_host(self) -> list[str]:
        """Requests and websockets to any host but this machine. data: and blob: never leave the page."""
        urls = [*self.requests, *self.websockets]
        return [url for url in urls if urlsplit(url).scheme not in ("data", "blob", "about") and urlsplit(url).hostname not in OWN_HOSTS]

    def assert_clean(self) -> None:
        """No request off the host, no error and no breach of the content security policy in the console."""
        assert self.off_host == []
        assert self.errors == []


def free_port() -> int:
    """A port on the loopback address that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running_app(history: Path, port: int | None = None, environment: Mapping[str, str] | None = None) -> Iterator[RunningApp]:
    """`plumbline serve` on the history, in a process and a home folder of its own, until the block ends."""
    port = port or free_port()
    with running([sys.executable, "-m", "plumbline", "serve", "--history", str(history), "--port", str(port)], port, environment) as app:
        yield app


@contextlib.contextmanager
def running(command: Sequence[str], port: int, environment: Mapping[str, str] | None = None, seconds: float = 60) -> Iterator[RunningApp]:
    """The command as a server process: yields when it answers on the port, ends it with SIGTERM."""
    with tempfile.TemporaryDirectory(prefix="plumbline-test-") as folder:
        log_file = Path(folder) / "server.log"
        variables = {**os.environ, "PLUMBLINE_HOME": folder, "PYTHONUNBUFFERED": "1", **(environment or {})}
        with log_file.open("wb") as log:
            process = subprocess.Popen(command, cwd=ROOT, env=variables, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
        app = RunningApp(f"http://127.0.0.1:{port}", port, process, log_file)
        try:
            wait_until_healthy(app, seconds)
            yield app
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_until_healthy(app: RunningApp, seconds: float) -> None:
    """Returns when the server answers; AssertionError with its log when it ended or took longer."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert app.process.poll() is None, f"the server ended with status {app.process.returncode}:\n{app.log}"
        try:
            with urllib.request.urlopen(f"{app.url}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise AssertionError(f"the server did not answer within {seconds} s:\n{app.log}")


@contextlib.contextmanager
def opened_browser() -> Iterator[Browser]:
    """A headless Chromium. One per test module is enough: give each test a page of its own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def opened_page(
    url: str | None = None, *, browser: Browser | None = None, scheme: str = "light", size: tuple[int, int] = (1440, 900), scale: float = 1
) -> Iterator[tuple[Page, Seen]]:
    """A fresh page (own cookies and cache), already at `url` when one is given, and the record of what it does.

    `scheme` is light or dark, `size` the viewport in CSS pixels, `scale` device pixels per CSS pixel. Without `browser` one is launched.
    """
    with contextlib.ExitStack() as stack:
        browser = browser or stack.enter_context(opened_browser())
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, device_scale_factor=scale, locale="en-GB", accept_downloads=True
        )
        stack.callback(context.close)
        seen = recorded(context)
        page = context.new_page()
        page.on("websocket", lambda websocket: seen.websockets.append(websocket.url))
        _runs[page] = Runs(page)
        if url is not None:
            page.goto(url)
        yield page, seen


def recorded(context: BrowserContext) -> Seen:
    """Records what every page of the context does from now on."""
    seen = Seen()
    context.on("request", lambda request: seen.requests.append(request.url))
    context.on("console", lambda message: seen.errors.append(message.text) if message.type == "error" else None)
    context.on("weberror", lambda error: seen.errors.append(str(error.error)))
    return seen


class Runs:
    """Whether a page still waits for a run of its script: told from the frames of its websocket.

    What the page shows of it comes too late: between a click and the server's first word the page still calls itself at rest. Here a run
    is owed from the moment the page asks for one until one that began afterwards has ended.
    """

    def __init__(self, page: Page) -> None:
        self.asked = self.begun = 0
        self.owed = False
        page.on("websocket", self._connected)

    def _connected(self, websocket: WebSocket) -> None:
        self.owed = True  # a page that connects asks for its first run
        websocket.on("framesent", self._sent)
        websocket.on("framereceived", self._received)

    def _sent(self, frame: bytes | str) -> None:
        if isinstance(frame, bytes) and BackMsg.FromString(frame).WhichOneof("type") == "rerun_script":
            self.asked += 1
            self.owed = True

    def _received(self, frame: bytes | str) -> None:
        message = ForwardMsg.FromString(frame) if isinstance(frame, bytes) else ForwardMsg()
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.begun = self.asked
        elif kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN and self.begun == self.asked:
            self.owed = False


_runs: WeakKeyDictionary[Page, Runs] = WeakKeyDictionary()
_DRAWN = "document.querySelectorAll('[data-testid=stSkeleton], [data-stale=true]').length === 0"
QUIET = 0.3  # seconds: longer than a slider waits before it tells the server


def wait_until_still(page: Page, milliseconds: int = 30_000) -> None:
    """Waits until every run that the page asked for has ended and the page has shown nothing as a placeholder or out of date since `QUIET`."""
    runs = _runs[page]
    deadline = time.monotonic() + milliseconds / 1000
    still_since = time.monotonic()
    while time.monotonic() - still_since < QUIET:
        assert time.monotonic() < deadline, f"the page is still {'running' if runs.owed else 'drawing'}"
        page.wait_for_timeout(50)
        # not wait_for_function: it evaluates text in the page, which the content security policy rightly refuses
        if runs.owed or page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').count() == 0 or not page.evaluate(_DRAWN):
            still_since = time.monotonic()


def click_mark(page: Page, chart: Locator, mark: Locator, milliseconds: int = 30_000) -> str:
    """Clicks a mark of a chart once the chart answers to the pointer and the mark stands still; the text of its hover."""
    hover = chart.locator(".hoverlayer .hovertext")
    deadline = time.monotonic() + milliseconds / 1000
    while time.monotonic() < deadline:
        wait_until_still(page)
        mark.scroll_into_view_if_needed()
        if box := mark.bounding_box():
            x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
            page.mouse.move(x - 4, y - 4)
            page.mouse.move(x, y)
            page.wait_for_timeout(200)
            if hover.count() and mark.bounding_box() == box:
                told = hover.first.text_content() or ""
                page.mouse.click(x, y)
                return told
    raise AssertionError("the mark never answered to the pointer")


if __name__ == "__main__":
    print(chromium() or "no Chromium")
    sys.exit(chromium() is None)
