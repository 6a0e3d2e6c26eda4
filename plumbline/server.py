"""The app behind HTTP: Streamlit as an ASGI application inside a few pieces of plain ASGI middleware.

The middleware never buffers a response and passes websockets through, so streaming and the live connection stay as they are.
What Streamlit leaves open and this module closes: no security headers, an open metrics page, request bodies without a limit outside
of the upload route, frontend files sent uncompressed, a Host header that nobody checks (DNS rebinding). Sessions and uploads: gate.py.
"""

from __future__ import annotations

import base64
import errno
import functools
import gzip
import hashlib
import ipaddress
import mimetypes
import os
import re
import signal
import socket
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import brotli
import streamlit as st
import uvicorn
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config as streamlit_config
from streamlit import file_util
from streamlit.runtime.pages_manager import PagesManager
from streamlit.web import bootstrap

from plumbline.errors import SettingError
from plumbline.gate import OwnOrigin, OwnSessions, Uploads, VisitorCookie
from plumbline.settings import setting
from plumbline.ui import rehearsal, sessions

MIB = 1024 * 1024
MULTIPART_MARGIN = MIB  # boundaries and part headers around the file itself, as Streamlit allows
OTHER_BODY = 64 * 1024  # no other route takes a body of any size
UPLOAD_PREFIX = "/_stcore/upload_file/"
CLOSED_PREFIXES = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/script-health-check", "/component")
LOOPBACK_NAMES = ["localhost", "127.0.0.1", "::1", "[::1]"]
SHUTDOWN_SECONDS = 3
REHEARSAL_SECONDS = 8
APP_SCRIPT = Path(__file__).resolve().parents[1] / "app.py"
HEADING_FONT = Path(__file__).resolve().parent / "fonts" / "plumbline-serif.woff2"  # made by scripts/heading_font.py

FIXED_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Permissions-Policy": "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), magnetometer=(), "
    "microphone=(), midi=(), payment=(), serial=(), usb=()",
}


def options(host: str = "127.0.0.1", port: int = 8501) -> dict[str, object]:
    """Streamlit's options under `plumbline serve`. They win over .streamlit/config.toml, which keeps the theme."""
    return {
        "server.address": host,
        "server.port": port,
        "server.headless": True,
        "server.showEmailPrompt": False,
        "server.fileWatcherType": "none",
        "server.runOnSave": False,
        "server.enableCORS": True,
        "server.enableXsrfProtection": True,
        "server.enableStaticServing": False,
        "server.enableAgentApi": False,
        "server.maxUploadSize": int(setting("upload_mb")),
        "browser.gatherUsageStats": False,
        "client.toolbarMode": "minimal",
        "client.showErrorLinks": False,
        "client.disableDataExport": True,
    }


