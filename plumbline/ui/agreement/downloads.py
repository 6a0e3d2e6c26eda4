"""A version as files: the document to read and to print, the text that is read again, the data contract. Made when they are asked for."""

from __future__ import annotations

import re

import streamlit as st

from plumbline.agreement.version import Version
from plumbline.people import acting
from plumbline.reports import agreement_files as files
from plumbline.state import audit
from plumbline.state.opening import reading
from plumbline.ui import clock

_LABELS = {
    ".html": ("The document (HTML)", "text/html"),
    ".docx": ("The document (Word)", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ".yaml": ("As text (YAML)", "text/yaml"),
    ".odcs.yaml": ("Data contract", "text/yaml"),
}


def show(version: Version) -> None:
    """A line of buttons."""
    with st.container(horizontal=True, gap="small", key="agreement-files"):
        for kind, (label, mime) in _LABELS.items():
            st.download_button(
                label,
                lambda kind=kind: content(version, kind),
                f"{stem(version)}{kind}",
                mime,
                key=f"agreement.file{kind}",
                on_click="ignore",
                type="tertiary",
                icon=":material/download:",
            )


def content(version: Version, kind: str) -> bytes:
    """The file, with the head of the log of changes as it is now. Raises StateError."""
    with reading() as connection:
        head = audit.head(connection)
    return files.content(version, kind, clock.today(), head, acting(at=clock.now()))


def stem(version: Version) -> str:
    """'agreement-1-Q1-2027': a name that every file system takes."""
    name = re.sub(r"[^\w]+", "-", version.name).strip("-_")[:40]
    return f"agreement-{version.number}" + (f"-{name}" if name else "")
