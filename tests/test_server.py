"""`plumbline serve` from outside: a real process, real HTTP, a real browser. A tiny script stands in for the app."""

from __future__ import annotations

import asyncio
import gzip
import http.client
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
import streamlit
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse

from plumbline import server
from plumbline.errors import SettingError
from tests.browser_support import ROOT, RunningApp, free_port, needs_browser, opened_page, running, wait_until_still

SCRIPT = """
import os
import plotly.graph_objects as go
import polars as pl
import streamlit as st

st.title("Tiny")
count = st.slider("count", 1, 9, 3)
st.text(f"counted {count}")
st.text(f"history {os.environ.get('PLUMBLINE_HISTORY')}")
st.plotly_chart(go.Figure(go.Bar(x=["a", "b", "c"], y=[count, 2, 3])), key="bar", on_select="rerun")
st.plotly_chart(go.Figure(go.Funnel(y=["a", "b"], x=[2, 1])), key="funnel")
st.dataframe(pl.DataFrame({"lead": ["one", "two"], "n": [1, 2]}), key="table")
file = st.file_uploader("file")
st.text(f"uploaded {file.size if file else 0}")
st.download_button("download", b"abc", "abc.txt")
"""
UPLOAD_MB = 1


def serve_command(script: Path, port: int, history: Path) -> list[str]:
    arguments = f"port={port}, history=Path({str(history)!r}), script=Path({str(script)!r})"
    call = f"from pathlib import Path; from plumbline.server import serve; serve({arguments})"
    return [sys.executable, "-c", call]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    folder = tmp_path_factory.mktemp("tiny")
    script = folder / "tiny.py"
    script.write_text(SCRIPT)
    port = free_port()
    with running(serve_command(script, port, folder / "h.duckdb"), port, {"PLUMBLINE_UPLOAD_MB": str(UPLOAD_MB)}) as app:
        yield app


