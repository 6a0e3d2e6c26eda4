"""Texts of data in documents: one line, nothing unseen that steers what stands beside it, escaped where it becomes HTML."""

from __future__ import annotations

import html
import re

_PERCENT = re.compile(r"(?<=\d) (?=%|(?:k|M|bn)(?!\w))")  # a figure and its sign or unit stay on one line
_JOINERS = "\u200c\u200d"  # without which names in some scripts are misspelt


def one_line(text: object) -> str:
    """White space folded; control characters, marks of direction and lone surrogates are gone."""
    kept = (c if c.isprintable() or c in _JOINERS else " " if c.isspace() else "" for c in str(text))
    return _PERCENT.sub("\u00a0", " ".join("".join(kept).split(" ")).strip())


def lines(text: str) -> list[str]:
    """The lines of what somebody wrote, each as `one_line`; empty ones are left out."""
    return [line for raw in text.splitlines() if (line := one_line(raw))]


def escaped(text: object) -> str:
    """`one_line`, ready for HTML between tags and in attributes."""
    return html.escape(one_line(text), quote=True)