def content_security_policy(index_html: str) -> str:
    """The policy for Streamlit's frontend and Plotly's charts, as measured in Chromium: nothing is loaded from or sent to another host.

    The one inline script of the page is let through by its hash, so that no script in the data can run. `'self'` in connect-src covers
    the websocket of the same host. Neither eval nor WebAssembly is needed for what Plumbline shows: SVG traces of Plotly, tables, uploads.
    """
    hashes = [
        "'sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() + "'"
        for script in re.findall(r"<script>(.*?)</script>", index_html, flags=re.DOTALL)
    ]
    rules = {
        "default-src": "'self'",
        "script-src": " ".join(["'self'", *hashes]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "media-src": "'self' blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "worker-src": "'self' blob:",
        "frame-src": "'self'",
        "frame-ancestors": "'none'",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
    }
    return "; ".join(f"{name} {sources}" for name, sources in rules.items())


class SecurityHeaders:
    """Adds the headers to every HTTP response, errors and redirects included; closed paths answer 404."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str]) -> None:
        self.app, self.headers = app, headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self.headers)
            await send(message)

        if is_closed(scope["path"]):
            await PlainTextResponse("Not Found", status_code=404)(scope, receive, send_with_headers)
            return
        await self.app(scope, receive, send_with_headers)


def is_closed(path: str) -> bool:
    """Whether the path leads to an endpoint of Streamlit that Plumbline does not use."""
    return any(path == prefix or path.startswith(prefix + "/") for prefix in CLOSED_PREFIXES)


class BodyLimit:
    """Refuses with 413 a request body over the limit: by its Content-Length before a byte is read, a chunked one at the limit."""

    def __init__(self, app: ASGIApp, upload_bytes: int, other_bytes: int = OTHER_BODY) -> None:
        self.app = app
        self.upload_bytes, self.other_bytes = upload_bytes, other_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self.upload_bytes + MULTIPART_MARGIN if scope["path"].startswith(UPLOAD_PREFIX) else self.other_bytes
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isascii() and declared.isdigit() and int(declared) > limit:
            await PlainTextResponse("File too large", status_code=413)(scope, receive, send)
            return
        seen = 0

        async def limited_receive() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise HTTPException(status_code=413, detail="File too large")
            return message

        await self.app(scope, limited_receive, send)


class CompressedAssets:
    """Serves the frontend's files under /static/ compressed, each once and then from memory (at most about 7 MB for each encoding).

    Streamlit sends them uncompressed. Their names carry a hash of the content, so the answer may be kept by the browser for ever.
    """

    KINDS = (".js", ".css", ".svg", ".json")

    def __init__(self, app: ASGIApp, folder: Path) -> None:
        self.app = app
        self.files = {"/" + path.relative_to(folder).as_posix(): path for path in (folder / "static").rglob("*") if path.suffix in self.KINDS}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = self.files.get(scope["path"]) if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") else None
        headers = Headers(scope=scope) if path else {}
        accepted = {part.split(";")[0].strip() for part in headers.get("accept-encoding", "").split(",")}
        encoding = next((name for name in ENCODERS if name in accepted), None)
        if path is None or encoding is None or "range" in headers:
            await self.app(scope, receive, send)
            return
        response = Response(
            await run_in_threadpool(compressed, path, encoding),
            media_type="text/javascript" if path.suffix == ".js" else mimetypes.guess_type(path.name)[0],
            headers={"Cache-Control": "public, immutable, max-age=31536000", "Content-Encoding": encoding, "Vary": "Accept-Encoding"},
        )
        if scope["method"] == "HEAD":
            response.body = b""
        await response(scope, receive, send)


class HeadingFont:
    """Sends our small cut of Source Serif in place of Streamlit's file of 430 kB, under Streamlit's own address, so that its style sheet stays.

    The hash in that address is not of our file: browsers keep it for a week, not for ever. Where Streamlit names its
    file otherwise, it sends its own.
    """

    PLACE = re.compile(r"/static/media/SourceSerifVariable-Roman\.ttf\.[\w-]+\.woff2")

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and self.PLACE.fullmatch(scope["path"]):
            answer = FileResponse(HEADING_FONT, media_type="font/woff2", headers={"Cache-Control": "public, max-age=604800"})
            await answer(scope, receive, send)
        else:
            await self.app(scope, receive, send)


ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "br": functools.partial(brotli.compress, quality=5),  # 13 % smaller than gzip, 0.3 s for the largest file
    "gzip": functools.partial(gzip.compress, compresslevel=6, mtime=0),
}


@functools.cache
def compressed(path: Path, encoding: str) -> bytes:
    """The file's content in one of the ENCODERS, the same bytes every time."""
    return ENCODERS[encoding](path.read_bytes())


class OwnHosts(TrustedHostMiddleware):
    """Answers only to the names of `server.allowedHosts`; where none are set, a loopback address only to this machine's own names.

    A web page whose name is made to point at 127.0.0.1 (DNS rebinding) thus gets no answer. Made when the server starts, not with the app,
    because Streamlit's options are known only then.
    """

    def __init__(self, app: ASGIApp) -> None:
        named = list(streamlit_config.get_option("server.allowedHosts"))
        own = LOOPBACK_NAMES if is_loopback(str(streamlit_config.get_option("server.address") or "")) else ["*"]
        super().__init__(app, allowed_hosts=named or own, www_redirect=False)


def is_loopback(host: str) -> bool:
    """Whether the address is reached from this machine alone."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def allowed_origins() -> list[str]:
    """Origins beside the server's own that Streamlit's options name."""
    return list(streamlit_config.get_option("server.corsAllowedOrigins"))


def make_app(script: Path, ready: Callable[[], None] = lambda: None) -> st.App:
    """The ASGI application around a Streamlit script. One per process: Streamlit keeps its options and its runtime per process.

    ready: called when everything is loaded, before the first request is answered.
    """
    visitors: OrderedDict[str, str] = OrderedDict()
    static = Path(file_util.get_static_dir())
    headers = {**FIXED_HEADERS, "Content-Security-Policy": content_security_policy((static / "index.html").read_text(encoding="utf-8"))}

    def internal_error(request: Request, error: Exception) -> Response:
        return PlainTextResponse("Internal Server Error", status_code=500, headers=headers)

    @asynccontextmanager
    async def lifespan(_: st.App) -> AsyncIterator[None]:
        if script == APP_SCRIPT:
            rehearsal.load_modules()
            await rehearsal.rehearse(REHEARSAL_SECONDS)
        ready()
        yield

    return st.App(
        script.resolve(),
        lifespan=lifespan,
        middleware=[
            Middleware(SecurityHeaders, headers=headers),
            Middleware(OwnHosts),
            Middleware(OwnOrigin, allowed=allowed_origins),
            Middleware(BodyLimit, upload_bytes=int(setting("upload_mb")) * MIB),
            Middleware(VisitorCookie),
            Middleware(Uploads, sessions=sessions, visitors=visitors, most_bytes=int(setting("uploads_memory_mb")) * MIB),
            Middleware(OwnSessions, sessions=sessions, visitors=visitors),
            Middleware(HeadingFont),
            Middleware(CompressedAssets, folder=static),
            Middleware(GZipMiddleware, minimum_size=1000, compresslevel=5),
        ],
        exception_handlers={Exception: internal_error},
    )


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on the address, or a refusal in one line. Port 0 takes a free one."""
    if not 0 <= port <= 65535:
        raise SettingError(f"{port} is not a port", "--port", "choose one from 1024 to 65535")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError:
        raise SettingError(f"{host!r} is not an address of this machine", "--host", "use 127.0.0.1 for this machine alone") from None
    listener = socket.socket(family, kind, protocol)
    try:
        if os.name != "nt":  # on Windows the option lets two programs listen on one port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise SettingError(f"port {port} is taken", to_do="stop the other program or choose one with --port") from None
        if error.errno == errno.EACCES:
            raise SettingError(f"port {port} is not free to this user", to_do="choose one above 1023 with --port") from None
        raise SettingError(f"{host!r} is not an address of this machine", "--host", "use 127.0.0.1 for this machine alone") from None
    return listener


def serve(host: str = "127.0.0.1", port: int = 8501, history: Path | None = None, script: Path = APP_SCRIPT) -> None:
    """Serve the app until Ctrl-C or SIGTERM. Raises SettingError when the address cannot be had.

    The history reaches the app through the environment variable PLUMBLINE_HISTORY.
    """
    listener = listen(host, port)
    port = listener.getsockname()[1]
    if history is not None:
        os.environ["PLUMBLINE_HISTORY"] = str(history.expanduser().absolute())  # not resolved: the link moves with each import
    name = f"[{host}]" if ":" in host else host

    def ready() -> None:
        print(f"Plumbline is at {'https' if server.config.is_ssl else 'http'}://{name}:{port} (Ctrl-C ends it)", flush=True)

    app = make_app(script, ready)
    # The mere presence of pages/ makes Streamlit run the very first visit in its older mode, where a deep link is not found.
    PagesManager.uses_pages_directory = False
    bootstrap.load_config_options(options(host, port))
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            ws="websockets-sansio",
            ws_max_size=int(streamlit_config.get_option("server.maxMessageSize")) * MIB,
            ws_ping_interval=30,
            ws_ping_timeout=30,
            ssl_certfile=streamlit_config.get_option("server.sslCertFile"),
            ssl_keyfile=streamlit_config.get_option("server.sslKeyFile"),
            timeout_graceful_shutdown=SHUTDOWN_SECONDS,
            log_level="warning",
            access_log=False,
            server_header=False,
        )
    )
    # uvicorn ends in good order on either signal and then raises it once more, for whoever called: here that is the end of the command.
    previous = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        pass
    finally:
        signal.signal(signal.SIGTERM, previous)
        listener.close()
    if not server.started:
        raise SettingError("the server did not start", to_do="read the lines above")
