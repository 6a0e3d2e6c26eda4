"""The gate before Streamlit: who may open a session, take one up again, upload, and give orders. A real server, real websockets."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus

from plumbline.ui.sessions import is_order
from tests.browser_support import ROOT, RunningApp, free_port, running
from tests.figures import measured
from tests.test_server import get, serve_command
from tests.visitors import Visit, put, visit

SCRIPT = """
import streamlit as st

if st.query_params.get("asks"):
    taken = st.file_uploader("file")
st.html("<b>here</b>")
"""
MIB = 1 << 20


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    folder = tmp_path_factory.mktemp("gate")
    script, port = folder / "tiny.py", free_port()
    script.write_text(SCRIPT)
    settings = {"PLUMBLINE_UPLOAD_MB": "100", "PLUMBLINE_UPLOADS_MEMORY_MB": "150"}
    with running(serve_command(script, port, folder / "h.duckdb"), port, settings) as found:
        yield found


def place(opened: Visit, name: str = "11111111-1111-1111-1111-111111111111") -> str:
    return f"/_stcore/upload_file/{opened.session_id}/{name}"


def own(opened: Visit) -> dict[str, str]:
    return {"Cookie": opened.cookie, "X-Xsrftoken": opened.cookies["_streamlit_xsrf"]}


def megabytes(app: RunningApp) -> float:
    return psutil.Process(app.process.pid).memory_info().rss / MIB


def test_an_upload_that_no_screen_asked_for_is_refused_and_kept_nowhere(app: RunningApp) -> None:
    forged = "2|00000000|" + "0" * 32 + "|1700000000"
    with visit(app.port) as opened:
        opened.go()
        before = megabytes(app)
        content = b"x" * (90 * MIB)
        for headers in (own(opened), {"Cookie": f"_streamlit_xsrf={forged}", "X-Xsrftoken": forged}, {}):
            for number in range(2):
                status, _ = put(app.port, place(opened, f"{number}"), content, headers)
                assert status in (0, 403), (status, headers)
        status, said = put(app.port, place(opened), b"small", own(opened))
        assert status == 403 and b"asks for files" in said
        grown = megabytes(app) - before
    assert grown <= 5
    measured(f"6 uploads of 90 MB that no screen asked for: refused, memory grew by {max(0, grown):.1f} MB")


def test_an_upload_passes_where_a_screen_asks_for_it(app: RunningApp) -> None:
    with visit(app.port) as opened:
        opened.go(query="asks=1")
        assert put(app.port, place(opened), b"a,b\n1,2\n", own(opened))[0] == 204


def test_the_id_of_a_session_is_not_enough(app: RunningApp) -> None:
    with visit(app.port) as opened, visit(app.port) as other:
        opened.go(query="asks=1")
        other.go(query="asks=1")
        assert put(app.port, place(opened), b"x", own(other))[0] == 403
        anonymous = {"Cookie": f"_streamlit_xsrf={opened.cookies['_streamlit_xsrf']}", "X-Xsrftoken": opened.cookies["_streamlit_xsrf"]}
        assert put(app.port, place(opened), b"x", anonymous)[0] == 403
    with visit(app.port, cookies={}) as nobody:  # a client that takes no cookies has screens, but no uploads
        nobody.go(query="asks=1")
        assert put(app.port, place(nobody), b"x", anonymous)[0] == 403


def test_one_sum_for_all_sessions_freed_when_they_close(app: RunningApp) -> None:
    content = b"x" * (90 * MIB)
    with visit(app.port) as first, visit(app.port) as second:
        first.go(query="asks=1")
        second.go(query="asks=1")
        assert put(app.port, place(first), content, own(first))[0] == 204
        status, said = put(app.port, place(second), content, own(second))
        assert status in (0, 503) and (not said or b"Others upload" in said)
        full = megabytes(app)
    deadline = time.monotonic() + 20
    while megabytes(app) > full - 60 and time.monotonic() < deadline:
        time.sleep(0.2)
    assert megabytes(app) < full - 60
    with visit(app.port) as later:
        later.go(query="asks=1")
        assert put(app.port, place(later), content, own(later))[0] == 204


def test_an_upload_without_a_length_is_refused(app: RunningApp) -> None:
    with visit(app.port) as opened:
        opened.go(query="asks=1")
        assert (
            get(app, place(opened), "PUT", Transfer_Encoding="chunked", **{name.replace("-", "_"): text for name, text in own(opened).items()})[0]
            == 411
        )


@pytest.mark.parametrize(
    "origin", ["http://localhost:3000", "http://127.0.0.1:1", "null", "http://evil.example", "https://127.0.0.1.evil.example", "http://[::1"]
)
def test_a_page_of_another_origin_opens_nothing(app: RunningApp, origin: str) -> None:
    with pytest.raises((InvalidStatus, ConnectionClosed)), visit(app.port, origin=origin) as opened:
        opened.go()
    assert get(app, "/_stcore/upload_file/s/f", "PUT", Origin=origin, Content_Length="0")[0] == 403


def test_a_session_is_taken_up_again_only_by_who_opened_it(app: RunningApp) -> None:
    with visit(app.port) as opened:
        opened.go()
        with visit(app.port, session=opened.session_id) as thief:
            thief.go()
            assert thief.session_id != opened.session_id
        again = opened.go()
        assert again.errors == []
    with visit(app.port, cookies=opened.cookies, session=opened.session_id) as back:
        back.go()
        assert back.session_id == opened.session_id


def test_no_path_and_no_version_of_the_machine_is_told(app: RunningApp) -> None:
    with visit(app.port) as opened:
        opened.go()
        told = opened.first.new_session
        assert told.main_script_path == "tiny.py" and not told.initialize.environment_info.python_version
        assert str(Path(app.log_file).parent) not in str(told) and "/gate" not in str(told)


def test_orders_that_no_screen_gives_are_dropped(app: RunningApp) -> None:
    orders = {name: BackMsg() for name in ("clear_cache", "set_run_on_save", "load_git_info", "install_skills", "dismiss_skills_nudge")}
    orders["clear_cache"].clear_cache = True
    orders["set_run_on_save"].set_run_on_save = True
    orders["load_git_info"].load_git_info = True
    orders["install_skills"].backend_operation_request.install_skills.SetInParent()
    orders["dismiss_skills_nudge"].backend_operation_request.dismiss_skills_nudge.SetInParent()
    assert [name for name, order in orders.items() if is_order(order.SerializeToString())] == []
    allowed = BackMsg()
    allowed.rerun_script.query_string = ""
    assert is_order(allowed.SerializeToString())
    with visit(app.port) as opened:
        opened.go()
        for order in orders.values():
            opened.socket.send(order.SerializeToString())
        assert opened.go().errors == []


@pytest.mark.parametrize(("host", "is_open"), [("0.0.0.0", True), ("127.0.0.1", False)])
def test_an_address_that_others_reach_is_said(tmp_path: Path, host: str, is_open: bool) -> None:
    log = (tmp_path / "log").open("w+", encoding="utf-8")
    command = [sys.executable, "-m", "plumbline", "serve", "--host", host, "--port", str(free_port()), "--history", str(tmp_path / "none.duckdb")]
    process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT, env={**os.environ, "PLUMBLINE_HOME": str(tmp_path)})
    try:
        deadline = time.monotonic() + 120
        while "Plumbline is at" not in (said := (tmp_path / "log").read_text(encoding="utf-8")) and time.monotonic() < deadline:
            time.sleep(0.2)
            assert process.poll() is None, said
        assert said.count("there is no log-in") == is_open
    finally:
        process.terminate()
        process.wait(30)
        log.close()
