"""A version of the agreement as a file: its kind by the end of its name."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

from plumbline.agreement.odcs import to_odcs
from plumbline.agreement.version import Version
from plumbline.errors import InputError
from plumbline.own_files import refuse_foreign_file, write_whole
from plumbline.reports.agreement_document import document
from plumbline.reports.agreement_docx import docx, is_ours
from plumbline.reports.agreement_html import MARK, page
from plumbline.state.audit import Act

YAML_MARK = "# Plumbline agreement"
KINDS = (".odcs.yaml", ".yaml", ".html", ".docx")  # the longest first


def export(version: Version, path: Path, today: date, audit_head: str, act: Act) -> int:
    """Writes the file, whole or not at all; gives its bytes. Raises InputError: of no kind, a foreign file lies there, not to be written."""
    kind = next((one for one in KINDS if path.name.lower().endswith(one)), None)
    if kind is None:
        raise InputError(f"{path.name[:60]!r} is no kind of file that an agreement is exported to", "--to", f"end the name in {', '.join(KINDS)}")
    path = Path(os.path.expanduser(path))
    marks = {".html": MARK, ".yaml": YAML_MARK, ".odcs.yaml": YAML_MARK}
    refuse_foreign_file(
        path,
        "--to",
        lambda head: is_ours(path) if kind == ".docx" else head.startswith(marks[kind]) if "yaml" in kind else marks[kind] in head,
    )
    data = content(version, kind, today, audit_head, act)
    write_whole(path, data, "--to")
    return len(data)


def content(version: Version, kind: str, today: date, audit_head: str, act: Act) -> bytes:
    """What such a file holds. kind: one of KINDS."""
    head = f"{YAML_MARK} {version.number}, {version.state(today)}, seal {version.seal}, head of the log of changes {audit_head}\n"
    if kind == ".yaml":
        return (head + version.yaml).encode()
    if kind == ".odcs.yaml":
        text = to_odcs(version.agreement(), f"plumbline-agreement-{version.number}", f"{version.number}.0.0", version.state(today), version.seal)
        return (head + text).encode()
    told = document(version, today, audit_head)
    return page(told).encode() if kind == ".html" else docx(told, act.at)
