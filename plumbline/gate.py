"""The gate before Streamlit's routes: pages of other origins, sessions of others and uploads that nobody asked for do not pass.

Plain ASGI middleware. A session belongs to the visitor whose browser opened it: a cookie that no script can read says who that is.
"""

from __future__ import annotations

import json
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

UPLOADS = "/_stcore/upload_file/"
COOKIE = "plumbline_visitor"
_SAFE = ("GET", "HEAD", "OPTIONS")
_MOST_SESSIONS = 10_000  # whose visitors are remembered


class Sessions(Protocol):
    """What the gate asks of the sessions behind it."""

    def is_connected(self, session_id: str) -> bool: ...
    def has_uploader(self, session_id: str) -> bool: ...
    def parked_bytes(self) -> int: ...
    def free_parked(self) -> None: ...
    def is_order(self, message: bytes) -> bool: ...
    def session_told(self, message: bytes) -> tuple[bytes, str]: ...


def header(scope: Scope, name: str) -> str:
    """The value of a request's header, '' where it has none."""
    wanted = name.encode()
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == wanted), "")


def visitor(scope: Scope) -> str:
    """Who the browser says that it is; '' where it does not."""
    try:
        found = SimpleCookie(header(scope, "cookie")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


class OwnOrigin:
    """Lets no page of another origin open a websocket or change anything; the port counts. allowed: origins beside the server's own."""

    def __init__(self, app: App, allowed: Callable[[], Iterable[str]] = tuple) -> None:
        self.app, self.allowed = app, allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        changes = scope["type"] == "websocket" or (scope["type"] == "http" and scope["method"] not in _SAFE)
        if changes and (origin := header(scope, "origin")) and not self.is_own(origin, header(scope, "host")):
            await refuse(scope, send, 403, "This page is not Plumbline's")
            return
        await self.app(scope, receive, send)

    def is_own(self, origin: str, host: str) -> bool:
        try:
            place = urlsplit(origin).netloc.lower()
        except ValueError:
            return False
        return (bool(place) and place == host.lower()) or origin in self.allowed()


class VisitorCookie:
    """Gives each browser the cookie that says who it is, with the page and with the first sign that the server is well."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or visitor(scope):
            await self.app(scope, receive, send)
            return
        is_sign = scope["path"].endswith("/_stcore/health")
        secure = "; Secure" if scope.get("scheme") == "https" else ""

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                is_page = any(key.lower() == b"content-type" and value.startswith(b"text/html") for key, value in message["headers"])
                if is_page or is_sign:
                    cookie = f"{COOKIE}={secrets.token_urlsafe(24)}; Path=/; HttpOnly; SameSite=Lax{secure}"
                    message["headers"] = [*message["headers"], (b"set-cookie", cookie.encode())]
            await send(message)

        await self.app(scope, receive, send_with_cookie)


class OwnSessions:
    """Websockets: a session is taken up again only by the visitor who opened it, only orders of our screens reach it, and it says no path."""

    def __init__(self, app: App, sessions: Sessions, visitors: OrderedDict[str, str]) -> None:
        self.app, self.sessions, self.visitors = app, sessions, visitors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        who = visitor(scope)
        scope = {**scope, "headers": [self._own(key, value, who) for key, value in scope["headers"]]}

        async def receive_orders() -> Message:
            while True:
                message = await receive()
                told = message.get("bytes")
                if message["type"] != "websocket.receive" or not told or self.sessions.is_order(told):
                    return message

        async def send_without_paths(message: Message) -> None:
            if message["type"] == "websocket.send" and message.get("bytes"):
                told, session_id = self.sessions.session_told(message["bytes"])
                message = {**message, "bytes": told}
                if session_id:
                    self.visitors[session_id] = who
                    while len(self.visitors) > _MOST_SESSIONS:
                        self.visitors.popitem(last=False)
            await send(message)

        try:
            await self.app(scope, receive_orders, send_without_paths)
        finally:
            self.sessions.free_parked()

    def _own(self, key: bytes, value: bytes, who: str) -> tuple[bytes, bytes]:
        """The third of the protocols that a browser names is the session that it wants back."""
        if key != b"sec-websocket-protocol":
            return key, value
        names = value.decode("latin-1").split(",")
        if len(names) > 2 and not (who and self.visitors.get(names[2].strip()) == who):
            names = names[:2]
        return key, ",".join(names).encode("latin-1")


class Uploads:
    """Uploads pass for a session that this visitor has open and whose screen asks for files, within one sum for all sessions."""

    def __init__(self, app: App, sessions: Sessions, visitors: OrderedDict[str, str], most_bytes: int) -> None:
        self.app, self.sessions, self.visitors, self.most_bytes = app, sessions, visitors, most_bytes
        self._on_the_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(UPLOADS) or scope["method"] in _SAFE:
            await self.app(scope, receive, send)
            return
        session_id = unquote(scope["path"].removeprefix(UPLOADS).partition("/")[0])
        if not self.sessions.is_connected(session_id):  # Streamlit says so itself, before it reads a byte
            await self.app(scope, receive, send)
            return
        who = visitor(scope)
        if not who or self.visitors.get(session_id) != who:
            await refuse(scope, send, 403, "This session is another visitor's; load the page again")
            return
        if scope["method"] == "DELETE":
            await self.app(scope, receive, send)
            return
        if not self.sessions.has_uploader(session_id):
            await refuse(scope, send, 403, "No screen of this session asks for files")
            return
        told = header(scope, "content-length")
        if not (told.isascii() and told.isdigit() and len(told) < 16):
            await refuse(scope, send, 411, "An upload says how long it is")
            return
        size = int(told)
        if self.sessions.parked_bytes() + self._on_the_way + size > self.most_bytes:
            await refuse(scope, send, 503, "Others upload now; try again in a while")
            return
        self._on_the_way += size
        try:
            await self.app(scope, receive, send)
        finally:
            self._on_the_way -= size


async def refuse(scope: Scope, send: Send, status: int, words: str) -> None:
    """Answers without reading what was sent."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": words})
        return
    body = json.dumps({"detail": words}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
