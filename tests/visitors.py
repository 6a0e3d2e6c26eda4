"""A visitor of a running server without a browser: cookies, a websocket, what the screen said."""

from __future__ import annotations

import contextlib
import http.client
from collections.abc import Iterator
from dataclasses import dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect


@dataclass
class Visit:
    """An open websocket. `errors`: exceptions that screens showed; `first`: the first message about the session."""

    socket: ClientConnection
    cookies: dict[str, str]
    errors: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    elements: int = 0
    first: ForwardMsg | None = None

    @property
    def session_id(self) -> str:
        assert self.first is not None
        return self.first.new_session.initialize.session_id

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def go(self, page: str = "", query: str = "", seconds: float = 90) -> Visit:
        """Asks for a screen and reads until it is done."""
        order = BackMsg()
        order.rerun_script.page_name = page
        order.rerun_script.query_string = query
        self.socket.send(order.SerializeToString())
        return self.read(seconds)

    def read(self, seconds: float = 90) -> Visit:
        while True:
            message = ForwardMsg.FromString(self.socket.recv(timeout=seconds))
            kind = message.WhichOneof("type")
            if kind == "new_session" and self.first is None:
                self.first = message
            elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                self._see(message.delta.new_element)
            elif kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                return self

    def _see(self, element: object) -> None:
        self.elements += 1
        kind = element.WhichOneof("type")
        if kind == "exception":
            self.errors.append(element.exception.message)
        elif kind == "html":
            self.texts.append(element.html.body)


def cookies_of(port: int, cookie: str = "") -> dict[str, str]:
    """The cookies that the server gives with the sign that it is well."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/_stcore/health", headers={"Cookie": cookie} if cookie else {})
    answer = connection.getresponse()
    answer.read()
    told = [value.split(";")[0].split("=", 1) for value in answer.msg.get_all("set-cookie") or []]
    connection.close()
    return dict(told)


@contextlib.contextmanager
def visit(port: int, *, cookies: dict[str, str] | None = None, session: str = "", origin: str | None = "same") -> Iterator[Visit]:
    """A websocket as the frontend opens it. session: one to take up again; origin: None sends none."""
    cookies = cookies_of(port) if cookies is None else cookies
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())} if cookies else {}
    protocols = ["streamlit", cookies.get("_streamlit_xsrf", "none"), *([session] if session else [])]
    own = f"http://127.0.0.1:{port}" if origin == "same" else origin
    with connect(
        f"ws://127.0.0.1:{port}/_stcore/stream", origin=own, subprotocols=protocols, additional_headers=headers, max_size=None, open_timeout=60
    ) as socket:
        yield Visit(socket, cookies)


def put(port: int, path: str, content: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
    """One file as the frontend sends it; (status, body)."""
    boundary = "x" * 20
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="a.csv"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n'.encode()
    body = head + content + f"\r\n--{boundary}--\r\n".encode()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("PUT", path, body, {"Content-Type": f"multipart/form-data; boundary={boundary}", **headers})
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (BrokenPipeError, ConnectionResetError):  # refused before everything was sent
        return 0, b""
    finally:
        connection.close()
