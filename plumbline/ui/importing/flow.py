"""Where a viewer stands on the Import screen: files, mapping, check, import. One per session, in st.session_state."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import streamlit as st

from plumbline.errors import InputError, PlumblineError
from plumbline.importing import preview
from plumbline.importing.preview import Look
from plumbline.importing.run import Options, Result
from plumbline.ui.importing.inbox import Inbox
from plumbline.ui.importing.job import Job


@dataclass(frozen=True)
class Request:
    """What is to be imported, and how. `folder`: where the files lie (its path is not shown); `files`: those that may be read."""

    preset: str
    folder: Path
    files: tuple[Path, ...]
    options: Options
    is_uploaded: bool

    def signature(self, mapping: str) -> tuple:
        """Changes when anything does that a check was about."""
        stats = tuple((path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in self.files if path.exists())
        return (self.preset, str(self.folder), stats, repr(self.options), mapping if self.preset == "csv" else "")


@dataclass
class Flow:
    inbox: Inbox = field(default_factory=Inbox)
    nonce: int = 0
    mapping: str = ""
    mapping_version: int = 0
    guessed: set[str] = field(default_factory=set)
    job: Job | None = None
    checked: tuple[tuple, Result, dict[str, list[str]]] | None = None
    done: tuple[Result, int | None] | None = None
    went_back: str = ""
    refusal: PlumblineError | None = None
    looks: dict[tuple, Look | InputError] = field(default_factory=dict)
    request: Request | None = None

    def set_mapping(self, text: str) -> None:
        """Another text: the widgets of the form begin anew from it."""
        self.mapping = text
        self.mapping_version += 1

    def look(self, paths: tuple[Path, ...], encoding: str) -> dict[str, Look | InputError]:
        """The first look at each file, by name; each file is read once."""
        keys = {path: (str(path), path.stat().st_mtime_ns, path.stat().st_size, encoding) for path in paths}
        new = [path for path, key in keys.items() if key not in self.looks]
        if new:
            place = st.empty()

            def waiting(before: int) -> None:
                place.text(f"{before} other {'viewer looks' if before == 1 else 'viewers look'} at files first.")

            with st.spinner("Looking at the files"):
                for path, found in zip(new, preview.look(new, encoding, waiting=waiting), strict=True):
                    self.looks[keys[path]] = found
            place.empty()
        return {path.name: self.looks[key] for path, key in keys.items()}

    def start_over(self) -> None:
        """Forgets the files and what was found in them."""
        self.inbox.close()
        self.inbox = Inbox()
        self.nonce += 1
        self.mapping, self.checked, self.done, self.refusal, self.request, self.went_back = "", None, None, None, None, ""
        self.looks.clear()
        self.guessed.clear()


def current() -> Flow:
    if "import.flow" not in st.session_state or st.session_state["import.flow"].inbox.is_lost:
        st.session_state["import.flow"] = Flow()
    return st.session_state["import.flow"]
