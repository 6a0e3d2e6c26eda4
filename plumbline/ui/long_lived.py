"""What lives as long as the server is set aside from garbage collection: Streamlit collects after every run of a script, while the answer waits.

With plotly, polars and numba imported such a collection takes some 150 ms; with their objects set aside, a few.
"""

from __future__ import annotations

import gc
import threading

_lock = threading.Lock()
_done: set[str] = set()


def set_aside(screen: str) -> None:
    """After the first run of a screen in this process: its modules and caches are there to stay. Later calls for the same screen do nothing."""
    if screen in _done:
        return
    with _lock:
        if screen not in _done:
            _done.add(screen)
            gc.collect()  # what is garbage already is not to be kept
            gc.freeze()
