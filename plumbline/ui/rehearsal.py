"""Before the first visitor: every module loaded by one thread, every screen run once.

Several threads that import the same modules at once meet half-loaded ones (pandas and plotly import themselves in circles), and their
visitors an error.
"""

from __future__ import annotations

import asyncio
import pkgutil
import time
from contextlib import suppress
from importlib import import_module

from numba.core.registry import cpu_target
from PIL import Image
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime
from streamlit.runtime.session_manager import SessionClient

import plumbline

SCREENS = (
    "weekly", "quarterly", "funnel", "leads", "definition", "agreement", "leaks", "speed", "persistence", "sources", "accounts", "import",
)  # fmt: skip
_NOT_LOADED = ("plumbline.__main__", "plumbline.cli", "plumbline.server", "plumbline.sample")  # what no screen needs
# What plotly, streamlit, narwhals and pyarrow load when they first need it.
_OTHERS = (
    *("pandas", "pyarrow", "pyarrow.pandas_compat", "pyarrow.parquet", "pyarrow.vendored.version", "PIL.Image", "PIL.PngImagePlugin"),
    *("narwhals.stable.v1._namespace", "narwhals._namespace", "narwhals._interchange.dataframe", "narwhals._polars.dataframe"),
    *("plotly.graph_objs._figure", "plotly.graph_objs._deprecations", "plotly.io._json", "plotly.tools", "plotly.offline", "plotly.animation"),
    *("scipy.optimize", "packaging.tags", "streamlit.material_icon_names", "streamlit.components.v2.manifest_scanner"),
    *("streamlit.elements.arrow", "streamlit.elements.plotly_chart", "streamlit.dataframe_util", "streamlit.runtime.scriptrunner.magic_funcs"),
)


def load_modules() -> None:
    """Imports everything that a screen may need."""
    for found in pkgutil.walk_packages(plumbline.__path__, "plumbline."):
        if not found.name.startswith(_NOT_LOADED):
            import_module(found.name)
    for name in _OTHERS:
        with suppress(ImportError):
            import_module(name)
    Image.init()
    cpu_target.typing_context.refresh()
    cpu_target.target_context.refresh()
    for draws in ("bar", "scatter", "funnel"):
        import_module(f"plotly.graph_objs.{draws}")


class _Nobody(SessionClient):
    """A visitor without a browser, who only knows when the screen is done."""

    def __init__(self) -> None:
        self.is_done = asyncio.Event()

    def write_forward_msg(self, msg: ForwardMsg) -> None:
        if msg.WhichOneof("type") == "script_finished" and msg.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            self.is_done.set()

    @property
    def client_context(self) -> None:
        return None


async def rehearse(seconds: float) -> list[str]:
    """Runs each screen once, one after the other, until the time is over; the screens that ran. What they compile and read is there to stay."""
    until, ran = time.monotonic() + seconds, []
    for screen in SCREENS:
        left = until - time.monotonic()
        if left <= 0:
            break
        nobody = _Nobody()
        session_id = Runtime.instance().connect_session(client=nobody, user_info={})
        try:
            order = BackMsg()
            order.rerun_script.page_name = screen
            Runtime.instance().handle_backmsg(session_id, order)
            await asyncio.wait_for(nobody.is_done.wait(), left)
            ran.append(screen)
        except TimeoutError:
            break
        finally:
            Runtime.instance().close_session(session_id)
    return ran