def get(app: RunningApp, path: str, method: str = "GET", **headers: str) -> tuple[int, http.client.HTTPMessage, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", app.port, timeout=10)
    connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, answer.msg, body


def asset(app: RunningApp) -> str:
    return get(app, "/")[2].decode().split('src="./static/', 1)[1].split('"', 1)[0]


PATHS = (
    "/",
    "/funnel",
    "/_stcore/health",
    "/_stcore/host-config",
    "/_stcore/metrics",
    "/favicon.png",
    "/media/none",
    "/nothing/",
    "//evil",
    "/..%2f..%2fetc",
)


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_headers(app: RunningApp, path: str) -> None:
    _, headers, _ = get(app, path)
    policy = headers["content-security-policy"]
    assert "default-src 'self';" in policy and "frame-ancestors 'none'" in policy and "object-src 'none'" in policy
    assert "unsafe-eval" not in policy and "script-src 'self' 'sha256-" in policy and "connect-src 'self';" in policy
    assert "*" not in policy and "http" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert headers["server"] is None


@pytest.mark.parametrize(
    "path", ["/_stcore/metrics", "/_stcore/metrics/", "/_stcore/agent/openapi.json", "/_stcore/agent/mcp", "/component/x/index.html"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_needless_endpoints_are_closed(app: RunningApp, path: str, method: str) -> None:
    assert get(app, path, method)[0] == 404


def test_another_hosts_name_gets_no_answer(app: RunningApp) -> None:
    assert get(app, "/", Host="evil.example")[0] == 400
    assert get(app, "/", Host=f"localhost:{app.port}")[0] == 200


def test_the_page_is_compressed_and_never_kept(app: RunningApp) -> None:
    _, headers, body = get(app, "/funnel", Accept_Encoding="gzip")
    assert headers["content-encoding"] == "gzip" and headers["cache-control"] == "no-cache"
    assert b'<div id="root">' in gzip.decompress(body)


def test_hashed_files_are_compressed_and_kept_for_a_year(app: RunningApp) -> None:
    path = "/static/" + asset(app)
    status, headers, plain = get(app, path)
    assert status == 200 and "content-encoding" not in headers and "immutable" in headers["cache-control"]
    status, headers, small = get(app, path, Accept_Encoding="gzip")
    assert status == 200 and headers["content-encoding"] == "gzip" and headers["vary"] == "Accept-Encoding"
    assert headers["cache-control"] == "public, immutable, max-age=31536000" and headers["content-type"].startswith("text/javascript")
    assert gzip.decompress(small) == plain and len(small) < len(plain) / 2
    status, headers, smaller = get(app, path, Accept_Encoding="gzip, br")
    assert headers["content-encoding"] == "br" and brotli.decompress(smaller) == plain and len(smaller) < len(small)
    status, headers, body = get(app, path, Accept_Encoding="identity")
    assert "content-encoding" not in headers and body == plain
    status, headers, body = get(app, path, "HEAD", Accept_Encoding="gzip")
    assert status == 200 and body == b"" and int(headers["content-length"]) == len(small)


def test_uploads_over_the_limit_or_without_a_session_are_refused(app: RunningApp) -> None:
    def status(path: str, length: int) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", app.port, timeout=10)
        connection.putrequest("PUT", path)
        connection.putheader("Content-Length", str(length))
        connection.endheaders()
        return connection.getresponse().status

    assert status("/_stcore/upload_file/s/f", (UPLOAD_MB + 2) * 2**20) == 413
    assert status("/", 2**20) == 413
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(urllib.request.Request(f"{app.url}/_stcore/upload_file/s/f", data=b"x", method="PUT"))
    assert refused.value.code == 403
    health = get(app, "/_stcore/health")[1]["set-cookie"].split(";")[0]
    token = health.split("=", 1)[1]
    with pytest.raises(urllib.error.HTTPError) as refused:
        headers = {"Cookie": health, "X-Xsrftoken": token}
        urllib.request.urlopen(urllib.request.Request(f"{app.url}/_stcore/upload_file/s/f", data=b"x", method="PUT", headers=headers))
    assert refused.value.code == 400 and b"session" in refused.value.read()


def chunked(path: str, chunks: int) -> list[int]:
    """Statuses sent for a chunked body of so many times 1,000 bytes, against limits of 5,000 (uploads, plus the margin) and 3,000."""
    sent: list[int] = []

    async def reads_all(scope: dict, receive: object, send: object) -> None:
        await Request(scope, receive).body()
        await PlainTextResponse("read")(scope, receive, send)

    async def receive() -> dict:
        nonlocal chunks
        chunks -= 1
        return {"type": "http.request", "body": b"x" * 1000, "more_body": chunks > 0}

    async def send(message: dict) -> None:
        if message["type"] == "http.response.start":
            sent.append(message["status"])

    limited = ExceptionMiddleware(server.BodyLimit(reads_all, upload_bytes=5000 - server.MULTIPART_MARGIN, other_bytes=3000))
    asyncio.run(limited({"type": "http", "method": "PUT", "path": path, "headers": []}, receive, send))
    return sent


def test_a_chunked_body_is_cut_at_the_limit() -> None:
    assert chunked("/_stcore/upload_file/s/f", 5) == [200]
    assert chunked("/_stcore/upload_file/s/f", 6) == [413]
    assert chunked("/elsewhere", 3) == [200]
    assert chunked("/elsewhere", 4) == [413]


def test_a_taken_port_is_refused_in_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SettingError) as refused:
            server.serve(port=port)
    assert str(refused.value) == f"port {port} is taken; stop the other program or choose one with --port"


def test_the_command_refuses_a_taken_port_in_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "plumbline", "serve", "--port", str(port)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"error: port {port} is taken; stop the other program or choose one with --port\n"


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", 70000), ("no.such.host.invalid", 0), ("192.0.2.1", 0)])
def test_an_address_that_cannot_be_had_is_refused(host: str, port: int) -> None:
    with pytest.raises(SettingError):
        server.listen(host, port)


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_without_a_word(tmp_path: Path, sign: signal.Signals) -> None:
    script, port = tmp_path / "tiny.py", free_port()
    script.write_text(SCRIPT)
    with running(serve_command(script, port, tmp_path / "h.duckdb"), port) as app:
        began = time.monotonic()
        app.process.send_signal(sign)
        assert app.process.wait(10) == 0
        assert time.monotonic() - began < 5
        assert app.log.splitlines() == [f"Plumbline is at http://127.0.0.1:{port} (Ctrl-C ends it)"]


@pytest.mark.browser
@needs_browser[1]
def test_in_a_browser_everything_works_and_nothing_leaves_the_host(app: RunningApp) -> None:
    with opened_page(app.url) as (page, seen):
        page.locator(".js-plotly-plot .barlayer .point path").first.wait_for()
        page.locator(".js-plotly-plot .funnellayer .point path").first.wait_for()
        page.get_by_test_id("stDataFrame").wait_for()
        assert "h.duckdb" in page.get_by_text("history ").inner_text()
        page.get_by_role("slider").press("ArrowRight")
        page.get_by_text("counted 4").wait_for()
        page.locator("input[type=file]").set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": b"x" * 1000})
        page.get_by_text("uploaded 1000").wait_for()
        with page.expect_download() as download:
            page.get_by_test_id("stDownloadButton").get_by_role("button").click()
        assert Path(download.value.path()).read_bytes() == b"abc"
        wait_until_still(page)
        assert [url for url in seen.websockets if url.startswith("ws://127.0.0.1")]
    seen.assert_clean()


@pytest.mark.browser
@needs_browser[1]
def test_the_recorder_sees_a_request_that_would_leave_and_the_policy_stops_it(app: RunningApp) -> None:
    with opened_page(app.url) as (page, seen):
        page.get_by_role("heading", name="Tiny").wait_for()
        page.evaluate("new Promise(done => { const i = new Image(); i.onerror = done; i.src = 'https://off-host.example/beacon.png'; })")
        page.evaluate("fetch('https://off-host.example/data').catch(() => 0)")
        assert any("Content Security Policy" in error for error in seen.errors)
        with pytest.raises(AssertionError):
            seen.assert_clean()
        # from a timer: what the browser's own tools evaluate is outside of the policy
        evaluated = """new Promise(done => setTimeout(() => { try { done(eval('1')) } catch { done('refused') } }))"""
        assert page.evaluate(evaluated) == "refused"


def test_the_heading_font_is_our_small_cut(app: RunningApp) -> None:
    names = [path.name for path in (Path(streamlit.__file__).parent / "static" / "static" / "media").glob("SourceSerifVariable-*.woff2")]
    roman, italic = (next(name for name in names if kind in name) for kind in ("Roman", "Italic"))
    status, headers, body = get(app, f"/static/media/{roman}")
    assert status == 200 and headers["content-type"] == "font/woff2" and headers["x-content-type-options"] == "nosniff"
    assert body == server.HEADING_FONT.read_bytes() and body[:4] == b"wOF2" and len(body) < 120_000
    assert "immutable" not in headers["cache-control"]
    assert get(app, f"/static/media/{roman}", "HEAD")[2] == b""
    assert len(get(app, f"/static/media/{italic}")[2]) > 300_000
    assert (server.HEADING_FONT.parent / "OFL.txt").is_file()
