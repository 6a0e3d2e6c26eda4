"""An import or a check in a thread of its own, so that the screen can say how far it is and end it."""

from __future__ import annotations

import logging
import threading
from datetime import datetime
from pathlib import Path

from plumbline.errors import PlumblineError
from plumbline.importing.run import Options, Result, import_files

_LOG = logging.getLogger(__name__)


class CancelledError(PlumblineError):
    """The viewer ended it."""


class Job:
    """One run of import_files. When `is_running` is False, either `result` or `refusal` is there.

    Cancelling takes hold when the reading process next reports, a few times per file; then that process is ended and nothing has changed.
    """

    def __init__(self, preset: str, paths: list[Path], history: Path, options: Options, now: datetime, signature: object = None) -> None:
        self.preset, self.paths, self.history, self.options, self.now, self.signature = preset, paths, history, options, now, signature
        self.step, self.share = "starting", 0.0
        self.result: Result | None = None
        self.refusal: PlumblineError | None = None
        self._cancel = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="plumbline-import")

    def start(self) -> Job:
        self._thread.start()
        return self

    @property
    def is_running(self) -> bool:
        return self._thread.is_alive()

    @property
    def is_cancelling(self) -> bool:
        return self._cancel.is_set()

    def cancel(self) -> None:
        self._cancel.set()

    def wait(self, seconds: float) -> None:
        self._thread.join(seconds)

    def _progress(self, step: str, share: float) -> None:
        if self._cancel.is_set():
            raise CancelledError("cancelled", "", "nothing was changed")
        self.step, self.share = step, min(1.0, max(0.0, share))

    def _run(self) -> None:
        try:
            self.result = import_files(self.preset, self.paths, self.history, self.options, self._progress, self.now)
        except PlumblineError as refusal:
            self.refusal = refusal
        except Exception as defect:
            _LOG.exception("an import failed in a way that nobody foresaw")
            self.refusal = PlumblineError(
                "a defect of Plumbline ended it", type(defect).__name__, "nothing was changed; report it with the server's log"
            )
