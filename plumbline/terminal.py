"""Text of the data on a terminal: a file must not set the window's title, clear the screen, or turn what follows around.

Every line that the command line, the server's log or a child's log prints goes through `visible`.
"""

from __future__ import annotations

import re
from typing import TextIO

# C0 and DEL, C1, separators of lines and paragraphs, and what turns the direction of the text that follows (bidirectional controls).
_CONTROLS = "\x00-\x1f\x7f-\x9f\u061c\u2028\u2029\u202a-\u202e\u2066-\u2069"
_ANY = re.compile(f"[{_CONTROLS}]")
_ANY_BUT_LINES = re.compile(f"(?![\n\t])[{_CONTROLS}]")


def visible(text: str) -> str:
    """The text with every control character as \\x1b, or \\u202e where two digits do not hold it."""
    return _ANY.sub(_escaped, text)


def visible_json(text: str) -> str:
    """The same for a text that is JSON: what JSON itself leaves bare in its strings (DEL, C1, directions) as \\u009b, which reads back the same."""
    return _ANY.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"


class VisibleStream:
    """A stream of text lines (a log) that lets no control character through but line feeds and tabs."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        self._stream.write(_ANY_BUT_LINES.sub(_escaped, text))
        return len(text)

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)
